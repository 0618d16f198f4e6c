import type { ResolvedSpec } from '../resolved.ts';

/**
 * The spec as rules of a project get it: a change of it, which would be one of what is built, throws in theirs. The
 * text and its tree stay as they are; nothing is built from them any more.
 */
export function frozen(spec: ResolvedSpec): ResolvedSpec {
  const { policy, secrets, pipelineNames, environments } = spec;
  for (const part of [policy, secrets, pipelineNames, environments]) freeze(part);
  return Object.freeze({ ...spec });
}

function freeze(value: unknown): void {
  if (value === null || typeof value !== 'object' || Object.isFrozen(value)) return;
  Object.freeze(value);
  for (const one of Object.values(value)) freeze(one);
}
