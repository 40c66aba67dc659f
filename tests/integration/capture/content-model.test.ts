/** A changed content model is told at the start that has it: what came, what was changed, what is gone, and by one instance. */
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { copyPlayground, type PlaygroundCopy } from '../../support/playground-copy';
import { startStrapi, type DatabaseKind } from '../../support/strapi';
import { databaseEnv } from '../delivery/cluster';
import { reachable } from '../delivery/reachable';
import { until } from '../api/plugin-api';
import { Recording } from './recording';

const ARTICLE = 'api/article/content-types/article/schema.json';
const MODEL = ['content-type.*', 'component.*'];

type Schema = { info: object; attributes: Record<string, object> };

/** An edit of a schema file. */
const edit = async (copy: PlaygroundCopy, file: string, change: (schema: Schema) => object) =>
  copy.write(file, change(await copy.read(file)));

/** Told beside the start, and so waited for: until there are as many, or more. */
const toldBy = async (recording: Recording, work: () => Promise<unknown>, count: number) => {
  const before = (await recording.stored()).events.length;
  await work();
  const enough = async () => {
    const { events } = await recording.stored();
    return events.length >= before + count && events.slice(before);
  };
  return until(enough, `${count} events`);
};

describe('A start', () => {
  let copy: PlaygroundCopy;
  let recording: Recording;

  beforeAll(async () => {
    copy = await copyPlayground();
    recording = await Recording.start({ appDir: copy.appDir });
    await recording.webhook({ events: MODEL });
  });
  afterAll(async () => {
    await recording?.stop();
    await copy?.remove();
  });

  it('tells nothing where it is the first of all, nor where nothing changed', async () => {
    const snapshots = () =>
      recording.app.run((strapi) =>
        strapi.db.connection('workflow_webhooks_model_snapshots').select(),
      );
    const [first, ...others] = await until(
      async () => ((await snapshots()).length > 0 ? snapshots() : null),
      'a snapshot',
    );
    expect(others).toEqual([]);
    await recording.app.restart();
    // An end waits for what its start had to say.
    await recording.app.restart();
    expect(await snapshots()).toEqual([first]);
    expect((await recording.stored()).events).toEqual([]);
  });

  it('tells an attribute that was added, changed or removed, and a setting', async () => {
    const before = await copy.read(ARTICLE);
    await edit(copy, ARTICLE, ({ info, attributes, ...rest }) => {
      const { title, section, ...others } = attributes;
      return {
        ...rest,
        info: { ...info, displayName: 'Story' },
        attributes: {
          title: { ...title, maxLength: 200 },
          ...others,
          rating: { type: 'integer' },
          salary: { type: 'integer', private: true },
        },
      };
    });
    const [event, ...others] = await toldBy(recording, () => recording.app.restart(), 1);
    expect(others).toEqual([]);
    expect(event).toMatchObject({
      name: 'content-type.update',
      uid: 'api::article.article',
      model: 'article',
      documentId: null,
      actor: { type: 'system' },
      entry: { info: { displayName: 'Story' }, attributes: { rating: { type: 'integer' } } },
      previous: { info: { displayName: before.info.displayName } },
    });
    expect(event?.changes.map(({ field }) => field).sort()).toEqual([
      'attributes.rating',
      'attributes.section',
      'attributes.title',
      'info.displayName',
    ]);
    expect(event?.changes).toContainEqual({
      field: 'attributes.rating',
      from: null,
      to: { type: 'integer' },
    });
    expect(JSON.stringify(event)).not.toContain('salary');
  });

  it('tells a new content type and a new component, and both when they are gone', async () => {
    const component = {
      collectionName: 'components_shared_prices',
      info: { displayName: 'Price' },
    };
    await copy.write('components/shared/price.json', {
      ...component,
      attributes: { amount: { type: 'decimal' } },
    });
    const tags = path.join(copy.appDir, 'src/api/tag');
    const labels = path.join(copy.appDir, 'src/api/label');
    await cp(path.join(tags, 'content-types/tag'), path.join(labels, 'content-types/label'), {
      recursive: true,
    });
    await edit(copy, 'api/label/content-types/label/schema.json', (schema) => ({
      ...schema,
      collectionName: 'labels',
      info: { singularName: 'label', pluralName: 'labels', displayName: 'Label' },
    }));
    const came = await toldBy(recording, () => recording.app.restart(), 2);
    expect(came.map(({ name, uid }) => `${name} ${uid}`).sort()).toEqual([
      'component.create shared.price',
      'content-type.create api::label.label',
    ]);
    await copy.write('components/shared/price.json', null);
    await copy.write('api/label', null);
    const went = await toldBy(recording, () => recording.app.restart(), 2);
    expect(went.map(({ name, uid }) => `${name} ${uid}`).sort()).toEqual([
      'component.delete shared.price',
      'content-type.delete api::label.label',
    ]);
    expect(went.map(({ entry }) => entry?.info)).toContainEqual({ displayName: 'Price' });
  });

  it('tells what is new of types that an earlier version of the plugin did not know', async () => {
    // As the version before stored it: without the types that are hidden in the Content Manager.
    await recording.app.run(async (strapi) => {
      const table = () => strapi.db.connection('workflow_webhooks_model_snapshots');
      const { snapshot } = await table().first();
      const { 'api::redirect.redirect': hidden, ...known } = JSON.parse(snapshot);
      if (!hidden) throw new Error('The hidden type is not in the snapshot.');
      const before = { version: '1', fingerprint: 'old', snapshot: JSON.stringify(known) };
      await table().update(before);
    });
    await edit(copy, 'api/tag/content-types/tag/schema.json', (schema) => ({
      ...schema,
      info: { ...schema.info, description: 'Changed with the update' },
    }));
    const events = await toldBy(recording, () => recording.app.restart(), 1);
    expect(events.map(({ name, uid }) => `${name} ${uid}`)).toEqual([
      'content-type.update api::tag.tag',
    ]);
    const later = (await recording.stored()).events.length;
    await recording.app.restart();
    await recording.app.restart();
    expect((await recording.stored()).events).toHaveLength(later);
  });

  it('tells that a type was hidden, and what is changed of it then', async () => {
    const hide = (visible: boolean) =>
      edit(copy, 'api/tag/content-types/tag/schema.json', (schema) => ({
        ...schema,
        pluginOptions: { 'content-manager': { visible } },
      }));
    for (const visible of [false, true]) {
      await hide(visible);
      const [event, ...others] = await toldBy(recording, () => recording.app.restart(), 1);
      expect(others).toEqual([]);
      expect([event?.name, event?.uid]).toEqual(['content-type.update', 'api::tag.tag']);
    }
  });

  it('is told to a webhook of a content type of that one alone', async () => {
    const only = await recording.webhook({ events: MODEL, contentTypes: ['api::tag.tag'] });
    await edit(copy, ARTICLE, (schema) => ({
      ...schema,
      info: { ...schema.info, description: 'A' },
    }));
    await toldBy(recording, () => recording.app.restart(), 1);
    const { deliveries } = await recording.stored();
    expect(deliveries.filter(({ webhook_id: id }) => id === only)).toEqual([]);
  });
});

/** A change of words alone changes no table, so that the starts may meet. */
const rename = (copy: PlaygroundCopy, description: string) =>
  edit(copy, ARTICLE, (schema) => ({ ...schema, info: { ...schema.info, description } }));

describe.each(reachable('sqlite', 'postgres', 'mysql'))('On %s', (database: DatabaseKind) => {
  it('of two instances that start with the same change, one tells it', async () => {
    const copy = await copyPlayground();
    const { appDir } = copy;
    const first = await Recording.start({ database, appDir });
    const second = await startStrapi({ appDir, env: await databaseEnv(first.app) });
    try {
      await first.webhook({ events: MODEL });
      const restartBoth = () => Promise.all([first.app.restart(), second.restart()]);
      for (const word of ['One', 'Two']) {
        await rename(copy, word);
        const events = await toldBy(first, restartBoth, 1);
        expect(events.map(({ name, changes }) => [name, changes[0]?.to])).toEqual([
          ['content-type.update', word],
        ]);
      }
      // Whatever the slower of the last two had to say is said: it is asked to stop, and finishes.
      await second.stop();
      expect((await first.stored()).events).toHaveLength(2);
    } finally {
      await second.stop();
      await first.stop();
      await copy.remove();
    }
  });
});
