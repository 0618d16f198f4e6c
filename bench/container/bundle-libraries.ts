import { join } from 'node:path';
import { build } from 'esbuild';
import { OPTIONS, PLUGINS } from '../../scripts/image/bundle-options.ts';
import { onlyWhatWeUse } from '../../scripts/image/bundle-plugins.ts';

/** Bundles the libraries as the image has them, into FOLDER/libraries.mjs. */
export async function bundleLibraries(folder: string): Promise<void> {
  await build({
    ...OPTIONS,
    entryPoints: [join(import.meta.dirname, 'libraries.ts')],
    outfile: join(folder, 'libraries.mjs'),
    plugins: [onlyWhatWeUse, ...PLUGINS],
  });
}
