/** Messages of validations at the fields of Strapi's form. */
import { errorsOf, formErrors } from '../../../admin/content-manager/form-errors';
import { named, verdict } from './document-verdicts';

const error = (path: string, message: string) => ({
  path: path.split('.').filter(Boolean),
  message,
  name: 'ValidationError',
});

describe("The form's errors", () => {
  test('are nested as the values are, in components and in lists of them', () => {
    const errors = [
      error('title', 'Too loud.'),
      error('seo.metaTitle', 'Missing.'),
      error('links.1.url', 'Not reachable.'),
    ];
    const form = formErrors(errors);
    expect(form).toEqual({
      title: 'Too loud.',
      seo: { metaTitle: 'Missing.' },
      links: [undefined, { url: 'Not reachable.' }],
    });
    expect(Array.isArray(form.links)).toBe(true);
  });

  test('leave out what belongs to no field', () => {
    expect(formErrors([error('', 'Style guide: two things are missing.')])).toEqual({});
  });

  test('hold both messages of a field that two endpoints speak of', () => {
    expect(formErrors([error('title', 'Too loud.'), error('title', 'Too long.')])).toEqual({
      title: 'Too loud. Too long.',
    });
  });

  test('prefer the field of a component to the component, whichever came first', () => {
    const whole = error('seo', 'Incomplete.');
    const part = error('seo.metaTitle', 'Missing.');
    expect(formErrors([whole, part])).toEqual({ seo: { metaTitle: 'Missing.' } });
    expect(formErrors([part, whole])).toEqual({ seo: { metaTitle: 'Missing.' } });
  });

  test('never reach what every object inherits, whatever path a receiver sends', () => {
    const form = formErrors([error('__proto__.polluted', 'x'), error('constructor.name', 'x')]);
    expect(form).toEqual({});
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });
});

describe('A check', () => {
  test('marks what the command itself would mark: fields of what stands in the way', () => {
    const errors = [{ path: 'seo.metaTitle', message: 'Missing.' }];
    const verdicts = [
      verdict({ kind: 'refused', errors }),
      named('adviser', {
        kind: 'refused',
        mode: 'warn',
        errors: [{ path: 'title', message: 'x' }],
      }),
    ];
    expect(errorsOf(verdicts)).toEqual([error('seo.metaTitle', 'Missing.')]);
  });
});
