/** A changed content model is an event of the start that finds it: added, changed and removed parts, from one instance only. */
import { cp } from 'node:fs/promises';
import path from 'node:path';
import { copyPlayground, type PlaygroundCopy } from '../../support/playground-copy';
import { startStrapi, type App, type DatabaseKind } from '../../support/strapi';
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

/** These events are stored beside the start, so the test waits until there are at least as many. */
const eventsBy = async (recording: Recording, work: () => Promise<unknown>, count: number) => {
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

  it('has no event on the first start of all, nor without changes', async () => {
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

  it('has an event for an added, changed or removed attribute, and for a setting', async () => {
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
    const [event, ...others] = await eventsBy(recording, () => recording.app.restart(), 1);
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

  it('has an event for a new content type and a new component, and for their removal', async () => {
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
    const came = await eventsBy(recording, () => recording.app.restart(), 2);
    expect(came.map(({ name, uid }) => `${name} ${uid}`).sort()).toEqual([
      'component.create shared.price',
      'content-type.create api::label.label',
    ]);
    await copy.write('components/shared/price.json', null);
    await copy.write('api/label', null);
    const went = await eventsBy(recording, () => recording.app.restart(), 2);
    expect(went.map(({ name, uid }) => `${name} ${uid}`).sort()).toEqual([
      'component.delete shared.price',
      'content-type.delete api::label.label',
    ]);
    expect(went.map(({ entry }) => entry?.info)).toContainEqual({ displayName: 'Price' });
  });

  it('compares with a snapshot of an earlier version, which did not contain hidden types', async () => {
    // The value that the former version stored: without the types that are hidden in the Content Manager.
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
    const events = await eventsBy(recording, () => recording.app.restart(), 1);
    expect(events.map(({ name, uid }) => `${name} ${uid}`)).toEqual([
      'content-type.update api::tag.tag',
    ]);
    const later = (await recording.stored()).events.length;
    await recording.app.restart();
    await recording.app.restart();
    expect((await recording.stored()).events).toHaveLength(later);
  });

  it('has an event for a type that was hidden, and for its later changes', async () => {
    const hide = (visible: boolean) =>
      edit(copy, 'api/tag/content-types/tag/schema.json', (schema) => ({
        ...schema,
        pluginOptions: { 'content-manager': { visible } },
      }));
    for (const visible of [false, true]) {
      await hide(visible);
      const [event, ...others] = await eventsBy(recording, () => recording.app.restart(), 1);
      expect(others).toEqual([]);
      expect([event?.name, event?.uid]).toEqual(['content-type.update', 'api::tag.tag']);
    }
  });

  it('reaches a webhook with a content type only if that type changed', async () => {
    const only = await recording.webhook({ events: MODEL, contentTypes: ['api::tag.tag'] });
    await edit(copy, ARTICLE, (schema) => ({
      ...schema,
      info: { ...schema.info, description: 'A' },
    }));
    await eventsBy(recording, () => recording.app.restart(), 1);
    const { deliveries } = await recording.stored();
    expect(deliveries.filter(({ webhook_id: id }) => id === only)).toEqual([]);
  });
});

/** A change of words alone changes no table, so that the starts may meet. */
const rename = (copy: PlaygroundCopy, description: string) =>
  edit(copy, ARTICLE, (schema) => ({ ...schema, info: { ...schema.info, description } }));

describe.each(reachable('sqlite', 'postgres', 'mysql'))('On %s', (database: DatabaseKind) => {
  it('has one event if two instances start with the same change', async () => {
    const copy = await copyPlayground();
    const { appDir } = copy;
    const first = await Recording.start({ database, appDir });
    // Asked before the restarts: a Strapi that is stopping gives no answer.
    const env = await databaseEnv(first.app);
    const others: App[] = [];
    const startSecond = async () => {
      others.push(await startStrapi({ appDir, env }));
    };
    const restart = (app: App) => app.restart();
    try {
      await first.webhook({ events: MODEL });
      const starts: [string, () => Promise<unknown>][] = [
        ['One', () => Promise.all([first.app.restart(), startSecond()])],
        ['Two', () => Promise.all([first.app, ...others].map(restart))],
      ];
      for (const [word, start] of starts) {
        await rename(copy, word);
        const events = await eventsBy(first, start, 1);
        expect(events.map(({ name, changes }) => [name, changes[0]?.to])).toEqual([
          ['content-type.update', word],
        ]);
      }
      // The slower of the last two has stored its events: it was stopped, and it has finished.
      for (const other of others) await other.stop();
      expect((await first.stored()).events).toHaveLength(2);
    } finally {
      for (const other of others) await other.stop();
      await first.stop();
      await copy.remove();
    }
  });
});
