import { pipelinesOf, type Rule } from './rule.ts';

export const stepSettingsInDbtCloud: Rule = {
  name: 'step-settings-in-dbt-cloud',
  severity: 'error',
  category: 'correctness',
  certain: true,
  why: 'A job of dbt Cloud has no container of ours: an image, resources or a service account for it change nothing, and its timeout stands with the job.',
  bad: 'pipelines: { flights: { dbt: { runner: dbt_cloud, job_id: 7 }, steps: { dbt: { timeout: 2h } } } }',
  good: 'pipelines: { flights: { dbt: { runner: dbt_cloud, job_id: 7, timeout: 2h }, steps: { dbt: { retries: 1 } } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      if (pipeline.settings.dbt?.runner !== 'dbt_cloud') continue;
      const own = pipeline.settings.steps.dbt;
      for (const key of ['image', 'resources', 'service_account', 'timeout'] as const) {
        if (own?.[key] === undefined) continue;
        report({
          message: `dbt of "${pipeline.name}" runs in dbt Cloud and has no "${key}" here`,
          layers: pipeline.layers,
          path: ['steps', 'dbt', key],
          want: 'key',
          help: key === 'timeout' ? 'write it as dbt.timeout' : `remove ${key}, or set it in dbt Cloud`,
        });
      }
    }
  },
};
