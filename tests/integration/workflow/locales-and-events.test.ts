/** Each locale has its own state; moves are sent in every format; lists show and find states. */
import { XMLParser } from 'fast-xml-parser';
import type { DocumentStates } from '../../../server/contract/document';
import { guidOf } from '../../../server/send/formats/sitecore/values';
import type { WebhookInput } from '../../../server/contract/webhook';
import type { Workflow } from '../../../server/contract/workflow';
import { SUPER_ADMIN } from '../../support/strapi';
import { ARTICLE, HOMEPAGE, no, PAGE, Scene, YES, type Place } from './scene';

let scene: Scene;
let workflow: Workflow;

beforeAll(async () => {
  scene = await Scene.start();
});
afterAll(() => scene?.stop());
beforeEach(async () => {
  workflow = await scene.makeWorkflow({ contentTypes: [PAGE, ARTICLE, HOMEPAGE] });
});
afterEach(() => scene.clear());

const article = async (locales: string[], data: object = {}) => {
  const [first, ...rest] = locales;
  const documentId = await scene.draft({ title: `Title ${first}`, ...data }, ARTICLE, first);
  for (const locale of rest)
    await scene.edit({ uid: ARTICLE, documentId, locale }, { title: `Title ${locale}` });
  return {
    documentId,
    in: (locale: string): Place => ({ uid: ARTICLE, documentId, locale }),
  };
};

const publish = ({ uid = PAGE, documentId, locale }: Place): Promise<string> =>
  scene.app
    .run(
      async (strapi, { uid: type, ...params }) => {
        await strapi.documents(type).publish(params);
        return '';
      },
      { uid, documentId, ...(locale ? { locale } : {}) },
    )
    .catch((error: Error) => error.message);

describe('Each locale', () => {
  test('has a state, a history and a publication of its own', async () => {
    const one = await article(['en', 'fr', 'de']);
    await scene.runAll(one.in('fr'), 'submit', 'approve', 'publish');
    await scene.runAll(one.in('en'), 'submit');
    expect([
      await scene.state(one.in('en')),
      await scene.state(one.in('fr')),
      await scene.state(one.in('de')),
    ]).toEqual(['review', 'published', 'draft']);
    expect(await scene.published(one.in('fr'))).toBe('Title fr');
    expect(await scene.published(one.in('en'))).toBeNull();
    expect((await scene.view(one.in('de'))).history).toEqual([]);
    // Without a locale, the command means the default locale.
    expect(await scene.state({ uid: ARTICLE, documentId: one.documentId })).toBe('review');
    expect(await publish(one.in('*'))).toMatch(
      /"Title en" \(en\) cannot be published: .*"In review"/,
    );
    expect(await publish(one.in('de'))).toMatch(/"Title de" \(de\) cannot be published/);
  });

  test('keeps its approval when another is edited, but not when what they share is', async () => {
    const one = await article(['en', 'fr'], { views: 1 });
    await scene.runAll(one.in('fr'), 'submit', 'approve');
    await scene.edit(one.in('en'), { title: 'Title en, edited' });
    expect(await scene.state(one.in('fr'))).toBe('approved');
    await scene.edit(one.in('en'), { views: 2 });
    expect(await scene.state(one.in('fr'))).toBe('draft');
    expect((await scene.view(one.in('fr'))).history[0]).toMatchObject({
      outcome: 'reset',
      from: 'approved',
      to: 'draft',
      actor: { type: 'system' },
    });
    expect(await publish(one.in('fr'))).toMatch(/cannot be published/);
  });

  test('that is deleted takes only its own state along', async () => {
    const one = await article(['en', 'fr']);
    await scene.runAll(one.in('en'), 'submit');
    await scene.runAll(one.in('fr'), 'submit', 'approve');
    const path = `/content-manager/collection-types/${ARTICLE}/${one.documentId}?locale=fr`;
    expect((await scene.app.request('DELETE', path)).status).toBe(200);
    expect(await scene.state(one.in('en'))).toBe('review');
    await scene.edit(one.in('fr'), { title: 'Anew' });
    expect(await scene.view(one.in('fr'))).toMatchObject({ state: { key: 'draft' }, history: [] });
  });
});

