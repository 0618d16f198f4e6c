/** A field of the source that no column reads. */
export interface UnreadField {
  /** Dotted path. */
  readonly field: string;
  /** What its values are, such as `text` or `number`, by how often. */
  readonly kinds: readonly string[];
  /** Records that have it. */
  readonly records: number;
}

/** Deeper ones are named by the object that holds them. */
const DEEPEST = 6;
const MOST_FIELDS = 500;

/**
 * Fields of the records that none of the paths reads, by name. A path reads everything below it; lists are fields of
 * their own. Values are not shown: one may be what a masked column hides elsewhere.
 *
 * @param paths dotted, or pointers that begin with `/`
 */
export function unreadFields(records: readonly unknown[], paths: readonly string[]): UnreadField[] {
  const read = new Set(paths.map(dotted));
  const found = new Map<string, { kinds: Map<string, number>; records: number }>();
  const note = (field: string, value: unknown) => {
    const entry = found.get(field) ?? { kinds: new Map<string, number>(), records: 0 };
    if (!found.has(field) && found.size >= MOST_FIELDS) return;
    found.set(field, entry);
    const kind = kindOf(value);
    entry.kinds.set(kind, (entry.kinds.get(kind) ?? 0) + 1);
    entry.records += 1;
  };
  const walk = (value: object, prefix: string, depth: number) => {
    for (const [key, one] of Object.entries(value)) {
      const field = `${prefix}${key}`;
      if (read.has(field)) continue;
      const inside = typeof one === 'object' && one !== null && !Array.isArray(one) && depth < DEEPEST;
      if (inside && Object.keys(one).length > 0) walk(one, `${field}.`, depth + 1);
      else note(field, one);
    }
  };
  for (const record of records) {
    if (typeof record === 'object' && record !== null) walk(record, '', 1);
  }
  return [...found]
    .map(([field, entry]) => ({
      field,
      records: entry.records,
      kinds: [...entry.kinds].sort(([, a], [, b]) => b - a).map(([kind]) => kind),
    }))
    .sort((a, b) => (a.field < b.field ? -1 : 1));
}

function dotted(path: string): string {
  if (!path.startsWith('/')) return path;
  return path
    .slice(1)
    .split('/')
    .map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~'))
    .join('.');
}

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'bigint') return 'number';
  return typeof value;
}
