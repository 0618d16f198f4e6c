// Bundles the runtime for the image into the folder given: the layout of the published package (bin, dist), the native
// parts beside it, sbom/runtime.cdx.json and sbom/runtime.meta.json, which says what went into each file.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
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
      "import { createRequire as pipegenRequire } from 'node:module';",
      'const require = pipegenRequire(import.meta.url);',
      'const { filename: pipegenFilename, dirname: pipegenDirname } = import.meta;',
    ].join('\n'),
  },
  define: { __filename: 'pipegenFilename', __dirname: 'pipegenDirname' },
  metafile: true,
  logLevel: 'warning',
  plugins: [
    oneBinding,
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
const { name, version, license, type, exports } = JSON.parse(readFileSync('package.json', 'utf8'));
writeFileSync(
  join(out, 'package.json'),
  `${JSON.stringify({ name, version, license, type, exports }, null, 2)}\n`,
);
mkdirSync(join(out, 'sbom'), { recursive: true });
writeFileSync(join(out, 'sbom/runtime.meta.json'), JSON.stringify(metafile));
