/** Where the words of a definition are not the spec's own in snake case. */
const WORDS: Readonly<Record<string, readonly string[]>> = {
  lookback: ['partition', 'lookback'],
  runTimeoutSeconds: ['run_timeout'],
  retryDelaySeconds: ['retry_delay'],
  maxRetryDelaySeconds: ['retry_backoff', 'max'],
  timeoutSeconds: ['timeout'],
};

/** Follows from something else that is compared: saying it again would only add noise. */
const DERIVED: readonly RegExp[] = [
  /^(dagId|environment|definition|timezone)$/,
  /^publishes\b/,
  /^tasks\.[^.]+\.(definition|dbtCloud|pods|afterPods)\b/,
  /^lineage\.(table|dbt|source\.path)\b/,
  /^job\.(pipeline|environment|timezone|steps)\b/,
];

export function isDerived(path: readonly string[]): boolean {
  return DERIVED.some((pattern) => pattern.test(path.join('.')));
}

/** A path of a definition in the words of the spec: `job.extract.path` is `extract.path`. */
export function specPath(path: readonly string[]): string[] {
  const [first = '', ...rest] = path;
  if (first === 'job') return rest;
  if (first === 'launcher') return [...path];
  const [step, ...inside] = rest;
  if (first === 'tasks' && step !== undefined) return ['steps', step, ...inside.flatMap(inWords)];
  return [...inWords(first), ...rest];
}

function inWords(key: string): readonly string[] {
  return Object.hasOwn(WORDS, key)
    ? (WORDS[key] ?? [])
    : [key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)];
}
