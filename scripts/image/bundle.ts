// Bundles the runtime for the image into the folder given: the layout of the published package (bin, dist), the native
// parts beside it, sbom/runtime.cdx.json and sbom/runtime.meta.json, which says what went into each file.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { cyclonedxEsbuildPlugin } from '@cyclonedx/cyclonedx-esbuild';
import { build, type Plugin } from 'esbuild';

const out = resolve(process.argv[2] ?? 'dist/image');
const bindings = `@duckdb/node-bindings-${process.platform}-${process.arch}`;

/** DuckDB asks for the binding of the machine it is on; those of other machines are not installed. */
const oneBinding: Plugin = {
  name: 'one-binding',
  setup({ onResolve }) {
    onResolve({ filter: /^@duckdb\/node-bindings-/ }, ({ path }) =>
      path.startsWith(`${bindings}/`) ? undefined : { path, external: true },
    );
  },
};

/**
 * zod as a namespace, of which a bundler can leave out what nobody uses: its messages in 50 languages, which are three
 * quarters of it, would be read at each start.
 */
const usedPartsOfZod: Plugin = {
  name: 'used-parts-of-zod',
  setup({ onLoad }) {
    onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      contents: readFileSync(path, 'utf8').replace("import { z } from 'zod';", "import * as z from 'zod';"),
      loader: 'ts',
    }));
  },
};

/**
 * Node's own modules by require: an import reads every export of theirs, and so makes `node:http` load all of undici
 * for a WebSocket that nobody wants, and `node:crypto` the whole of Web Crypto.
 */
const builtinsByRequire: Plugin = {
  name: 'builtins-by-require',
  setup({ onResolve, onLoad, onEnd }) {
    const namespace = 'of-node';
    onResolve({ filter: /^(node:)?[a-z]/ }, ({ path, kind }) =>
      isBuiltin(path) && kind === 'import-statement'
        ? { path: path.replace(/^node:/, ''), namespace, sideEffects: false }
        : undefined,
    );
    onLoad({ filter: /.*/, namespace }, ({ path }) => ({
      contents: `module.exports = require('node:${path}');`,
    }));
    // The SBOM, which comes after this, would take each for a package.
    onEnd(({ metafile }) => {
      for (const { inputs } of Object.values(metafile?.outputs ?? {})) {
        for (const path of Object.keys(inputs)) if (path.startsWith(`${namespace}:`)) delete inputs[path];
      }
    });
  },
};

/** axios reads `Request` and `FormData` for what none of our requests uses; to read them loads undici once more. */
const axiosWithoutFetch: Plugin = {
  name: 'axios-without-fetch',
  setup({ onLoad }) {
    onLoad({ filter: /\/axios\/lib\/adapters\/fetch\.js$/ }, () => ({
      contents: 'export const getFetch = () => false; export default false;',
    }));
    onLoad({ filter: /\/axios\/lib\/utils\.js$/ }, ({ path }) => {
      const text = readFileSync(path, 'utf8');
      const contents = text.replace(
        "typeof G.FormData !== 'undefined' ? G.FormData : undefined",
        'undefined',
      );
      if (contents === text)
        throw new Error(`${path} reads FormData in another way: see whether it still loads undici`);
      return { contents };
    });
  },
};

const { metafile } = await build({
  // Two modules are found by their place: a worker beside who starts it, and what handlers import, two folders up. Both
  // are right as long as the chunks, which hold who asks, are in runtime/handlers.
  entryPoints: {
    'runtime/main': 'src/runtime/main.ts',
    'runtime/handlers/find-list-worker': 'src/runtime/find-list-worker.ts',
    'handlers/handlers': 'src/handlers/handlers.ts',
    'sources/aviationstack': 'src/sources/aviationstack.ts',
  },
  chunkNames: 'runtime/handlers/[name]-[hash]',
  assetNames: 'native/[name]',
  outdir: join(out, 'dist'),
  bundle: true,
  splitting: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  legalComments: 'none',
  loader: { '.node': 'copy' },
  // What was CommonJS needs them.
  banner: {
    js: [
      "const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);",
      'const { filename: pipegenFilename, dirname: pipegenDirname } = import.meta;',
    ].join('\n'),
  },
  define: { __filename: 'pipegenFilename', __dirname: 'pipegenDirname' },
  metafile: true,
  logLevel: 'warning',
  plugins: [
    oneBinding,
    usedPartsOfZod,
    builtinsByRequire,
    axiosWithoutFetch,
    cyclonedxEsbuildPlugin({
      outputFile: join(out, 'sbom/runtime.cdx.json'),
      gatherLicenseTexts: true,
      outputReproducible: true,
      validate: false,
    }),
  ],
});

// The binding is linked to the library in its own folder.
const binding = createRequire(createRequire(import.meta.url).resolve('@duckdb/node-api')).resolve(
  `${bindings}/duckdb.node`,
);
cpSync(join(dirname(binding), 'libduckdb.so'), join(out, 'dist/native/libduckdb.so'));
cpSync('bin', join(out, 'bin'), { recursive: true });
const { name, version, license, type, exports: all } = JSON.parse(readFileSync('package.json', 'utf8'));
// Rules are for whoever lints, which no container does.
const { './rules': _, ...exports } = all;
writeFileSync(
  join(out, 'package.json'),
  `${JSON.stringify({ name, version, license, type, exports }, null, 2)}\n`,
);
mkdirSync(join(out, 'sbom'), { recursive: true });
writeFileSync(join(out, 'sbom/runtime.meta.json'), JSON.stringify(metafile));
