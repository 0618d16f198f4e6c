// Writes the licence of each component of a CycloneDX file into the folder given: LICENCES.txt, a line for each, and
// the texts that its package has, in a file of its own.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

interface Licence {
  readonly expression?: string;
  readonly license?: {
    readonly id?: string;
    readonly name?: string;
    readonly text?: { readonly content: string; readonly encoding?: string };
  };
}

interface Component {
  readonly group?: string;
  readonly name: string;
  readonly version?: string;
  readonly licenses?: readonly Licence[];
  readonly evidence?: { readonly licenses?: readonly Licence[] };
}

const [bom = '', folder = ''] = process.argv.slice(2).map((path) => resolve(path));
const { components } = JSON.parse(readFileSync(bom, 'utf8')) as { components: readonly Component[] };
mkdirSync(folder, { recursive: true });

const lines = components.map((component) => {
  const { group, name, version = '', licenses = [], evidence } = component;
  const whole = group === undefined ? name : `${group}/${name}`;
  const said = licenses.flatMap(
    ({ expression, license }) => expression ?? license?.id ?? license?.name ?? [],
  );
  const texts = [...licenses, ...(evidence?.licenses ?? [])].flatMap(({ license }) =>
    license?.text === undefined ? [] : textOf(license.text),
  );
  if (texts.length > 0) {
    writeFileSync(
      join(folder, `${whole}-${version}.txt`.replaceAll('/', '_')),
      [...new Set(texts)].join('\n\n'),
    );
  }
  const shown = [...new Set(said)].filter((one) => !one.includes('\n')).join(', ');
  return `${whole} ${version}: ${shown === '' ? 'see its text' : shown}`;
});
writeFileSync(join(folder, 'LICENCES.txt'), `${[...new Set(lines)].sort().join('\n')}\n`);

function textOf({ content, encoding }: { content: string; encoding?: string }): string {
  return encoding === 'base64' ? Buffer.from(content, 'base64').toString() : content;
}
