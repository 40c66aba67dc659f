import { EVENT_CATALOGUE } from '../../contract/catalogue';
import type { ContentTypeChoices } from '../../contract/content-type';
import { exampleOf } from '../../send/sample-event';
import { checkMayChoose, one, type Context } from '../answers';
import type { Config } from '../../config/index';
import type { Schemas } from '../../strapi/model/schema.service';

type Parts = { schemas: Schemas; config: Pick<Config, 'screens'> };

export default (parts: () => Parts) => ({
  find(context: Context) {
    one(
      context,
      EVENT_CATALOGUE.map(({ name, section, description }) => ({
        name,
        group: section,
        description,
        example: exampleOf(name),
      })),
    );
  },
  async contentTypes(context: Context) {
    checkMayChoose(context);
    const { schemas, config } = parts();
    const choices: ContentTypeChoices = {
      ...(await schemas.all()),
      screens: config.screens.contentTypes,
    };
    one(context, choices);
  },
});