describe('A single type', () => {
  test('is moved, held back and published like any document', async () => {
    const cm = `/content-manager/single-types/${HOMEPAGE}`;
    await scene.app.request('PUT', cm, { title: 'Home' });
    const { body } = await scene.app.request('GET', cm);
    const place = { uid: HOMEPAGE, documentId: body.data.documentId };
    const held = await scene.app.request('POST', `${cm}/actions/publish`, { title: 'Home' });
    expect(held.body.error.message).toMatch(/"Home" cannot be published.*Run "Submit"/);
    await scene.runAll(place, 'submit', 'approve');
    expect(
      (await scene.app.request('POST', `${cm}/actions/publish`, { title: 'Home' })).status,
    ).toBe(200);
    await scene.app.request('PUT', cm, { title: 'Home, edited' });
    expect(await scene.state(place)).toBe('draft');
    await scene.app.request('POST', `${cm}/actions/discard`, {});
    expect(await scene.state(place)).toBe('approved');
    expect(await scene.published(place)).toBe('Home');
  });
});

describe('An event webhook', () => {
  test('is notified of moves, of edits that undo an approval, and of refusals', async () => {
    await scene.validation(workflow.id, 'publish');
    scene.receiver.on('/check').answer(no('Not yet.'));
    const webhook = await scene.stage.makeWebhook({
      path: '/events',
      events: ['workflow.*'],
      contentTypes: [PAGE],
    });
    const documentId = await scene.draft({ title: 'Moving' });
    await scene.runAll({ documentId }, 'submit', 'approve');
    await scene.run({ documentId }, 'publish');
    await scene.edit({ documentId }, { title: 'Moving on' });
    const { documentId: elsewhere } = await article(['en']);
    await scene.runAll({ uid: ARTICLE, documentId: elsewhere }, 'submit');
    await scene.stage.finished(webhook);
    const moves = (await scene.receiver.waitFor(4, { path: '/events' })).map(({ body }) => {
      const { type, data } = JSON.parse(body);
      return [type, data.command?.key ?? null, data.from.key, data.to.key, data.actor.type];
    });
    expect(moves.sort()).toEqual(
      [
        ['workflow.transition', 'submit', 'draft', 'review', 'admin'],
        ['workflow.transition', 'approve', 'review', 'approved', 'admin'],
        ['workflow.refused', 'publish', 'approved', 'published', 'admin'],
        ['workflow.transition', null, 'approved', 'draft', 'system'],
      ].sort(),
    );
  });

  test('and a submit webhook, get only what passes their filters', async () => {
    const filter = { field: 'entry.title', op: 'startsWith', value: 'News' } as const;
    const events = await scene.stage.makeWebhook({
      path: '/events',
      events: ['workflow.transition'],
      contentTypes: [],
      filter,
    });
    const submit = await scene.submit(
      workflow.id,
      { state: 'review' },
      { filter, locales: ['en'] },
    );
    for (const title of ['Olds', 'News'])
      await scene.runAll({ documentId: await scene.draft({ title }) }, 'submit');
    const { documentId } = await article(['fr'], { title: 'News, en français' });
    await scene.runAll({ uid: ARTICLE, documentId, locale: 'fr' }, 'submit');
    expect(await scene.stage.finished(events)).toHaveLength(2);
    expect(await scene.stage.finished(submit)).toHaveLength(1);
  });

  test('of the initial state is notified of documents that return to it', async () => {
    const webhook = await scene.submit(workflow.id, { state: 'draft' });
    const documentId = await scene.draft();
    await scene.runAll({ documentId }, 'submit', 'reject', 'submit', 'approve');
    await scene.edit({ documentId }, { title: 'Edited' });
    expect(await scene.stage.finished(webhook)).toHaveLength(2);
  });
});

