/** Helpers for scheduled documents, on top of those of the workflow tests. */
import type { ListedSchedule, Schedule } from '../../../server/contract/schedule';
import type { App, StartOptions } from '../../support/strapi';
import { until } from '../delivery/stage';
import { PAGE, Scene, type Place } from '../workflow/scene';

export class Planning {
  private turned = 0;

  private constructor(readonly scene: Scene) {}

  static async start(options: StartOptions = {}): Promise<Planning> {
    return new Planning(await Scene.start(options));
  }

  get app(): App {
    return this.scene.app;
  }

  /** A time `ms` from now, by the turned clock. */
  fromNow(ms: number): string {
    return new Date(Date.now() + this.turned + ms).toISOString();
  }

  async turn(ms: number): Promise<void> {
    this.turned += ms;
    await this.scene.stage.turn(ms);
  }

  /** Restarts Strapi; the clock of the new process is not turned. */
  async restart(): Promise<void> {
    await this.app.restart();
    this.turned = 0;
  }

  requestSchedule(body: object, by: Pick<App, 'request'> = this.app) {
    return by.request('POST', '/workflow-webhooks/schedules', body);
  }

  async schedule({ uid = PAGE, ...place }: Place, times: object): Promise<Schedule> {
    const { status, body } = await this.requestSchedule({ uid, ...place, ...times });
    expect({ status, error: body.error }).toEqual({ status: 201, error: undefined });
    return body.data;
  }

  list(query: string): Promise<ListedSchedule[]> {
    return this.scene.stage.api('GET', `/schedules?${query}`);
  }

  async find({ id, documentId }: Schedule): Promise<ListedSchedule> {
    const found = (await this.list(`documentId=${documentId}`)).find((one) => one.id === id);
    if (!found) throw new Error(`No schedule ${id}.`);
    return found;
  }

  async isPublic(place: Place): Promise<boolean> {
    return (await this.scene.published(place)) !== null;
  }

  /** The schedule, as soon as it is finished. */
  finished(schedule: Schedule): Promise<ListedSchedule> {
    return until(
      () => this.find(schedule),
      ({ state }) => state !== 'scheduled',
    );
  }

  /** The names of all delivered events of a document, sorted. */
  async eventNames(documentId: string): Promise<string[]> {
    const all = await this.scene.stage.api<{ event: string }[]>(
      'GET',
      `/deliveries?documentId=${documentId}&pageSize=100`,
    );
    return all.map(({ event }) => event).sort();
  }

  /** Creates a webhook for schedules and for the publications that they cause. */
  subscribe(...contentTypes: string[]) {
    return this.scene.stage.makeWebhook({
      events: ['schedule.*', 'entry.publish', 'entry.unpublish'],
      contentTypes,
    });
  }

  async clear(): Promise<void> {
    this.turned = 0;
    await this.scene.clear();
  }

  stop(): Promise<void> {
    return this.scene.stop();
  }
}
