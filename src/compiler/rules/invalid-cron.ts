import { readCron } from '../cron.ts';
import { pipelinesOf, type Rule } from './rule.ts';

const FIELDS = ['minute', 'hour', 'day of month', 'month', 'day of week'];

export const invalidCron: Rule = {
  name: 'invalid-cron',
  severity: 'error',
  category: 'correctness',
  certain: true,
  why: 'Airflow refuses the whole DAG file at import when it can’t read the cron expression, and the pipeline vanishes from its list.',
  bad: 'pipelines: { flights: { schedule: { cron: "0 25 * * *" } } }',
  good: 'pipelines: { flights: { schedule: { cron: "0 6 * * 1-5" } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      const cron = pipeline.settings.schedule?.cron;
      if (cron === undefined) continue;
      const problem = problemOf(cron);
      if (problem === undefined) continue;
      report({
        message: `"${cron}" is not a cron expression: ${problem}`,
        layers: pipeline.layers,
        path: ['schedule', 'cron'],
        help: `five fields: ${FIELDS.join(', ')}, such as "0 6 * * *"`,
      });
    }
  },
};

function problemOf(cron: string): string | undefined {
  const fields = cron.trim().split(/\s+/);
  if (fields.length !== FIELDS.length)
    return `it has ${fields.length} field${fields.length === 1 ? '' : 's'}`;
  // The parser knows extensions that Airflow does not: seconds, L, H, ?.
  const odd = fields.findIndex(
    (field) => !/^[0-9*,/A-Za-z-]+$/.test(field) || /(^|[,/-])[LH]([,/-]|$)/i.test(field),
  );
  if (odd >= 0) return `the ${FIELDS[odd]} "${fields[odd]}" can’t be read`;
  const read = readCron(cron);
  if (!(read instanceof Error)) return undefined;
  return read.message.charAt(0).toLowerCase() + read.message.slice(1);
}
