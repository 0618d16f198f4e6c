// Bundles the runtime for the image into the folder given: the layout of the published package (bin, dist), the native
// parts beside it, sbom/runtime.cdx.json and sbom/runtime.meta.json, which says what went into each file.
//
// All of ours is one file, whose modules run when they are first asked for: to find, read and link many small ones takes
// a step longer than what it does until its first request. Large packages, which a step may not need, are beside it.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { cyclonedxEsbuildPlugin } from '@cyclonedx/cyclonedx-esbuild';
import { type BuildOptions, build, type Metafile, type Plugin } from 'esbuild';
import { OPTIONS, PLUGINS } from './bundle-options.ts';
import { oneBinding, onlyWhatWeUse, packagesBeside } from './bundle-plugins.ts';

const out = resolve(process.argv[2] ?? 'dist/image');
const bindings = `@duckdb/node-bindings-${process.platform}-${process.arch}`;
/** Large packages, by the names of their files. */
const PACKAGES: Readonly<Record<string, string>> = {
  duckdb: '@duckdb/node-api',
  gcs: '@google-cloud/storage',
  snowflake: 'snowflake-sdk',
};

const options = { ...OPTIONS, outdir: join(out, 'dist'), metafile: true } satisfies BuildOptions;

// Two modules are found by their place: a worker beside who starts it, and what handlers import, two folders up. Both
// are right as long as who asks is in runtime/handlers.
const beside = await build({
  ...options,
  entryPoints: {
    ...Object.fromEntries(
      Object.entries(PACKAGES).map(([file, name]) => [`runtime/handlers/packages/${file}`, name]),
    ),
    'runtime/handlers/find-list-worker': 'src/runtime/find-list-worker.ts',
    'handlers/handlers': 'src/handlers/handlers.ts',
    'sources/aviationstack': 'src/sources/aviationstack.ts',
  },
  splitting: true,
  chunkNames: 'runtime/handlers/packages/[name]-[hash]',
  assetNames: 'native/[name]',
  loader: { '.node': 'copy' },
  plugins: [oneBinding(bindings), ...PLUGINS],
});

/** The SBOM is of both builds. */
const withMetafile = ({ inputs, outputs }: Metafile): Plugin => ({
  name: 'with-metafile',
  setup({ onEnd }) {
    onEnd(({ metafile }) => {
      Object.assign(metafile?.inputs ?? {}, inputs);
      Object.assign(metafile?.outputs ?? {}, outputs);
    });
  },
});

const { metafile } = await build({
  ...options,
  entryPoints: { 'runtime/handlers/main': 'src/runtime/main.ts' },
  plugins: [
    packagesBeside(
      Object.fromEntries(Object.entries(PACKAGES).map(([file, name]) => [name, `./packages/${file}.js`])),
    ),
    onlyWhatWeUse,
    ...PLUGINS,
    withMetafile(beside.metafile),
    cyclonedxEsbuildPlugin({
      outputFile: join(out, 'sbom/runtime.cdx.json'),
      gatherLicenseTexts: true,
      outputReproducible: true,
      validate: false,
    }),
  ],
});
writeFileSync(join(out, 'dist/runtime/main.js'), "export { main } from './handlers/main.js';\n");

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
