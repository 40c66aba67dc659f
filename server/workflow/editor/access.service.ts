/** Checks what an administrator may do with a document and may see of its verdicts, by the content manager's permissions. */
import type { CommandResult, RefusalDetails, Verdict } from '../../contract/document';
import { PLUGIN_ID } from '../../contract/names';
import type { WorkflowCommand } from '../../contract/workflow';
import { rowsOf } from '../../strapi/database.service';
import { errors, forbidden, notFound } from '../../strapi/errors';
import { hasDraftAndPublish, type Place } from '../../strapi/model/content-model';
import type { Schemas } from '../../strapi/model/schema.service';
import {
  createPermissions,
  type Action,
  type Requester,
  type Row,
} from '../../strapi/permissions/permissions.service';
import type { Reading } from '../../strapi/permissions/reading.service';
import { refusedByValidation } from '../command/refusal';
import type { Flow } from '../definition/flow';
import { judge, withoutHiddenFields } from '../validation/judgement';
import type { CommandParts } from '../workflow.service';

const SUPER_ADMIN = 'strapi-super-admin';

/** The commands of the publication workflow, which need the permission of the same name. */
const PUBLICATION_COMMANDS = ['publish', 'unpublish', 'discard'] as const;
type PublicationCommand = (typeof PUBLICATION_COMMANDS)[number];

type CheckedAction = Exclude<Action, 'create'>;
type Target = { uid: string; entity?: Row | undefined };

export function createAccess({ strapi, schemas, flows }: CommandParts) {
  const permissions = createPermissions(strapi);
  const { checkerOf } = permissions;

  /** Loads what the conditions of the permissions need. */
  async function entityOf(place: Place, requester: Requester): Promise<Row | null> {
    const { uid, documentId, locale } = place;
    const model = schemas.watched(uid)?.model;
    const populate = await permissions.conditionsOf(uid, requester, ['read', 'update', 'publish']);
    return rowsOf<Row>(strapi, uid).findOne({
      where: {
        documentId,
        ...(locale === null ? {} : { locale }),
        ...(model && hasDraftAndPublish(model) ? { publishedAt: null } : {}),
      },
      ...(populate ? { populate } : {}),
    });
  }

  /** Without an entity: whether they may do so with any document of the type. */
  function may({ uid, entity }: Target, action: Action, requester: Requester): boolean {
    if (schemas.watched(uid) === null) return false;
    // A copy: Strapi marks the object that it checks.
    return checkerOf(uid, requester).can[action](entity && { ...entity });
  }

  function checkMay(target: Target, action: CheckedAction, requester: Requester): void {
    if (!may(target, action, requester)) throw forbidden(`may-not-${action}`);
  }

  /** Throws if they may do so with no document of this type. */
  function checkType(uid: string, action: CheckedAction, requester: Requester): void {
    if (!schemas.watched(uid)) throw notFound('content type');
    checkMay({ uid }, action, requester);
  }

  /** Throws if they may not, or if there is no such document. */
  async function check(place: Place, action: CheckedAction, requester: Requester): Promise<Row> {
    const { uid } = place;
    checkType(uid, action, requester);
    const entity = await entityOf(place, requester);
    if (!entity) throw notFound('document');
    checkMay({ uid, entity }, action, requester);
    return entity;
  }

  /** Whether they may do with a document what a command of the publication workflow does. */
  async function mayPublication(
    place: Place,
    command: PublicationCommand,
    requester: Requester,
  ): Promise<boolean> {
    const entity = (await entityOf(place, requester)) ?? undefined;
    return may({ uid: place.uid, entity }, command, requester);
  }

  /** Every command needs the permission to edit; one of the publication workflow also needs that of its action. */
  async function checkRun(place: Place, command: string, requester: Requester): Promise<Row> {
    const entity = await check(place, 'update', requester);
    const flow = await flows.flowOf(place.uid);
    const action = PUBLICATION_COMMANDS.find((one) => one === command);
    if (flow?.kind === 'publication' && action)
      checkMay({ uid: place.uid, entity }, action, requester);
    return entity;
  }

  /**
   * The values of a form that the content manager saves before it publishes: the fields that they may edit. Null if they
   * may not edit the document: it then publishes the stored draft. A new document has an empty `documentId`.
   */
  async function savable(place: Place, form: Row, requester: Requester): Promise<Row | null> {
    const checker = checkerOf(place.uid, requester);
    const entity = await entityOf(place, requester);
    if (!entity) return checker.can.create() ? checker.sanitizeCreateInput(form) : null;
    return checker.can.update(entity) ? checker.sanitizeUpdateInput(entity)(form) : null;
  }

  const mayRun =
    (uid: string, requester: Requester, { entity }: { entity?: Row } = {}) =>
    (command: WorkflowCommand, flow: Flow): boolean =>
      flow.kind === 'publication'
        ? may({ uid, entity }, command.key as PublicationCommand, requester)
        : may({ uid, entity }, 'update', requester) && hasRole(command, requester);

  /** Also needs the permission to publish: a bypass goes past the workflow, not past Strapi. */
  function mayBypass(
    uid: string,
    requester: Requester,
    { entity }: { entity?: Row } = {},
  ): boolean {
    return (
      may({ uid, entity }, 'publish', requester) &&
      requester.userAbility.can(`plugin::${PLUGIN_ID}.workflow.bypass`)
    );
  }

  return { check, checkRun, checkType, savable, mayPublication, mayRun, mayBypass };
}

