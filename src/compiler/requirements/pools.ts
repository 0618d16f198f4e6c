import type { DagDefinition } from '../dag.ts';
import type { Section } from './requirements.ts';
import { commands, distinct, word } from './shell.ts';

/** One slot each: they keep two tasks from writing to one place. */
export function pools(dags: readonly DagDefinition[]): Section {
  const names = distinct(dags.flatMap(({ tasks }) => tasks.flatMap(({ pool }) => pool ?? [])));
  if (names.length === 0) return { title: 'Pools', text: 'None besides Airflow’s own `default_pool`.' };
  const lines = names.map((name) => `airflow pools set ${word(name)} 1 'pipegen: one writer at a time'`);
  const text = `Of one slot each, so that one task at a time writes to a place. A task whose pool is missing is never started.

${commands(lines)}`;
  return { title: 'Pools', text };
}
