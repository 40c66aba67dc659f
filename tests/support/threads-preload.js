// Loaded into a Strapi before anything else: keeps the threads that it starts, so that a test can end one as a crash would.
'use strict';

const threads = require('node:worker_threads');

const started = [];
globalThis.startedThreads = started;

threads.Worker = class extends threads.Worker {
  constructor(...args) {
    super(...args);
    started.push(this);
  }
};
