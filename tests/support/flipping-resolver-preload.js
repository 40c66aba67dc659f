// Loaded into a Strapi before anything else: replaces the system's resolver for the names that a test configured. It takes
// the place of an operator's DNS server, so none of the tested code is replaced.
'use strict';

const fs = require('node:fs');
const dns = require('node:dns');
const promises = require('node:dns/promises');

const folder = process.env.FLIPPING_RESOLVER;
/** The answers of a name: one list of addresses for each lookup; the last list repeats. */
const answersOf = (hostname) => {
  try {
    return JSON.parse(fs.readFileSync(`${folder}/answers.json`, 'utf8'))[hostname];
  } catch {
    return undefined;
  }
};

const next = (hostname) => {
  const configured = answersOf(hostname);
  if (!configured) return null;
  // In a file, because each thread of Strapi loads this module by itself.
  const line = `${configured.version} ${hostname}`;
  const before = fs.readFileSync(`${folder}/lookups.log`, 'utf8').split('\n');
  const count = before.filter((one) => one === line).length;
  fs.appendFileSync(`${folder}/lookups.log`, `${line}\n`);
  return configured.answers[Math.min(count, configured.answers.length - 1)];
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

const originalPromiseLookup = promises.lookup;
promises.lookup = async (hostname, options) => {
  const addresses = next(hostname);
  if (!addresses) return originalPromiseLookup(hostname, options);
  if (addresses.length === 0) throw unknown(hostname);
  const entries = entriesOf(addresses);
  return options?.all ? entries : entries[0];
};

const originalLookup = dns.lookup;
dns.lookup = (hostname, ...rest) => {
  const addresses = next(hostname);
  if (!addresses) return originalLookup(hostname, ...rest);
  const callback = rest[rest.length - 1];
  const options = rest.length > 1 ? rest[0] : {};
  if (addresses.length === 0) return void process.nextTick(callback, unknown(hostname));
  const entries = entriesOf(addresses);
  if (options?.all) return void process.nextTick(callback, null, entries);
  return void process.nextTick(callback, null, entries[0].address, entries[0].family);
};
