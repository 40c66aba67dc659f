/** Says what is wrong with an XML document: by fast-xml-parser, and by xmllint where it is installed. */
import { spawnSync } from 'node:child_process';
import { XMLParser, XMLValidator } from 'fast-xml-parser';

const hasXmllint = spawnSync('xmllint', ['--version']).status === 0;

/** Empty if the document is well-formed to fast-xml-parser. */
export const validatorProblems = (document: string): string[] => {
  const answer = XMLValidator.validate(document);
  return answer === true ? [] : [`${answer.err.msg} in ${document}`];
};

/** Empty if every document is well-formed to both. */
export const xmlProblems = (documents: string[]): string[] => [
  ...documents.flatMap(validatorProblems),
  ...(hasXmllint ? documents.flatMap(lint) : []),
];

const lint = (document: string): string[] => {
  const { status, stderr } = spawnSync('xmllint', ['--noout', '--nonet', '-'], {
    input: document,
    encoding: 'utf8',
  });
  return status === 0 && stderr === '' ? [] : [`xmllint: ${stderr}`];
};

/** As a careful receiver reads it: every text stays text. */
export const parsed = (document: string): any =>
  new XMLParser({
    parseTagValue: false,
    parseAttributeValue: false,
    ignoreAttributes: false,
    trimValues: false,
    htmlEntities: true,
    ignoreDeclaration: true,
  }).parse(document);
