import { Document, type Node } from 'yaml';
import type { GeneratedFile } from '../dag.ts';
import { MARK } from '../targets/documentation.ts';

/** One file of the set-up of a cluster. */
export interface ManifestFile {
  /** What stands behind the number in its name: `namespace`. */
  readonly name: string;
  /** In one line, for the header: what it makes. */
  readonly makes: string;
  /** For people: reasons, and what to do by hand. Lines without `#`. */
  readonly notes: readonly string[];
  /** None where the file is for people alone. */
  readonly objects: readonly object[];
}

const LABELS = { 'app.kubernetes.io/managed-by': 'pipegen' };

/** An object of Kubernetes, with the label by which all of ours are found. */
export function object(
  type: readonly [apiVersion: string, kind: string],
  metadata: { readonly name: string; readonly namespace?: string; readonly labels?: object },
  rest: object = {},
): object {
  const [apiVersion, kind] = type;
  const labels = { ...LABELS, ...metadata.labels };
  return { apiVersion, kind, metadata: { ...metadata, labels }, ...rest };
}

const SCRATCH = new Document();

/** A value with lines of comment above it. */
export function noted(value: unknown, ...lines: readonly string[]): Node {
  const node = SCRATCH.createNode(value, { aliasDuplicateObjects: false });
  node.commentBefore = lines.map((line) => ` ${plain(line)}`).join('\n');
  return node;
}

/** @param place from 1, among `count` files */
export function printManifest(
  { environment, specFile }: { readonly environment: string; readonly specFile: string },
  file: ManifestFile,
  place: number,
  count: number,
): GeneratedFile {
  const header = [
    `${MARK} from ${specFile}. Do not edit: change the spec and run \`npx pipegen build\`.`,
    `File ${place} of ${count} for the environment ${environment}: ${file.makes}.`,
    ...file.notes,
  ].map((line) => `# ${plain(line)}`.trimEnd());
  const documents = file.objects.map(print);
  const content = [`${header.join('\n')}\n`, ...documents].join('---\n');
  return { path: `${environment}/kubernetes/${place}-${file.name}.yaml`, content };
}

/** Texts that YAML 1.1 would take for something else are quoted: that is what kubectl reads. */
function print(value: object): string {
  const document = new Document(value, { aliasDuplicateObjects: false, compat: 'yaml-1.1' });
  return document.toString({ lineWidth: 0 });
}

/** A name of the spec may hold anything; what would end the comment is shown as ?. */
function plain(line: string): string {
  return line.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, '?');
}
