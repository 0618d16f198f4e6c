// What the bundle of the image leaves out of packages, and what it loads only when it is used.
import { readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import type { BuildResult, Plugin, PluginBuild } from 'esbuild';

/** DuckDB asks for the binding of the machine it is on; those of other machines are not installed. */
export const oneBinding = (bindings: string): Plugin => ({
  name: 'one-binding',
  setup({ onResolve }) {
    onResolve({ filter: /^@duckdb\/node-bindings-/ }, ({ path }) =>
      path.startsWith(`${bindings}/`) ? undefined : { path, external: true },
    );
  },
});

/**
 * zod as a namespace, of which a bundler can leave out what nobody uses: its messages in 50 languages, which are three
 * quarters of it, would be read at each start.
 */
export const usedPartsOfZod: Plugin = {
  name: 'used-parts-of-zod',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace("import { z } from 'zod';", "import * as z from 'zod';"),
      loader: 'ts',
    }));
  },
};

/**
 * Node's own modules by require, and of them only what is used: an import reads every export of theirs, and so makes
 * `node:http` load all of undici for a WebSocket that nobody wants, and `node:crypto` the whole of Web Crypto.
 */
export const builtinsByRequire: Plugin = {
  name: 'builtins-by-require',
  setup({ onResolve, onLoad, onEnd }) {
    const namespace = 'of-node';
    onResolve({ filter: /^(node:)?[a-z]/ }, ({ path, kind }) =>
      isBuiltin(path) && kind === 'import-statement'
        ? { path: path.replace(/^node:/, ''), namespace, sideEffects: false }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace }, async ({ path }) => {
      const names = Object.keys(await import(`node:${path}`)).filter((name) => name !== 'default');
      const lines = names.map(
        (name) =>
          `const of_${name} = /* @__PURE__ */ (() => all.${name})(); export { of_${name} as ${name} };`,
      );
      return {
        contents: [`const all = require('node:${path}');`, 'export default all;', ...lines].join('\n'),
      };
    });
    onEnd(leaveOut(namespace));
  },
};

/**
 * Packages that are bundled into files of their own, loaded by require when the first module that needs them is.
 *
 * @param files by name of the package: what the bundle requires
 */
export const packagesBeside = (files: Readonly<Record<string, string>>): Plugin => ({
  name: 'packages-beside',
  setup({ onResolve, onLoad, onEnd }) {
    const namespace = 'beside';
    onResolve({ filter: /^[@a-z]/ }, ({ path }) =>
      Object.hasOwn(files, path) ? { path, namespace } : undefined,
    );
    onResolve({ filter: /^\.\//, namespace }, ({ path }) => ({ path, external: true }));
    // What was CommonJS is the default of its module.
    onLoad({ filter: /.*/, namespace }, ({ path }) => ({
      contents: `const all = require('${files[path]}'); module.exports = all.default ?? all;`,
    }));
    onEnd(leaveOut(namespace));
  },
});

/** axios reads `Request` and `FormData` for what none of our requests uses; to read them loads undici once more. */
export const axiosWithoutFetch: Plugin = {
  name: 'axios-without-fetch',
  setup(building) {
    replace(
      building,
      /\/axios\/lib\/adapters\/fetch\.js$/,
      () => 'export const getFetch = () => false; export default false;',
    );
    replace(
      building,
      /\/axios\/lib\/utils\.js$/,
      without("typeof G.FormData !== 'undefined' ? G.FormData : undefined", 'undefined'),
    );
  },
};

/**
 * axios without forms, for which it reads a list of all media types, redirects, HTTP/2 and proxies of its own, which are
 * our agents' business; pino without its writers to files and in other threads; zod without descriptions, each of which
 * is a copy of what it describes. All of it takes longer to load than what our requests and our log have of it.
 */
export const onlyWhatWeUse: Plugin = {
  name: 'only-what-we-use',
  setup(building) {
    replace(building, /\/form-data\/lib\/form_data\.js$/, () => 'module.exports = class {};');
    replace(building, /\/follow-redirects\/index\.js$/, () => 'module.exports = {};');
    replace(building, /\/https-proxy-agent\/dist\/index\.js$/, () => 'module.exports = class {};');
    replace(building, /\/axios\/lib\/helpers\/Http2Sessions\.js$/, () => 'export default class {}');
    replace(building, /\/axios\/lib\/adapters\/http\.js$/, without("import http2 from 'http2';", ''));
    replace(building, /\/pino\/lib\/transport\.js$/, () => '');
    replace(building, /\/sonic-boom\/index\.js$/, () => 'module.exports = class {};');
    replace(
      building,
      /\/zod\/v4\/classic\/schemas\.js$/,
      without('describe(description) {', 'describe() { return this;'),
    );
  },
};

function replace(
  { onLoad }: PluginBuild,
  file: RegExp,
  change: (text: string, path: string) => string,
): void {
  onLoad({ filter: file }, ({ path }) => ({ contents: change(readFileSync(path, 'utf8'), path) }));
}

function without(what: string, instead: string): (text: string, path: string) => string {
  return (text, path) => {
    if (text.includes(what)) return text.replace(what, instead);
    throw new Error(`${path} does not say "${what}" any more: see what it loads now`);
  };
}

/** The SBOM would take each module of ours for a package. */
function leaveOut(namespace: string): (result: BuildResult) => void {
  return ({ metafile }) => {
    for (const { inputs } of Object.values(metafile?.outputs ?? {})) {
      for (const path of Object.keys(inputs)) if (path.startsWith(`${namespace}:`)) delete inputs[path];
    }
  };
}
