/** Verdicts as an administrator may see them: nothing about fields that their role may not read. */
import type { Requester, Row } from '../../strapi/permissions/permissions.service';
import type { Reading } from '../../strapi/permissions/reading.service';
import type { CommandResult, RefusalDetails } from '../../contract/document';
import type { Verdict } from '../../contract/verdict';
import type { Schemas } from '../../strapi/model/schema.service';
import { errors } from '../../strapi/error-classes';
import { refused } from '../command/refusal';
import { withoutHiddenFields, judge } from '../validation/judgement';

type Options = { schemas: Schemas; reading: Reading };
/** The documents that were judged; all of them decide what may be seen of a refusal. */
type Subject = { uid: string; entities: readonly Row[] };
type Filter = (verdicts: readonly Verdict[]) => Verdict[];

const isRefusal = (error: unknown): error is Error & { details: RefusalDetails } =>
  error instanceof errors.ValidationError &&
  Array.isArray((error.details as Partial<RefusalDetails> | undefined)?.verdicts);

export const createShownVerdicts = ({ schemas, reading }: Options) => {
  /** The fields that may be read of each of the documents. */
  const readableIn = async ({ uid, entities }: Subject, requester: Requester) => {
    const by = reading.by(requester);
    const [first, ...others] = await Promise.all(
      entities.map((entity) => by.readableFields(uid, entity)),
    );
    const isInAll = (name: string) => others.every((fields) => fields.has(name));
    return new Set([...(first ?? [])].filter(isInAll));
  };

  /** What the administrator may see of any verdicts on these documents. */
  const filterFor = async (subject: Subject, requester: Requester): Promise<Filter> => {
    const names = Object.keys(schemas.watched(subject.uid)?.model.attributes ?? {});
    const readable = await readableIn(subject, requester);
    const isRestricted = names.some((name) => !readable.has(name));
    return (verdicts) =>
      isRestricted ? verdicts.map((one) => withoutHiddenFields(one, readable)) : [...verdicts];
  };

  /** A refusal as the administrator may see it; any other error as it is. */
  const shownError = async (
    error: unknown,
    subject: Subject,
    requester: Requester,
  ): Promise<unknown> => {
    if (!isRefusal(error)) return error;
    const { verdicts } = error.details;
    const visible = (await filterFor(subject, requester))(verdicts);
    const isWhole = visible.every((verdict, index) => verdict === verdicts[index]);
    return isWhole ? error : refused({ verdicts: visible, ...judge(visible) });
  };

  const shownResult = async (
    result: CommandResult,
    subject: Subject,
    requester: Requester,
  ): Promise<CommandResult> => {
    const verdicts = (await filterFor(subject, requester))(result.verdicts);
    return { ...result, verdicts, warnings: judge(verdicts).warnings };
  };

  return { filterFor, shownError, shownResult };
};

export type ShownVerdicts = ReturnType<typeof createShownVerdicts>;
