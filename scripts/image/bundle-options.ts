import type { BuildOptions } from 'esbuild';
import { axiosWithoutFetch, builtinsByRequire, usedPartsOfZod } from './bundle-plugins.ts';

/** How all that the image runs is bundled. */
export const OPTIONS = {
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node22',
  minifyWhitespace: true,
  minifySyntax: true,
  legalComments: 'none',
  // What was CommonJS needs them.
  banner: {
    js: [
      "const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);",
      'const { filename: pipegenFilename, dirname: pipegenDirname } = import.meta;',
    ].join('\n'),
  },
  define: { __filename: 'pipegenFilename', __dirname: 'pipegenDirname' },
  logLevel: 'warning',
} satisfies BuildOptions;

export const PLUGINS = [usedPartsOfZod, builtinsByRequire, axiosWithoutFetch];
