import { isWritten, pipelinesOf, type Rule } from './rule.ts';

export const catchupWithoutLimit: Rule = {
  name: 'catchup-without-limit',
  severity: 'warning',
  category: 'efficiency',
  why: 'With catchup Airflow runs every schedule since start_date as soon as the DAG is switched on. Where nobody wrote start_date that is every day since the built-in one, and each of them asks the API.',
  bad: 'pipelines: { flights: { catchup: true } }',
  good: 'pipelines: { flights: { catchup: true, start_date: 2026-06-01 } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const { catchup, schedule, start_date } = pipeline.settings;
      if (!catchup || schedule?.cron === undefined) continue;
      if (isWritten(spec, pipeline.layers, ['start_date'])) continue;
      report({
        message: `"${pipeline.name}" catches up from ${start_date}, a day that nobody chose`,
        layers: pipeline.layers,
        path: ['catchup'],
        help: 'write start_date: the first day that you want to have',
      });
    }
  },
};
