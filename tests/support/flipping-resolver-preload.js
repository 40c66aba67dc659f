// Loaded into a Strapi before anything else: for the names that a test has a say in, the system's resolver says what
// the test wrote down. It stands where an operator's DNS server would, outside of all that is tested.
'use strict';

const fs = require('node:fs');
const dns = require('node:dns');
const promises = require('node:dns/promises');

const folder = process.env.FLIPPING_RESOLVER;
const counts = new Map();

/** The lines of a name: one list of addresses for each question, the last for all that follow. */
const answersOf = (hostname) => {
  try {
    return JSON.parse(fs.readFileSync(`${folder}/answers.json`, 'utf8'))[hostname];
  } catch {
    return undefined;
  }
};

const next = (hostname) => {
  const told = answersOf(hostname);
  if (!told) return null;
  fs.appendFileSync(`${folder}/questions.log`, `${hostname}\n`);
  const key = `${told.version} ${hostname}`;
  const count = counts.get(key) ?? 0;
  counts.set(key, count + 1);
  return told.answers[Math.min(count, told.answers.length - 1)];
};

const unknown = (hostname) =>
  Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), {
    code: 'ENOTFOUND',
    syscall: 'getaddrinfo',
    hostname,
  });

const familyOf = (address) => (address.includes(':') ? 6 : 4);
const entriesOf = (addresses) =>
  addresses.map((address) => ({ address, family: familyOf(address) }));

const ofPromises = promises.lookup;
promises.lookup = async (hostname, options) => {
  const addresses = next(hostname);
  if (!addresses) return ofPromises(hostname, options);
  if (addresses.length === 0) throw unknown(hostname);
  const entries = entriesOf(addresses);
  return options?.all ? entries : entries[0];
};

const ofCallbacks = dns.lookup;
dns.lookup = (hostname, ...rest) => {
  const addresses = next(hostname);
  if (!addresses) return ofCallbacks(hostname, ...rest);
  const callback = rest[rest.length - 1];
  const options = rest.length > 1 ? rest[0] : {};
  if (addresses.length === 0) return void process.nextTick(callback, unknown(hostname));
  const entries = entriesOf(addresses);
  if (options?.all) return void process.nextTick(callback, null, entries);
  return void process.nextTick(callback, null, entries[0].address, entries[0].family);
};
