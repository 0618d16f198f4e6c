import fc from 'fast-check';

/** What Python, Jinja, YAML, JSON, bash, Kubernetes or Airflow could take for its own. */
const PIECES = [
  '"',
  "'",
  '"""',
  "'''",
  '\\',
  '\\n',
  '\\u007b',
  '\n',
  '\r',
  '\r\n',
  '\t',
  '\0',
  '\x1b',
  '\x85',
  '\u2028',
  '\u202e',
  '\ufeff',
  'é',
  '東京',
  '🛫',
  '{{ ds }}',
  '{{',
  '}}',
  '{{{',
  '{% raw %}',
  '{%-',
  '%}',
  '{#',
  '#}',
  '{',
  '}',
  '$(PIPEGEN_JOB)',
  '$$',
  '$',
  '%s',
  '# ',
  ': ',
  ' ',
  '*a',
  '&a',
];

// Airflow takes a templated text with such an end for the name of a file.
const ENDS = ['', '.json', '.yaml', '.yml', '.sh', '.bash', '\n'];

/** Any text but a lone surrogate, at least a character long and short enough for a tag. */
export const hostileText: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(
      fc.oneof(fc.constantFrom(...PIECES), fc.string({ unit: 'binary', minLength: 1, maxLength: 3 })),
      { minLength: 1, maxLength: 7 },
    ),
    fc.constantFrom(...ENDS),
  )
  .map(([pieces, end]) => pieces.join('') + end)
  .filter((text) => text.isWellFormed() && text.length <= 100);

/** The same for what a process is given: the system ends its arguments and variables at the first NUL. */
export const hostileArgument = hostileText
  .map((text) => text.replaceAll('\0', ''))
  .filter((text) => text !== '');

/** The same where `${…}` has a meaning of its own and a text without one is refused. */
export const hostileTemplate = hostileText.map((text) => text.replaceAll('${', '$ {'));