export type Access = ReturnType<typeof createAccess>;

function hasRole({ roles }: WorkflowCommand, { user }: Requester): boolean {
  const own = user?.roles ?? [];
  if (roles.length === 0 || own.some(({ code }) => code === SUPER_ADMIN)) return true;
  return own.some(({ id }) => roles.includes(id));
}

/** The documents that were judged; an administrator must be allowed to read a field of all of them. */
type Subject = { uid: string; entities: readonly Row[] };
type VerdictFilter = (verdicts: readonly Verdict[]) => Verdict[];

/** Hides from an administrator what verdicts say about fields that their role may not read. */
export function createShownVerdicts({ schemas, reading }: { schemas: Schemas; reading: Reading }) {
  async function filterFor(
    { uid, entities }: Subject,
    requester: Requester,
  ): Promise<VerdictFilter> {
    const by = reading.by(requester);
    const [first, ...others] = await Promise.all(
      entities.map((entity) => by.readableFields(uid, entity)),
    );
    const inAll = [...(first ?? [])].filter((name) => others.every((one) => one.has(name)));
    const readable = new Set(inAll);
    const names = Object.keys(schemas.watched(uid)?.model.attributes ?? {});
    const isRestricted = names.some((name) => !readable.has(name));
    return (verdicts) =>
      isRestricted ? verdicts.map((one) => withoutHiddenFields(one, readable)) : [...verdicts];
  }

  /** A refusal as the administrator may see it; any other error unchanged. */
  async function shownError(
    error: unknown,
    subject: Subject,
    requester: Requester,
  ): Promise<unknown> {
    if (!isRefusal(error)) return error;
    const { verdicts } = error.details;
    const visible = (await filterFor(subject, requester))(verdicts);
    const isWhole = visible.every((verdict, index) => verdict === verdicts[index]);
    return isWhole ? error : refusedByValidation({ verdicts: visible, ...judge(visible) });
  }

  async function shownResult(
    result: CommandResult,
    subject: Subject,
    requester: Requester,
  ): Promise<CommandResult> {
    const verdicts = (await filterFor(subject, requester))(result.verdicts);
    return { ...result, verdicts, warnings: judge(verdicts).warnings };
  }

  return { filterFor, shownError, shownResult };
}

export type ShownVerdicts = ReturnType<typeof createShownVerdicts>;

function isRefusal(error: unknown): error is Error & { details: RefusalDetails } {
  return (
    error instanceof errors.ValidationError &&
    Array.isArray((error.details as Partial<RefusalDetails> | undefined)?.verdicts)
  );
}
