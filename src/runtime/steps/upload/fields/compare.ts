import type { Fields } from './field.ts';

/** What a run found that the one before had otherwise, by pointers in order. */
export interface Changes {
  readonly added: readonly string[];
  /** Fields of the last run that are nowhere now. */
  readonly vanished: readonly string[];
  /** Fields that have values of a kind which they never had. */
  readonly retyped: readonly string[];
}

/**
 * @param known every field that any run has seen, with the kinds of its values
 * @param last those of the last run
 */
export function compareFields(known: Fields, last: readonly string[], now: Fields): Changes {
  const present = Object.keys(now);
  return {
    added: present.filter((field) => known[field] === undefined),
    vanished: last.filter((field) => now[field] === undefined && !isHidden(field, now)),
    retyped: present.filter((field) => {
      const before = known[field] ?? [];
      return before.length > 0 && now[field]?.some((kind) => !before.includes(kind));
    }),
  };
}

/** Of what is null everywhere, or is not there itself, nobody can say what it holds. */
function isHidden(field: string, now: Fields): boolean {
  for (let end = field.lastIndexOf('/'); end > 0; end = field.lastIndexOf('/', end - 1)) {
    const above = now[field.slice(0, end)];
    if (above === undefined || !above.includes('object')) return true;
  }
  return false;
}

/** Everything seen so far and now. */
export function joinFields(known: Fields, now: Fields): Fields {
  const joined: Record<string, Fields[string]> = { ...known };
  for (const [field, kinds] of Object.entries(now)) {
    joined[field] = [...new Set([...(known[field] ?? []), ...kinds])].sort();
  }
  return joined;
}
