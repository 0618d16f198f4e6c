export interface Place {
  /** As it shall be printed: relative to the working directory. */
  readonly file: string;
  /** Offsets in UTF-16 units, `end` excluded. */
  readonly start: number;
  readonly end: number;
}

/** What the compiler has to say about a spec: data; pretty text, line and column are a renderer's. */
export interface Finding {
  /** The rule, in kebab case: what `pipegen explain` takes. */
  readonly name: string;
  readonly severity: 'error' | 'warning';
  /** What is wrong; the rule's page says why. */
  readonly message: string;
  readonly at: Place;
  /** What to do about it. */
  readonly help?: string;
  /** Other places that belong to it. */
  readonly labels?: readonly { readonly at: Place; readonly text: string }[];
  /** What `--fix` does about it: safe, so that nobody has to look at it first. The edits belong together. */
  readonly fix?: {
    readonly title: string;
    readonly edits: readonly { readonly at: Place; readonly text: string }[];
  };
}

export function hasErrors(findings: readonly Finding[]): boolean {
  return findings.some(({ severity }) => severity === 'error');
}

/** As many others are named as a person looks at. */
const MAX_LABELS = 3;

/**
 * Findings in the order of their places, each once. What is found in many places by way of one origin keeps the first
 * labels; none where it is wrong at its origin already.
 */
export function sortFindings(findings: readonly Finding[]): Finding[] {
  const unique = new Map<string, Finding>();
  for (const one of findings) {
    const id = idOf(one);
    const known = unique.get(id);
    unique.set(id, known === undefined ? one : withLabels(known, together(known.labels, one.labels)));
  }
  return [...unique.values()].sort(
    (a, b) =>
      compare(a.at.file, b.at.file) ||
      a.at.start - b.at.start ||
      a.at.end - b.at.end ||
      compare(a.name, b.name),
  );
}

/** The same for two findings that are one and the same, found by way of several places. */
export function idOf({ name, at, message }: Finding): string {
  return JSON.stringify([name, at, message]);
}

function together(some: Finding['labels'], more: Finding['labels']): Finding['labels'] {
  if (some === undefined || more === undefined) return undefined;
  const unique = new Map([...some, ...more].map((label) => [JSON.stringify(label), label]));
  return [...unique.values()].slice(0, MAX_LABELS);
}

function withLabels({ labels: _, ...finding }: Finding, labels: Finding['labels']): Finding {
  return labels === undefined ? finding : { ...finding, labels };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
