/** Credentials of an endpoint, stored once and used by any webhook. Secret fields are write-only. */
import { z } from 'zod';
import { headerNameProblem } from './webhook';

const name = z.string('Expected a name.').trim().min(1, 'Give the authorization a name.').max(200);
const description = z.string().max(2000).default('');
const printable = (what: string) =>
  z
    .string(`Expected ${what}.`)
    .min(1, `Enter ${what}.`)
    .max(4000)
    .regex(/^[\x20-\x7e]*$/, 'Expected one line of printable ASCII characters.');
const text = (what: string) => z.string(`Expected ${what}.`).min(1, `Enter ${what}.`).max(1000);

export const authorizationInputSchema = z.discriminatedUnion(
  'kind',
  [
    z.strictObject({
      kind: z.literal('basic'),
      name,
      description,
      username: text('the user name').refine(
        (user) => !user.includes(':'),
        'A user name of basic authentication holds no colon.',
      ),
      password: text('the password'),
    }),
    z.strictObject({ kind: z.literal('bearer'), name, description, token: printable('the token') }),
    z
      .strictObject({
        kind: z.literal('apiKey'),
        name,
        description,
        key: printable('the name of the header or query parameter'),
        value: printable('the key'),
        in: z.enum(['header', 'query'], 'Expected "header" or "query".').default('header'),
      })
      .superRefine(({ key, in: place }, context) => {
        const problem = place === 'header' ? headerNameProblem(key) : null;
        if (problem) context.addIssue({ code: 'custom', path: ['key'], message: problem });
      }),
  ],
  'Expected a kind: "basic", "bearer" or "apiKey".',
);

export type AuthorizationInput = z.input<typeof authorizationInputSchema>;
/** With its secrets in the clear: server only, never in an answer. */
export type AuthorizationSettings = z.output<typeof authorizationInputSchema>;
export type AuthorizationKind = AuthorizationSettings['kind'];

/** Which fields of a kind are secret: encrypted at rest, masked in answers. */
export const SECRET_FIELDS: Record<AuthorizationKind, readonly string[]> = {
  basic: ['password'],
  bearer: ['token'],
  apiKey: ['value'],
};

/** As answered: the same fields, with the mask in place of secrets, and the webhooks that use it. */
export type Authorization = AuthorizationSettings & {
  id: string;
  webhooks: { id: string; name: string }[];
  createdAt: string;
  updatedAt: string;
};
