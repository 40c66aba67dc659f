/** Which field of the document an endpoint means, however its framework writes a path. */
import { fieldIn } from '../../../server/workflow/validation/answer';

const entry = {
  title: 'x',
  Title2: 'y',
  seo: { metaTitle: 'z', metaImage: null },
  blocks: [{ headLine: 'a' }],
  entry: 'an attribute of this name',
  camelCase: 1,
  CAMELCASE: 2,
};

it.each([
  ['title', 'title'],
  ['Title', 'title'],
  ['title2', 'Title2'],
  ['seo.metaTitle', 'seo.metaTitle'],
  ['Seo.MetaTitle', 'seo.metaTitle'],
  ['$.seo.metatitle', 'seo.metaTitle'],
  ['seo["metaTitle"]', 'seo.metaTitle'],
  ['Blocks[0].HeadLine', 'blocks.0.headLine'],
  ['blocks.0.headLine', 'blocks.0.headLine'],
  ['data.entry.title', 'title'],
  ['Data.Entry.Title', 'title'],
  ['webhook.Data.Entry.Seo.MetaTitle', 'seo.metaTitle'],
  ['entry', 'entry'],
  ['Entry.Title', 'title'],
  ['entry.title', 'entry.title'],
  ['seo.metaImage.alternativeText', 'seo.metaImage.alternativeText'],
  ['blocks[7].headLine', 'blocks.7.headLine'],
])('%s is %s', (path, field) => {
  expect(fieldIn(entry, path)).toBe(field);
});

it.each(['nowhere', '$.nowhere[0]', 'Data.Entry', 'constructor', '__proto__.x', '...', '[', ''])(
  'a path without a known field stays as it is: %s',
  (path) => {
    expect(fieldIn(entry, path)).toBe(path);
  },
);

it('a name that two fields have but for the case is meant as it is written', () => {
  expect(fieldIn(entry, 'CAMELCASE')).toBe('CAMELCASE');
  expect(fieldIn(entry, 'camelcase')).toBe('camelcase');
});

it('without a document every path stays as it is', () => {
  expect(fieldIn(null, 'Title')).toBe('Title');
});
