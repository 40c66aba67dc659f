// Preloaded into a Strapi under test: simulates a project without bullmq.
'use strict';

const Module = require('node:module');

const resolve = Module._resolveFilename;
Module._resolveFilename = function (request, ...rest) {
  if (request !== 'bullmq') return resolve.call(this, request, ...rest);
  throw Object.assign(new Error("Cannot find module 'bullmq'"), { code: 'MODULE_NOT_FOUND' });
};
