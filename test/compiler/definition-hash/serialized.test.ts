import { expect, test } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import { serializedHashes } from '../manifest-hash/serialized-hashes.ts';
import { isCompiled, LEAVES, readBeside, rowOf, SPEC, variant } from './variants.ts';

interface Built {
  readonly launcher: string;
  readonly definition: string;
  readonly file: string;
}

/** The DAGs for Airflow 3.3 that a spec makes, by environment and name. */
function built(spec: unknown): Map<string, Built> {
  const bytes = Buffer.from(JSON.stringify(spec));
  const { dags, files, findings } = compile({ file: 'pipelines.yaml', bytes, readText: readBeside });
  expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
  const contents = new Map(files.map(({ path, content }) => [path, content]));
  return new Map(
    dags
      .filter(({ airflow }) => airflow === '3.3')
      .map(({ environment, dagId, definition, launcher }) => {
        const file = contents.get(`${environment}/dags/${dagId}.py`) ?? '';
        return [`${environment}/${dagId}`, { launcher: launcher.kind, definition, file }];
      }),
  );
}

const base = built(SPEC);
const variants = LEAVES.map((leaf) => {
  // A DAG that goes to another Airflow has nothing to be compared with.
  const pairs = [...built(variant(leaf))].flatMap(([dag, after]) => {
    const before = base.get(dag);
    return before === undefined ? [] : [{ leaf, dag, before, after }];
  });
  return { leaf, pairs, changed: pairs.filter(({ before, after }) => before.file !== after.file) };
});

test('the file of a DAG changes exactly when its definition does', () => {
  const wrong = variants
    .flatMap(({ pairs }) => pairs)
    .filter(({ before, after }) => (before.file === after.file) !== (before.definition === after.definition));
  expect(wrong.map(({ leaf, dag }) => `${leaf}: ${dag}`)).toEqual([]);
});

test('a field of the language changes a DAG exactly when the table says so', () => {
  const wrong = variants.filter(({ leaf, pairs, changed }) => {
    const standing = [...base.keys()].filter((dag) => isCompiled(leaf, dag.split('/')[0] ?? '')).length;
    const moved = changed.length > 0 || pairs.length < standing;
    return moved !== (rowOf(leaf)?.[2] === 'changes');
  });
  expect(wrong.map(({ leaf }) => leaf)).toEqual([]);
});

// The same text is always the same version; what is left to ask is whether each change is a new one.
test.each(['process', 'kubernetes'])('Airflow 3.3 sees every change of a DAG of %s', async (launcher) => {
  // One DAG for each field that reaches them.
  const chosen = variants.flatMap(
    ({ changed }) => changed.find(({ after }) => after.launcher === launcher) ?? [],
  );
  expect(chosen.length).toBeGreaterThan(50);
  const texts = chosen.flatMap(({ before, after }) => [before.file, after.file]);
  const hashes = await serializedHashes('3.3', new Map(texts.map((text) => [text, text])));
  const unseen = chosen.filter(({ before, after }) => hashes.get(before.file) === hashes.get(after.file));
  expect(unseen.map(({ leaf, dag }) => `${leaf}: ${dag}`)).toEqual([]);
});
