/**
 * Loads the modules of node_modules/ and dist/ with the help of one file. More than half of Strapi's boot is the loading of
 * 3,700 modules: Node finds, reads and compiles each file. The Strapi that fills the database template writes all paths and
 * V8's compiled code into one file, and every later Strapi of the test run reads it. A boot took 4.3 s of CPU time before
 * and 2.8 s after; 0.6 s of that comes from the later optimization, see below.
 *
 * Preload it with `node --require`: a process that the plugin forks inherits that argument. It does nothing unless
 * TEST_MODULE_CACHE names the file, and nothing in threads: they load too few modules to profit.
 */
'use strict';

const fs = require('node:fs');
const Module = require('node:module');
const path = require('node:path');
const v8 = require('node:v8');
const vm = require('node:vm');
const { isMainThread } = require('node:worker_threads');

const ROOT = path.resolve(__dirname, '../..');
/** Tests change other files: the playground's copies have their own configuration and content types. */
const PLACES = ['node_modules', 'dist'].map((name) => path.join(ROOT, name) + path.sep);
/** V8 copies compiled code that does not begin at a multiple of eight bytes. */
const ALIGNMENT = 8;

const { TEST_MODULE_CACHE: FILE, TEST_MODULE_CACHE_FILL: MAY_WRITE } = process.env;
const IS_USED = FILE && isMainThread;
/** The functions that `record` and `replay` replace are those of Node 20. Node 22 has a cache of its own. */
const IS_NODE_20 = process.version.startsWith('v20.');
/** Lets compiled code use `import()`. Node 20.12 is the first that knows it. */
const importModuleDynamically = vm.constants?.USE_MAIN_CONTEXT_DEFAULT_LOADER;

/** Call this after the boot. Not at the exit: Strapi removes all listeners of the process when it stops. */
module.exports = { keep: () => undefined };

if (IS_USED && IS_NODE_20) useCache(FILE);
else if (IS_USED) Module.enableCompileCache?.(`${FILE}.node`);

function useCache(file) {
  // V8 optimizes frequent functions on a second thread. A boot is too short to profit, and the tests keep all cores busy.
  // This is thirty times the default budget, so that long loops are still optimized.
  v8.setFlagsFromString('--interrupt-budget=4000000');
  if (!importModuleDynamically) return;
  const cache = read(file);
  if (cache) replay(cache);
  else if (MAY_WRITE) record(file);
}

function record(file) {
  const modules = new Map();
  const paths = new Map();
  const resolve = Module._resolveFilename;
  Module._resolveFilename = function (request, parent, ...rest) {
    const filename = resolve.call(this, request, parent, ...rest);
    if (!hasOptions(rest) && isLasting(parent?.filename) && isLasting(filename))
      paths.set(keyOfPath(request, parent), filename);
    return filename;
  };
  const compile = Module.prototype._compile;
  Module.prototype._compile = function (source, filename) {
    if (!isLasting(filename) || filename.endsWith('.mjs'))
      return compile.call(this, source, filename);
    const script = compiled(source, filename);
    modules.set(filename, { size: source.length, script });
    return run(this, script);
  };
  module.exports.keep = () => write(file, { modules, paths });
}

function replay({ modules, paths, content }) {
  const resolve = Module._resolveFilename;
  Module._resolveFilename = function (request, parent, ...rest) {
    const known = parent && !hasOptions(rest) && paths.get(keyOfPath(request, parent));
    return known || resolve.call(this, request, parent, ...rest);
  };
  const load = Module._extensions['.js'];
  Module._extensions['.js'] = function (module, filename) {
    const entry = modules.get(filename);
    if (!entry) return load(module, filename);
    const source = fs.readFileSync(filename, 'utf8');
    if (source.length !== entry.size) return load(module, filename);
    run(module, compiled(source, filename, content.subarray(...entry.code)));
  };
}

function isLasting(filename) {
  return typeof filename === 'string' && PLACES.some((place) => filename.startsWith(place));
}

/** `require.resolve` may name other folders. */
function hasOptions([, options]) {
  return options !== undefined;
}

/** Node itself finds a path that it knows already by this key. */
function keyOfPath(request, parent) {
  return `${parent.path}\0${request}`;
}

/** The wrapper stays in the first line, so that stack traces name the right lines. */
function compiled(source, filename, cachedData) {
  const wrapped = Module.wrap(source.replace(/^#!.*/, ''));
  return new vm.Script(wrapped, { filename, cachedData, importModuleDynamically });
}

/** Does what Node does with a compiled module. */
function run(module, script) {
  const require = (request) => module.require(request);
  require.resolve = (request, options) => Module._resolveFilename(request, module, false, options);
  require.resolve.paths = (request) => Module._resolveLookupPaths(request, module);
  require.main = process.mainModule;
  require.extensions = Module._extensions;
  require.cache = Module._cache;
  const { exports, filename } = module;
  const folder = path.dirname(filename);
  return script.runInThisContext().call(exports, exports, require, module, filename, folder);
}

/** Returns null if the file is missing or damaged. */
function read(file) {
  try {
    const content = fs.readFileSync(file);
    const { modules, paths } = JSON.parse(content.toString('utf8', content.readUInt32LE(0)));
    return { modules: new Map(modules), paths: new Map(paths), content };
  } catch {
    return null;
  }
}

/** Writes the position of the index, the compiled code of each module, and the index. */
function write(file, { modules, paths }) {
  const parts = [Buffer.alloc(ALIGNMENT)];
  let length = ALIGNMENT;
  const entries = [...modules].map(([filename, { size, script }]) => {
    const data = script.createCachedData();
    const gap = Buffer.alloc(-data.length & (ALIGNMENT - 1));
    const code = [length, length + data.length];
    parts.push(data, gap);
    length += data.length + gap.length;
    return [filename, { size, code }];
  });
  parts[0].writeUInt32LE(length);
  parts.push(Buffer.from(JSON.stringify({ modules: entries, paths: [...paths] })));
  // Another process may read the file at any time.
  const unfinished = `${file}.${process.pid}`;
  fs.writeFileSync(unfinished, Buffer.concat(parts));
  fs.renameSync(unfinished, file);
}
