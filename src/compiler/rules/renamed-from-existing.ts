import { pipelinesOf, type Rule } from './rule.ts';

export const renamedFromExisting: Rule = {
  name: 'renamed-from-existing',
  severity: 'error',
  category: 'correctness',
  certain: true,
  why: 'A pipeline that is still in the spec was not renamed, and two pipelines can’t both be what an old one has become: the comparison with the last build would tell the history of the wrong DAG.',
  bad: 'pipelines: { flights: { renamed_from: other }, other: { description: Another, dbt: { project: dbt, select: [all] } } }',
  good: 'pipelines: { flights: { renamed_from: former }, other: { description: Another, dbt: { project: dbt, select: [all] } } }',
  check(spec, report) {
    const takenBy = new Map<string, string>();
    for (const { environment, pipeline } of pipelinesOf(spec)) {
      const { renamed_from: former } = pipeline.settings;
      if (former === undefined) continue;
      const key = `${environment.name}/${former}`;
      const first = takenBy.get(key);
      takenBy.set(key, first ?? pipeline.name);
      const exists = spec.pipelineNames.includes(former);
      if (!exists && first === undefined) continue;
      report({
        message: exists
          ? `"${pipeline.name}" can’t have been "${former}": that pipeline is still there`
          : `"${first}" was "${former}" already`,
        layers: pipeline.layers,
        path: ['renamed_from'],
        help: 'name the pipeline that this one replaces, or remove the key',
      });
    }
  },
};
