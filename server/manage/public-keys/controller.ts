import type { Core } from '@strapi/strapi';
import { roomsOf } from '../../wiring.service';
import { errors } from '../../strapi/error-classes';
import { idOf, one, type Context } from '../answers';

/** The same for whatever has no keys: nobody learns here which webhooks there are. */
const NO_KEYS =
  'There are no public keys here. They are those of webhooks that sign with Ed25519; compare the id with the one in the panel.';

export default ({ strapi }: { strapi: Core.Strapi }) => ({
  async find(context: Context) {
    const keys = await roomsOf(strapi).webhooks.publicKeys(idOf(context, 'webhook'));
    if (keys.length === 0) throw new errors.NotFoundError(NO_KEYS);
    one(context, keys);
  },
});
