/** The audit trail names fields; the panel says them in the words of its forms. */
import { fieldLabel } from '../../../admin/domain/changes/field-label';
import en from '../../../admin/translations/en.json';
import type { Text } from '../../../admin/translations/use-text';
import type { AuditSubject } from '../../../server/contract/api';
import { authorizationInputSchema } from '../../../server/contract/authorization';
import { replicationSettingsSchema } from '../../../server/contract/replication';
import { scheduleTimesSchema } from '../../../server/contract/schedule';
import { webhookInputSchema } from '../../../server/contract/webhook';

const text: Text = (key, values = {}) =>
  Object.entries(values).reduce(
    (told, [name, value]) => told.replace(`{${name}}`, String(value)),
    en[key],
  );
const labelOf = (subject: AuditSubject, field: string) => fieldLabel(subject, field, text);

describe('A changed field', () => {
  test('is called as the form calls it', () => {
    expect(labelOf('webhook', 'url')).toBe('URL');
    expect(labelOf('authorization', 'password')).toBe('Password');
    expect(labelOf('authorization', 'clientSecret')).toBe('Client secret');
  });

  test('says which of its parts, where it has some', () => {
    expect(labelOf('webhook', 'headers.x-key')).toBe('Headers: x-key');
    expect(labelOf('webhook', 'headers.x.y')).toBe('Headers: x.y');
  });

  test('that the form does not know keeps its own name', () => {
    expect(labelOf('webhook', 'colour')).toBe('colour');
    expect(labelOf('webhook', 'constructor')).toBe('constructor');
  });

  test.each(Object.keys(webhookInputSchema.shape))('has words for %s of a webhook', (field) => {
    expect(labelOf('webhook', field)).not.toBe(field);
  });

  test('of a workflow names its state or command', () => {
    expect(labelOf('workflow', 'states.in-review')).toBe('States: in-review');
    expect(labelOf('workflow', 'commands.submit')).toBe('Actions: submit');
  });

  const others = [
    ...['name', 'contentTypes', 'initialState', 'states', 'commands'].map(
      (field) => ['workflow', field] as const,
    ),
    ...Object.keys(scheduleTimesSchema.shape).map((field) => ['schedule', field] as const),
    ...Object.keys(replicationSettingsSchema.shape).map((field) => ['replication', field] as const),
  ];
  test.each(others)('of a %s has words for %s', (subject, field) => {
    expect(labelOf(subject, field)).not.toBe(field);
  });

  const fields = authorizationInputSchema.options.flatMap(({ shape }) => Object.keys(shape));
  test.each([...new Set(fields)])('has words for %s of an authorization', (field) => {
    expect(labelOf('authorization', field)).not.toBe(field);
  });
});
