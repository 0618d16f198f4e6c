import type { Pipeline } from '../../spec/pipeline.ts';
import { pipelinesOf, type Rule } from './rule.ts';

export const incompleteSteps: Rule = {
  name: 'incomplete-steps',
  severity: 'error',
  category: 'correctness',
  certain: true,
  why: 'Each step works on what the one before it left. A key of the spec that no step would read has no effect, and a spec never says anything without effect.',
  bad: 'pipelines: { flights: { columns: null } }',
  good: 'pipelines: { flights: { columns: { flight_date: { type: date, required: true }, flight: {} } } }',
  check(spec, report) {
    for (const { pipeline } of pipelinesOf(spec)) {
      for (const { path, message, help } of problems(pipeline.settings)) {
        report({
          message: `"${pipeline.name}" ${message}`,
          layers: pipeline.layers,
          path,
          want: 'key',
          help,
        });
      }
    }
  },
};

type Problem = { path: string[]; message: string; help: string };

function problems({ extract, columns, key, transform, load, checks, dbt }: Pipeline): Problem[] {
  const found: Problem[] = [];
  const problem = (path: string[], message: string, help: string) => void found.push({ path, message, help });
  if (extract === undefined && dbt === undefined) {
    problem([], 'has nothing to do', 'give it extract, columns and load, or dbt');
  }
  if (extract !== undefined && columns === undefined) {
    problem(['extract'], 'extracts but has no columns', 'add columns: what is kept of each record');
  }
  if (extract !== undefined && load === undefined && (dbt !== undefined || checks.length > 0)) {
    problem(['extract'], 'does not load what it extracts', 'add load: { table: NAME }');
  }
  if (extract === undefined) {
    const without = { columns, key, transform, load, checks: checks.length > 0 ? checks : undefined };
    for (const [name, value] of Object.entries(without)) {
      if (value === undefined) continue;
      problem([name], `has "${name}" without extract`, `add extract, or remove ${name}`);
    }
  }
  return found;
}
