import { join } from 'node:path';
import { build } from 'esbuild';
import {
  axiosWithoutFetch,
  builtinsByRequire,
  onlyWhatWeUse,
  usedPartsOfZod,
} from '../../scripts/image/bundle-plugins.ts';

/** Bundles the libraries as the image has them, into FOLDER/libraries.mjs. */
export async function bundleLibraries(folder: string): Promise<void> {
  await build({
    entryPoints: [join(import.meta.dirname, 'libraries.ts')],
    outfile: join(folder, 'libraries.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    minifyWhitespace: true,
    minifySyntax: true,
    banner: {
      js: "const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);",
    },
    plugins: [onlyWhatWeUse, usedPartsOfZod, builtinsByRequire, axiosWithoutFetch],
    logLevel: 'warning',
  });
}
