import { RULES } from '../rules/registry.ts';
import type { Explanation } from './explanation.ts';
import { OF_ANCHORS } from './of-anchors.ts';
import { OF_BUILD } from './of-build.ts';
import { OF_HANDLERS } from './of-handlers.ts';
import { OF_INCLUDES } from './of-includes.ts';
import { OF_REFERENCES } from './of-references.ts';
import { OF_RULES } from './of-rules.ts';
import { OF_SHAPE } from './of-shape.ts';
import { OF_SILENCES } from './of-silences.ts';
import { OF_TEXT } from './of-text.ts';
import { OF_VALUES } from './of-values.ts';

/** Everything that a finding can be called, by name. */
export const EXPLANATIONS: ReadonlyMap<string, Explanation> = new Map(
  [
    ...RULES,
    ...OF_TEXT,
    ...OF_ANCHORS,
    ...OF_VALUES,
    ...OF_INCLUDES,
    ...OF_SHAPE,
    ...OF_REFERENCES,
    ...OF_HANDLERS,
    ...OF_BUILD,
    ...OF_RULES,
    ...OF_SILENCES,
  ]
    .map((one): [string, Explanation] => [one.name, one])
    .sort(([a], [b]) => (a < b ? -1 : 1)),
);

/** The rules that a comment may silence. */
export const SILENCEABLE: readonly string[] = RULES.filter(({ certain }) => certain !== true).map(
  ({ name }) => name,
);
