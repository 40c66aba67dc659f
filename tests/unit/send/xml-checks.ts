/** Finds errors in XML documents with fast-xml-parser, and with xmllint if it is installed. */
import { spawnSync } from 'node:child_process';
import { XMLParser, XMLValidator } from 'fast-xml-parser';

const hasXmllint = spawnSync('xmllint', ['--version']).status === 0;

/** Empty if fast-xml-parser finds the document well-formed. */
export const validatorProblems = (document: string): string[] => {
  const answer = XMLValidator.validate(document);
  return answer === true ? [] : [`${answer.err.msg} in ${document}`];
};

/** Empty if both tools find every document well-formed. */
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

/** Parses a document without conversions: every value stays a text. */
export const parsed = (document: string): any =>
  new XMLParser({
    parseTagValue: false,
    parseAttributeValue: false,
    ignoreAttributes: false,
    trimValues: false,
    htmlEntities: true,
    ignoreDeclaration: true,
  }).parse(document);
