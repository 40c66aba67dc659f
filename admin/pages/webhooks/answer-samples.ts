/** What a validation endpoint may answer, as the form shows it to whoever writes one. */

const json = (answer: unknown) => JSON.stringify(answer, null, 2);

export const ANSWERS = {
  allow: json({ allowed: true, message: '', warnings: ['There is no picture yet.'] }),
  refuse: json({
    allowed: false,
    message: 'The article is not ready.',
    errors: [{ path: 'title', message: 'The title is longer than 60 characters.' }],
    warnings: ['There is no picture yet.'],
  }),
  refuseXml: `<data>
  <allowed>false</allowed>
  <message>The article is not ready.</message>
  <errors>
    <path>title</path>
    <message>The title is longer than 60 characters.</message>
  </errors>
  <warnings>There is no picture yet.</warnings>
</data>`,
  sitecoreJson: json({ IsValid: false, Message: 'The article is not ready.' }),
  sitecoreXml: `<data>
  <IsValid>false</IsValid>
  <Message>The article is not ready.</Message>
</data>`,
} as const;

export type AnswerName = keyof typeof ANSWERS;
export const ANSWER_NAMES = Object.keys(ANSWERS) as AnswerName[];
