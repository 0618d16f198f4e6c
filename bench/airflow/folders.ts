import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { compile } from '../../src/compiler/compile.ts';
import { bareFile, equalFile, plainFile } from './by-hand.ts';
import { factoryYaml } from './dag-factory.ts';
import { DIGEST, specText } from './spec.ts';

export const VARIANTS = ['pipegen', 'equal', 'plain', 'bare', 'dag-factory'] as const;
export type Variant = (typeof VARIANTS)[number];

/** The same pipelines in five ways, a folder each: as generated, as written by hand three times, by dag-factory. */
export function writeFolders(root: string, count: number): void {
  const bytes = Buffer.from(specText(count));
  const { dags, files, findings } = compile({ file: 'pipelines.yaml', bytes, readText: () => DIGEST });
  if (dags.length !== count)
    throw new Error(`the spec is not sound: ${JSON.stringify(findings.slice(0, 3))}`);
  const put = (variant: Variant, path: string, text: string) => {
    const file = join(root, variant, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  };
  for (const { path, content } of files.filter((file) => file.path.endsWith('.py'))) {
    put('pipegen', path.split('/').at(-1) ?? path, content);
  }
  for (const dag of dags) {
    put('equal', `${dag.dagId}.py`, equalFile(dag));
    put('plain', `${dag.dagId}.py`, plainFile(dag));
    put('bare', `${dag.dagId}.py`, bareFile(dag));
    put('dag-factory', `${dag.dagId}.yaml`, factoryYaml(dag));
    put('dag-factory', `${dag.dagId}.py`, LOADER);
  }
}

/** A file for each, as Airflow's parser and its tasks like it best: one for all is read whole by every task. */
const LOADER = `from pathlib import Path

from dagfactory import load_yaml_dags

# The DAG processor opens only files that hold the words "airflow" and "dag".
load_yaml_dags(globals_dict=globals(), config_filepath=str(Path(__file__).with_suffix(".yaml")))
`;
