/** A made-up document with a plausible value for every attribute of a content type, and what else the made-up events hold. Pure. */
import type { AttributeInfo, ContentTypeInfo } from '../contract/content-type';
import type { WorkflowFacts } from '../contract/event';
import type { Verdict } from '../contract/document';

type Entry = Record<string, unknown>;

export const SAMPLE_DOCUMENT_ID = 'q1w2e3r4t5y6u7i8o9p0a1s2';
const SAMPLE_TITLE = 'A sample title';

/** Shown where no content type is chosen. */
export const SAMPLE_MODEL: ContentTypeInfo = {
  uid: 'api::article.article',
  modelName: 'article',
  displayName: 'Article',
  kind: 'collectionType',
  hasDraftAndPublish: true,
  isLocalized: true,
  isHidden: false,
  mainField: 'title',
  attributes: [
    { name: 'title', type: 'string', isLocalized: true, isRepeatable: false },
    { name: 'slug', type: 'uid', isLocalized: true, isRepeatable: false },
    { name: 'body', type: 'richtext', isLocalized: true, isRepeatable: false },
  ],
};

/** The made-up article as its schema file would have it. */
export const SAMPLE_SCHEMA = {
  uid: SAMPLE_MODEL.uid,
  kind: 'collectionType',
  collectionName: 'articles',
  info: { singularName: 'article', pluralName: 'articles', displayName: 'Article' },
  options: { draftAndPublish: true },
  attributes: { title: { type: 'string', required: true } },
};

export const SAMPLE_COMPONENT = {
  uid: 'shared.seo',
  category: 'shared',
  collectionName: 'components_shared_seos',
  info: { displayName: 'SEO' },
  attributes: { title: { type: 'string', required: true } },
};

export const SAMPLE_TRANSITION: WorkflowFacts = {
  workflow: { id: SAMPLE_DOCUMENT_ID, name: 'Editorial workflow' },
  command: { key: 'submit', name: 'Submit for review' },
  from: { key: 'draft', name: 'Draft', final: false },
  to: { key: 'in-review', name: 'In review', final: false },
  comment: 'Ready for a second pair of eyes.',
  dryRun: false,
};

export const SAMPLE_VERDICTS: Verdict[] = [
  {
    webhook: { id: SAMPLE_DOCUMENT_ID, name: 'A sample validation' },
    kind: 'refused',
    mode: 'enforce',
    onError: 'refuse',
    message: 'A sample reason.',
    errors: [{ path: 'title', message: 'A sample message about the title.' }],
    warnings: [],
    durationMs: 120,
  },
];

export const sampleFile = (time: string): Entry => ({
  id: 1,
  documentId: SAMPLE_DOCUMENT_ID,
  name: 'sample.png',
  alternativeText: 'A sample image',
  caption: null,
  width: 640,
  height: 480,
  hash: 'sample_1f0a2b3c4d',
  ext: '.png',
  mime: 'image/png',
  size: 12.5,
  url: '/uploads/sample_1f0a2b3c4d.png',
  provider: 'local',
  createdAt: time,
  updatedAt: time,
});

/** `time` is ISO 8601. Strapi sets a `publishedAt` also without draft and publish. */
export const sampleEntry = (model: ContentTypeInfo, time: string): Entry => ({
  id: 1,
  documentId: SAMPLE_DOCUMENT_ID,
  ...Object.fromEntries(
    model.attributes.map((attribute) => [attribute.name, sampleValue(attribute, time)]),
  ),
  ...titleOf(model),
  createdAt: time,
  updatedAt: time,
  publishedAt: model.hasDraftAndPublish ? null : time,
  locale: model.isLocalized ? 'en' : null,
});

const VALUES = new Map<string, (time: string) => unknown>([
  ['string', () => 'A sample text'],
  ['text', () => 'A sample text of some length.'],
  ['richtext', () => 'A **sample** text.'],
  ['blocks', () => [{ type: 'paragraph', children: [{ type: 'text', text: 'A sample text.' }] }]],
  ['email', () => 'someone@example.com'],
  ['uid', () => 'a-sample-title'],
  ['enumeration', () => 'sample'],
  ['integer', () => 1],
  ['biginteger', () => '1'],
  ['float', () => 1.5],
  ['decimal', () => 1.5],
  ['boolean', () => true],
  ['date', (time) => time.slice(0, 10)],
  ['time', (time) => time.slice(11, 23)],
  ['datetime', (time) => time],
  ['timestamp', (time) => time],
  ['json', () => ({ sample: true })],
  ['media', sampleFile],
  ['relation', () => ({ id: 1, documentId: SAMPLE_DOCUMENT_ID })],
  ['component', () => ({ id: 1 })],
  ['dynamiczone', () => [{ __component: 'sample.component', id: 1 }]],
]);

const sampleValue = (attribute: AttributeInfo, time: string): unknown => {
  const value = VALUES.get(attribute.type)?.(time) ?? null;
  return attribute.isRepeatable ? [value] : value;
};

/** The main field is set only where it is text: a title in place of a number would be no sample. */
const titleOf = ({ attributes, mainField }: ContentTypeInfo): Entry => {
  const main = attributes.find(({ name }) => name === mainField);
  return main && ['string', 'text'].includes(main.type) ? { [main.name]: SAMPLE_TITLE } : {};
};
