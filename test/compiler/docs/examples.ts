import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/**
 * A fenced block of YAML in a document. A comment on the line above, which no reader sees, says what it is:
 * `<!-- yaml: in pipelines.flights -->` a fragment of a spec that stands there, `<!-- yaml: for pipelines.flights -->`
 * one whose keys take the place of those that stand there, `<!-- yaml: finds NAME -->` that lint finds this in it,
 * `<!-- yaml: other -->` that it is no part of a spec. Without one it is a fragment from the root, and sound.
 */
export interface Example {
  readonly document: string;
  readonly text: string;
  readonly kind: 'in' | 'for' | 'other';
  readonly path: readonly string[];
  readonly finds: readonly string[];
}

const MARKED = /^(?:<!-- yaml: ([^\n]*) -->\n)?```yaml\n(.*?)^```$/gms;

/** Every example of the README and of docs/, but for those of the rules, which are generated and tested as such. */
export function examples(): Example[] {
  const pages = readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md') && !/^rules[/\\]/.test(name))
    .map((name) => `docs/${name}`)
    .sort();
  return ['README.md', ...pages].flatMap((document) => examplesOf(document));
}

export function examplesOf(document: string): Example[] {
  const page = readFileSync(join(ROOT, document), 'utf8');
  return [...page.matchAll(MARKED)].map(([, marker = '', text = '']) => {
    const words = marker.split(/[ ,]+/).filter((word) => word !== '');
    const wordAfter = (word: string) => (words.includes(word) ? words[words.indexOf(word) + 1] : undefined);
    const place = wordAfter('in') ?? wordAfter('for');
    return {
      document,
      text,
      kind: words.includes('other') ? 'other' : words.includes('for') ? 'for' : 'in',
      path: place === undefined ? [] : place.split('.'),
      finds: words.flatMap((word, index) => (words[index - 1] === 'finds' ? [word] : [])),
    };
  });
}
