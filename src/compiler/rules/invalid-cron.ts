import { CronExpressionParser } from 'cron-parser';
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
    // Most pipelines share theirs with others, and the parser takes its time.
    const problems = new Map<string, string | undefined>();
    for (const { pipeline } of pipelinesOf(spec)) {
      const cron = pipeline.settings.schedule?.cron;
      if (cron === undefined) continue;
      if (!problems.has(cron)) problems.set(cron, problemOf(cron));
      const problem = problems.get(cron);
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
  try {
    CronExpressionParser.parse(cron, { tz: 'UTC' });
    return undefined;
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    return message.charAt(0).toLowerCase() + message.slice(1);
  }
}
