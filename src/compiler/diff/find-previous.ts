import { DEFINITIONS } from '../definitions.ts';
import type { ResolvedSpec } from '../resolved.ts';
import { readPrevious } from './previous.ts';

/** Where a build writes unless it is told otherwise. */
const OUTPUT = 'generated';

/** What the last build left of each environment: for the rules about what is no longer there. */
export function findPrevious(
  spec: ResolvedSpec,
  readText: (path: string) => string | undefined,
): ResolvedSpec {
  const previous = spec.environments.flatMap(({ name }) => {
    const text = readText(`${OUTPUT}/${name}/${DEFINITIONS}`);
    return text === undefined ? [] : [[name, readPrevious(name, text)] as const];
  });
  return { ...spec, previous: new Map(previous) };
}