describe('Over the wire', () => {
  const parser = new XMLParser({ parseTagValue: false });
  const bodyOf = async (path: string, serialization: 'json' | 'xml') => {
    const [request] = await scene.receiver.waitFor(1, { path });
    expect(request?.headers['content-type']).toMatch(
      serialization === 'xml' ? /application\/xml/ : /application\/json/,
    );
    const text = request?.body ?? '';
    return serialization === 'xml' ? parser.parse(text).event : JSON.parse(text);
  };

  const WIRES = (['standard', 'sitecore'] as const).flatMap((format) =>
    (['json', 'xml'] as const).map((serialization) => ({ format, serialization })),
  );

  test.each(WIRES)('a move is sent and validated as $format in $serialization', async (wire) => {
    const wish: Partial<WebhookInput> = wire;
    await scene.validation(workflow.id, 'submit', wish);
    await scene.submit(workflow.id, { state: 'review' }, { ...wish, path: '/state' });
    await scene.submit(workflow.id, { command: 'submit' }, { ...wish, path: '/command' });
    scene.receiver.on('/check').answer(YES);
    const documentId = await scene.draft({ title: 'A <page> & more' });
    const answer = await scene.run({ documentId }, 'submit', { comment: 'Please "look".' });
    expect(answer.status).toBe(200);
    const { serialization } = wire;
    const [asked, onState, onCommand] = [
      await bodyOf('/check', serialization),
      await bodyOf('/state', serialization),
      await bodyOf('/command', serialization),
    ];
    const isXml = serialization === 'xml';
    if (wire.format === 'standard') {
      const common = {
        documentId,
        entry: { title: 'A <page> & more' },
        workflow: { id: workflow.id, name: 'Approval' },
        command: { key: 'submit', name: 'Submit' },
        from: { key: 'draft', name: 'Draft', final: isXml ? 'false' : false },
        to: { key: 'review', name: 'In review', final: isXml ? 'false' : false },
        comment: 'Please "look".',
      };
      expect(asked).toMatchObject({ type: 'workflow.validation', data: common });
      expect(onState).toMatchObject({ type: 'workflow.transition', data: common });
      expect(onCommand).toMatchObject({ type: 'workflow.transition', data: common });
      return;
    }
    const comment = { Key: 'Comments', Value: 'Please "look".' };
    const state = (name: string) => ({ DisplayName: name, FinalState: isXml ? 'false' : false });
    const common = {
      ActionName: expect.any(String),
      Comments: isXml ? comment : [comment],
      DataItem: { Name: 'A <page> & more', TemplateName: 'Page' },
      PreviousState: state('Draft'),
      UserName: SUPER_ADMIN.email,
      WorkflowName: 'Approval',
    };
    const next = state('In review');
    expect(asked).toMatchObject({ ...common, NextState: next });
    // A state that is entered has no next state: Sitecore writes null, and XML an empty element.
    expect(onState).toMatchObject({ ...common, NextState: isXml ? '' : null });
    expect(onCommand).toMatchObject({ ...common, NextState: next });
    for (const body of [asked, onState, onCommand]) expect(body).not.toHaveProperty('EventName');
  });
});

describe('The format sitecore', () => {
  const valuesOf = (item: any) =>
    Object.fromEntries(
      [...item.SharedFields, ...item.VersionedFields].map(({ FieldName, Value }) => [
        FieldName,
        Value,
      ]),
    );
  const stateId = (state: string) => `{${guidOf('state', workflow.id, state).toUpperCase()}}`;
  const pages = `/content-manager/collection-types/${PAGE}`;

  test('names the state, the account, the language and the dates of a document in its items', async () => {
    const wish = { events: ['entry.*'], contentTypes: [PAGE] };
    await scene.stage.makeWebhook({ path: '/items', ...wish, format: 'sitecore' });
    await scene.stage.makeWebhook({ path: '/plain', ...wish });
    const { body } = await scene.app.request('POST', pages, { title: 'New', path: '/new' });
    const { documentId } = body.data;
    await scene.runAll({ documentId }, 'submit', 'approve');
    await scene.app.request('PUT', `${pages}/${documentId}`, { title: 'Edited', path: '/new' });
    await scene.runAll({ documentId }, 'submit');
    await scene.app.contentApi('PUT', `/pages/${documentId}?status=draft`, {
      data: { title: 'Imported' },
    });
    await scene.app.request('DELETE', `${pages}/${documentId}`);

    const items = (await scene.receiver.waitFor(4, { path: '/items' })).map(({ body: text }) =>
      JSON.parse(text),
    );
    const byEvent = items
      .sort((one, other) => one.Time.localeCompare(other.Time))
      .map(({ EventName, Item }) => {
        const values = valuesOf(Item);
        return [EventName, values.title, values['__Workflow state'], values['__Updated by']];
      });
    expect(byEvent).toEqual([
      ['item:added', 'New', stateId('draft'), SUPER_ADMIN.email],
      // The edit takes the approval back: the event says what the save made of the state.
      ['item:saved', 'Edited', stateId('draft'), SUPER_ADMIN.email],
      ['item:saved', 'Imported', stateId('review'), expect.stringMatching(/^api-token\\./)],
      ['item:deleted', 'Imported', stateId('review'), SUPER_ADMIN.email],
    ]);
    for (const { Item } of items) {
      const values = valuesOf(Item);
      expect(Item.Language).toBe('en');
      for (const name of ['__Created', '__Updated', 'createdAt', 'updatedAt'])
        expect(values[name]).toMatch(/^20\d{6}T\d{6}Z$/);
      expect(values.__Created).toBe(values.createdAt);
    }
    // No other format tells an administrator's e-mail address.
    const plain = await scene.receiver.waitFor(4, { path: '/plain' });
    expect(plain.map(({ body: text }) => text).join()).not.toContain(SUPER_ADMIN.email);
  });

  test('never shows the e-mail address of an administrator in a sample', async () => {
    const input = { name: 'Sample', events: ['entry.publish'], format: 'sitecore' };
    const preview = await scene.stage.api<{ body: string }>('POST', '/webhooks/preview', input);
    expect(JSON.parse(preview.body).PublisherOptions.UserName).toBe(
      'sample.administrator@example.com',
    );
    expect(preview.body).not.toContain(SUPER_ADMIN.email);
  });
});

