import type { Core } from '@strapi/strapi';
import { EVENT_CATALOGUE } from '../../contract/catalogue';
import type { ContentTypeChoices } from '../../contract/content-type';
import { exampleOf } from '../../send/sample-event';
import { roomsOf } from '../../wiring.service';
import { checkMayChoose, one, type Context } from '../answers';

export default ({ strapi }: { strapi: Core.Strapi }) => ({
  find(context: Context) {
    one(
      context,
      EVENT_CATALOGUE.map((entry) => ({ ...entry, example: exampleOf(entry.name) })),
    );
  },
  async contentTypes(context: Context) {
    checkMayChoose(context);
    const { schemas, config } = roomsOf(strapi);
    const choices: ContentTypeChoices = {
      ...(await schemas.all()),
      screens: config.screens.contentTypes,
    };
    one(context, choices);
  },
});
