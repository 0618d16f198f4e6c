import { expect, test } from 'vitest';
import { compile } from '../../../src/compiler/compile.ts';
import { AIRFLOW_VERSIONS } from '../../../src/spec/environment.ts';
import { python } from '../emit/python.ts';
import { expectedJob, hostileSpecs, yamlOf } from './hostile-spec.ts';

/** The constants of a file and of its `DAG(…)`, as Python reads them without running anything. */
const READ = `
import ast, json, sys

def read(source):
    found = {}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "JOB":
            found["job"] = ast.literal_eval(node.value)
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "DAG":
            for one in node.keywords:
                if one.arg in ("description", "tags"):
                    found[one.arg] = ast.literal_eval(one.value)
                if one.arg == "default_args":
                    values = {key.value: value for key, value in zip(one.value.keys, one.value.values)}
                    found["owner"] = ast.literal_eval(values["owner"])
    return found

print(json.dumps([read(source) for source in json.load(sys.stdin)]))
`;

test.each(AIRFLOW_VERSIONS)('any text of a spec is what Python reads in a file for %s', (version) => {
  const specs = hostileSpecs(100, 7);
  const sources = specs.map((spec) => {
    const bytes = Buffer.from(yamlOf(spec, version));
    const { findings, files } = compile({
      file: 'pipelines.yaml',
      bytes,
      readText: () => `sha256:${'0'.repeat(64)}`,
    });
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([]);
    return files.find(({ path }) => path === `production/dags/${spec.name}.py`)?.content;
  });
  const found = python(READ, sources) as {
    job: string;
    description: string;
    tags: string[];
    owner: string;
  }[];
  for (const [index, spec] of specs.entries()) {
    const { job, ...dag } = found[index] ?? { job: '' };
    const { description, tag, owner } = spec.texts;
    expect(dag).toEqual({ description, tags: [tag], owner });
    expect(JSON.parse(job)).toMatchObject(expectedJob(spec));
  }
});
