import { suggest } from './did-you-mean.ts';
import { EXPLANATIONS } from './explain/explanations.ts';
import type { Finding, Place } from './finding.ts';
import { longTexts } from './layout.ts';
import type { KnownRules } from './severities.ts';
import type { SourceFile } from './source-file.ts';

const COMMENT = /^[ \t]*#[ \t]*pipegen-ignore\b(.*)$/gm;

/** `# pipegen-ignore NAME, NAME: REASON` and the line that it is about. */
interface Silence {
  readonly names: readonly { readonly name: string; readonly at: Place }[];
  readonly reason: string;
  /** The comment from its `#` on. */
  readonly at: Place;
  /** Offsets of the next line that is neither empty nor a comment; `end` excluded. */
  readonly line: { readonly start: number; readonly end: number };
}

/**
 * Takes out the findings that a comment above their line silences with a reason, and says what is wrong with such
 * comments.
 * @param complete whether every rule has spoken of everything: only then is it known that a silence has no use
 * @param policy rules that it turns off and rules that it lets nobody silence, and where
 */
export function applySilences(
  source: SourceFile,
  findings: readonly Finding[],
  complete: boolean,
  known: KnownRules,
  policy: Readonly<Record<'off' | 'enforced', ReadonlyMap<string, Place>>>,
): Finding[] {
  const silences = silencesIn(source);
  if (silences.length === 0) return [...findings];
  const silenced = new Set<Finding>();
  const found = byName(source, findings);
  const own = silences.flatMap((silence): Finding[] => {
    if (silence.reason === '') {
      return [
        {
          name: 'silence-without-reason',
          severity: 'error',
          message: 'this silence has no reason',
          at: silence.at,
          help: 'write it behind the name: # pipegen-ignore NAME: REASON',
        },
      ];
    }
    return silence.names.flatMap(({ name, at }): Finding[] => {
      if (!known.names.includes(name)) return notSilenceable(name, at, known);
      const enforced = policy.enforced.get(name);
      if (enforced !== undefined) return [silenceOfEnforced(name, at, enforced)];
      const turnedOff = policy.off.get(name);
      if (turnedOff !== undefined) return [silenceOfNothing(name, at, turnedOff)];
      const hit = onLine(found.get(name) ?? [], silence);
      for (const one of hit) silenced.add(one);
      if (hit.length > 0 || !complete) return [];
      return [
        {
          name: 'unused-silence',
          severity: 'warning',
          message: `there is no ${name} on the line below`,
          at,
          help: 'remove it, or put it on the line above the finding',
        },
      ];
    });
  });
  return [...findings.filter((one) => !silenced.has(one)), ...own];
}

function silenceOfEnforced(name: string, at: Place, enforced: Place): Finding {
  return {
    name: 'silence-not-allowed',
    severity: 'error',
    message: `the policy lets nobody silence ${name}`,
    at,
    labels: [{ at: enforced, text: 'enforced here' }],
    help: 'remove it and repair what is found, or have the rule taken out of policy.enforced',
  };
}

function silenceOfNothing(name: string, at: Place, turnedOff: Place): Finding {
  return {
    name: 'unused-silence',
    severity: 'warning',
    message: `the policy turns ${name} off, so there is nothing to silence`,
    at,
    labels: [{ at: turnedOff, text: 'turned off here' }],
    help: 'remove it',
  };
}

function notSilenceable(name: string, at: Place, known: KnownRules): Finding[] {
  const base = { name: 'silence-of-unknown-name', severity: 'error', at } as const;
  if (EXPLANATIONS.has(name)) {
    return [
      {
        ...base,
        message: `${name} can’t be silenced: it would make a wrong DAG or end every run`,
        help: `repair it; \`pipegen explain ${name}\` says why`,
      },
    ];
  }
  // It may be a rule of the project that could not be loaded, of which another finding speaks.
  if (!known.isAll) return [];
  const help = suggest(name, known.names);
  const near = help?.startsWith('did you mean') === true ? help : '`pipegen explain` lists them';
  return [{ ...base, message: `there is no rule "${name}"`, help: near }];
}

/** The findings of a file by their names, each in the order of their places. */
function byName(source: SourceFile, findings: readonly Finding[]): ReadonlyMap<string, readonly Finding[]> {
  const found = new Map<string, Finding[]>();
  for (const one of findings) {
    if (one.at.file !== source.file) continue;
    const others = found.get(one.name);
    if (others === undefined) found.set(one.name, [one]);
    else others.push(one);
  }
  for (const ones of found.values()) ones.sort((a, b) => a.at.start - b.at.start);
  return found;
}

/** Those that begin on the line, of some in order: thousands of silences must not each look at all. */
function onLine(findings: readonly Finding[], { line }: Silence): Finding[] {
  let [first, behind] = [0, findings.length];
  while (first < behind) {
    const middle = (first + behind) >> 1;
    if ((findings[middle]?.at.start ?? 0) < line.start) first = middle + 1;
    else behind = middle;
  }
  const hit: Finding[] = [];
  for (let one = findings[first]; one !== undefined && one.at.start < line.end; one = findings[++first])
    hit.push(one);
  return hit;
}

function silencesIn(source: SourceFile): Silence[] {
  const { text, file } = source;
  if (!text.includes('pipegen-ignore')) return [];
  // What looks like a comment inside of a text over several lines is none.
  const texts = longTexts(source.layout, text);
  return [...text.matchAll(COMMENT)].flatMap((match): Silence[] => {
    const start = match.index + match[0].indexOf('#');
    if (texts.some((one) => one.start < start && start < one.end)) return [];
    const [whole] = match;
    const end = match.index + whole.trimEnd().length;
    const said = match[1] ?? '';
    const colon = said.indexOf(':');
    const list = colon < 0 ? said : said.slice(0, colon);
    const offset = match.index + whole.length - said.length;
    const names = [...list.matchAll(/[^\s,]+/g)].map((one) => ({
      name: one[0],
      at: { file, start: offset + one.index, end: offset + one.index + one[0].length },
    }));
    const reason = colon < 0 || names.length === 0 ? '' : said.slice(colon + 1).trim();
    return [{ names, reason, at: { file, start, end }, line: lineAfter(text, match.index + whole.length) }];
  });
}

function lineAfter(text: string, offset: number): Silence['line'] {
  const next = /\n(?![ \t]*(#|\r?\n|$))[^\n]*/g;
  next.lastIndex = offset;
  const found = next.exec(text);
  return found === null
    ? { start: text.length, end: text.length }
    : { start: found.index + 1, end: found.index + found[0].length };
}
