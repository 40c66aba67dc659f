import {
  webhookQuerySchema,
  previewSchema,
  sampleSchema,
  unsavedTestSchema,
  webhookInputSchema,
} from '../../contract/webhook';
import { forbidden, parse } from '../../strapi/errors';
import type { Reading } from '../../strapi/permissions/reading.service';
import { has, idOf, one, resourceActions, type Context } from '../answers';
import type { WebhookPreview } from './preview.service';
import type { WebhookTest } from './test.service';
import type { Webhooks } from './webhooks.service';

type Parts = { preview: WebhookPreview; reading: Reading; test: WebhookTest; webhooks: Webhooks };

export default (parts: () => Parts) => {
  const webhooks = () => parts().webhooks;
  const readingOf = (context: Context) => parts().reading.by(context.state);
  return {
    ...resourceActions(webhooks, { query: webhookQuerySchema, settings: webhookInputSchema }),
    async enable(context: Context) {
      one(context, await webhooks().setEnabled(idOf(context), true));
    },
    async disable(context: Context) {
      one(context, await webhooks().setEnabled(idOf(context), false));
    },
    async excludeEndUsers(context: Context) {
      one(context, await webhooks().excludeEndUsers(idOf(context)));
    },
    async rotate(context: Context) {
      one(context, await webhooks().rotate(idOf(context)));
    },
    async test(context: Context) {
      const sample = parse(sampleSchema, context.request.body);
      one(context, await parts().test.stored(idOf(context), sample, readingOf(context)));
    },
    async testUnsaved(context: Context) {
      const { webhook, id = null, sample } = parse(unsavedTestSchema, context.request.body);
      const toSave = id === null ? 'webhook.create' : 'webhook.update';
      if (!has(context, 'webhook.test') || !has(context, toSave))
        throw forbidden('may-not-test-unsaved');
      const settings = parse(webhookInputSchema, webhook);
      const mayRead = readingOf(context);
      one(context, await parts().test.unsaved(settings, { id, sample, mayRead }));
    },
    async preview(context: Context) {
      const input = parse(previewSchema, context.request.body);
      const rights = { mayRead: readingOf(context), maySign: has(context, 'webhook.test') };
      one(context, await parts().preview.preview(input, rights));
    },
  };
};
