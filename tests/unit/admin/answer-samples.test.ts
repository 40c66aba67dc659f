/** The sample answers that the form shows for a validation endpoint are understood as described. */
import {
  ANSWER_NAMES,
  ANSWERS,
  type AnswerName,
} from '../../../admin/pages/webhooks/answer-samples';
import { validationAnswerOf } from '../../../server/workflow/validation/answer';

const read = (name: AnswerName) =>
  validationAnswerOf({
    kind: 'answered',
    status: 200,
    headers: {},
    body: ANSWERS[name],
    isTruncated: false,
    ms: 1,
  });

describe('The samples of answers', () => {
  test('are a yes with a warning', () => {
    expect(read('allow')).toMatchObject({
      kind: 'allowed',
      warnings: ['There is no picture yet.'],
    });
  });

  test('are a no with an error at a field and a warning, in JSON as in XML', () => {
    expect(read('refuse')).toEqual({
      kind: 'refused',
      message: 'The article is not ready.',
      errors: [{ path: 'title', message: 'The title is longer than 60 characters.' }],
      warnings: ['There is no picture yet.'],
    });
    expect(read('refuseXml')).toEqual(read('refuse'));
  });

  test('are a no in Sitecore\u2019s form, in JSON as in XML', () => {
    expect(read('sitecoreJson')).toMatchObject({
      kind: 'refused',
      message: 'The article is not ready.',
    });
    expect(read('sitecoreXml')).toEqual(read('sitecoreJson'));
  });

  test('are all understood', () => {
    expect(ANSWER_NAMES.map((name) => read(name).kind)).not.toContain('noAnswer');
  });
});