describe('The list of the Content Manager', () => {
  const list = async (query: string, uid = PAGE) => {
    const path = `/content-manager/collection-types/${uid}?${query}`;
    const { body } = await scene.app.request('GET', path);
    return {
      ids: body.results.map(({ documentId }: { documentId: string }) => documentId) as string[],
      total: body.pagination.total as number,
    };
  };
  const find = (state: string, more = '') =>
    `workflowState=${state}&filters[path][$eq]=/list${more}`;
  const page = () => scene.draft({ path: '/list' });

  test('is narrowed to a state, page by page, and back to all', async () => {
    const ids: string[] = [];
    while (ids.length < 5) ids.push(await page());
    const [untouched = '', returned = '', ...reviewed] = ids;
    for (const documentId of reviewed) await scene.runAll({ documentId }, 'submit');
    await scene.runAll({ documentId: returned }, 'submit', 'reject');
    const first = await list(find('review', '&pageSize=2&page=1&sort=id:asc'));
    const second = await list(find('review', '&pageSize=2&page=2&sort=id:asc'));
    expect([first, second]).toEqual([
      { ids: reviewed.slice(0, 2), total: 3 },
      { ids: reviewed.slice(2), total: 3 },
    ]);
    const initial = await list(find('draft'));
    expect(initial.ids.sort()).toEqual([untouched, returned].sort());
    expect(initial.total).toBe(2);
    expect((await list(find('approved'))).total).toBe(0);
    expect((await list(find('nothing'))).total).toBe(0);
    expect((await list('filters[path][$eq]=/list')).total).toBe(5);
  });

  test('is narrowed by the states of its locale', async () => {
    const one = await article(['en', 'fr']);
    await scene.runAll(one.in('fr'), 'submit');
    const found = async (state: string, locale: string) =>
      (await list(`workflowState=${state}&pageSize=100&locale=${locale}`, ARTICLE)).ids.includes(
        one.documentId,
      );
    expect([
      await found('review', 'fr'),
      await found('review', 'en'),
      await found('draft', 'fr'),
      await found('draft', 'en'),
    ]).toEqual([true, false, false, true]);
  });

  test('shows the states of its documents, and what may be run on them', async () => {
    const [untouched, moved] = [await page(), await page()];
    await scene.runAll({ documentId: moved }, 'submit');
    const states = (uid: string, ids: string[], more = '') =>
      scene.stage.api<DocumentStates>(
        'GET',
        `/documents/${uid}?documentIds=${ids.join(',')}${more}`,
      );
    const shown = await states(PAGE, [untouched, moved]);
    expect(shown).toMatchObject({
      workflow: { id: workflow.id, name: 'Approval' },
      documents: { [untouched]: { key: 'draft', name: 'Draft' }, [moved]: { key: 'review' } },
    });
    expect(shown.states).toHaveLength(4);
    expect(shown.commands).toContainEqual({
      key: 'reject',
      name: 'Reject',
      from: ['review', 'approved'],
      to: 'draft',
      comment: 'optional',
    });
    const one = await article(['en', 'fr']);
    await scene.runAll(one.in('fr'), 'submit');
    const of = async (locale: string) =>
      (await states(ARTICLE, [one.documentId], `&locale=${locale}`)).documents[one.documentId]?.key;
    expect([await of('en'), await of('fr')]).toEqual(['draft', 'review']);
    const many = Array.from({ length: 201 }, (_, index) => `d${index}`).join(',');
    const path = `/workflow-webhooks/documents/${PAGE}?documentIds=${many}`;
    expect((await scene.app.request('GET', path)).status).toBe(400);
  });
});
