import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Project, Type } from 'ts-morph';

export type Morph = typeof import('ts-morph');

/** What handlers are called with and give back, as types that theirs are compared with. */
export type Wanted = 'sourceContext' | 'transformContext' | 'anyIterable' | 'batches';

export interface Program {
  readonly morph: Morph;
  readonly project: Project;
  wanted(name: Wanted): Type;
}

/** Of `src` in a checkout, of `dist` in the published package. */
const END = import.meta.url.endsWith('.ts') ? 'ts' : 'd.ts';
const ours = (path: string) => fileURLToPath(new URL(`../../${path}.${END}`, import.meta.url));

/**
 * A TypeScript of its own over the project's folder, whatever version and tsconfig the project has. It takes more
 * than a second to load, which is why nothing else imports it. All files are there before the first type is asked
 * for: types of before and after another file are not of the same program.
 *
 * @param files of the handlers, in the project
 * @param generated path in the project → text, in place of what stands there
 */
export function openProgram(
  home: string,
  files: readonly string[],
  generated: Readonly<Record<string, string>>,
): Program {
  const morph: Morph = createRequire(import.meta.url)('ts-morph');
  const { ScriptTarget, ModuleKind, ModuleResolutionKind } = morph.ts;
  const project = new morph.Project({
    skipAddingFilesFromTsConfig: true,
    skipFileDependencyResolution: true,
    compilerOptions: {
      strict: true,
      lib: ['lib.es2023.d.ts'],
      types: [],
      target: ScriptTarget.ES2023,
      module: ModuleKind.NodeNext,
      moduleResolution: ModuleResolutionKind.NodeNext,
      allowImportingTsExtensions: true,
      allowJs: true,
      noEmit: true,
      skipLibCheck: true,
      paths: {
        'pipegen/handlers': [ours('handlers/handlers')],
        'pipegen/sources/aviationstack': [ours('sources/aviationstack')],
      },
    },
  });
  for (const [path, text] of Object.entries(generated)) {
    project.createSourceFile(join(home, path), text, { overwrite: true });
  }
  const probe = project.createSourceFile(
    join(home, '.pipegen-wanted.mts'),
    `import type { SourceContext, TransformContext } from 'pipegen/handlers';
export type sourceContext = SourceContext<any, any>;
export type transformContext = TransformContext;
export type anyIterable = AsyncIterable<unknown>;
export type batches = AsyncIterable<{ readonly records: readonly unknown[]; readonly checkpoint?: unknown; readonly total?: number | undefined }>;
`,
  );
  for (const file of files) project.addSourceFileAtPath(join(home, file));
  return { morph, project, wanted: (name) => probe.getTypeAliasOrThrow(name).getType() };
}
