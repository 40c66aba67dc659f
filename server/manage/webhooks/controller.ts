import { pagingSchema } from '../../contract/api';
import type { PermissionName } from '../../contract/names';
import {
  previewSchema,
  sampleSchema,
  unsavedTestSchema,
  webhookInputSchema,
  webhookQuerySchema,
} from '../../contract/webhook';
import { parse, parseChange, errors } from '../../strapi/errors';
import { created, has, idOf, one, requesterOf, type Context } from '../answers';
import type { Reading } from '../../strapi/permissions/reading.service';
import type { Previews } from './preview.service';
import type { Trial } from './trial.service';
import type { Webhooks } from './webhooks.service';

type Parts = { preview: Previews; reading: Reading; trial: Trial; webhooks: Webhooks };

const NOT_TO_TRY =
  'You may not test a webhook that is not saved: that takes the permission to test webhooks, and the one to save it.';

const checkMayTry = (context: Context, toSave: PermissionName): void => {
  if (!has(context, 'webhook.test') || !has(context, toSave))
    throw new errors.PolicyError(NOT_TO_TRY);
};

export default (parts: () => Parts) => {
  const readingOf = (context: Context) => parts().reading.by(requesterOf(context));
  return {
    async find(context: Context) {
      const { query } = context;
      context.body = await parts().webhooks.list(
        parse(webhookQuerySchema, query),
        parse(pagingSchema, query),
      );
    },
    async findOne(context: Context) {
      one(context, await parts().webhooks.find(idOf(context)));
    },
    async create(context: Context) {
      created(
        context,
        await parts().webhooks.create(parse(webhookInputSchema, context.request.body)),
      );
    },
    async update(context: Context) {
      const change = parseChange(webhookInputSchema, context.request.body);
      one(context, await parts().webhooks.update(idOf(context), change));
    },
    async enable(context: Context) {
      one(context, await parts().webhooks.setEnabled(idOf(context), true));
    },
    async disable(context: Context) {
      one(context, await parts().webhooks.setEnabled(idOf(context), false));
    },
    async excludeEndUsers(context: Context) {
      one(context, await parts().webhooks.excludeEndUsers(idOf(context)));
    },
    async delete(context: Context) {
      one(context, await parts().webhooks.remove(idOf(context)));
    },
    async test(context: Context) {
      const sample = parse(sampleSchema, context.request.body);
      const options = { mayRead: readingOf(context) };
      one(context, await parts().trial.stored(idOf(context), sample, options));
    },
    async testUnsaved(context: Context) {
      const { webhook, id = null, sample } = parse(unsavedTestSchema, context.request.body);
      checkMayTry(context, id === null ? 'webhook.create' : 'webhook.update');
      const settings = parse(webhookInputSchema, webhook);
      const options = { id, sample, mayRead: readingOf(context) };
      one(context, await parts().trial.unsaved(settings, options));
    },
    async rotate(context: Context) {
      one(context, await parts().webhooks.rotate(idOf(context)));
    },
    async preview(context: Context) {
      const wishes = parse(previewSchema, context.request.body);
      const rights = { mayRead: readingOf(context), maySign: has(context, 'webhook.test') };
      one(context, await parts().preview.preview(wishes, rights));
    },
  };
};
