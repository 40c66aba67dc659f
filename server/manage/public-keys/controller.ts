import { errors } from '../../strapi/errors';
import { idOf, one, type Context } from '../answers';
import type { Webhooks } from '../webhooks/webhooks.service';

type Parts = { webhooks: Webhooks };

/** The same for whatever has no keys: nobody learns here which webhooks there are. */
const NO_KEYS =
  'There are no public keys here. They are those of webhooks that sign with Ed25519; compare the id with the one in the panel.';

export default (parts: () => Parts) => ({
  async find(context: Context) {
    const keys = await parts().webhooks.publicKeys(idOf(context, 'webhook'));
    if (keys.length === 0) throw new errors.NotFoundError(NO_KEYS);
    one(context, keys);
  },
});
