import type { EnvironmentDiff } from '../../compiler/diff/diff.ts';

/** For programs: version 1 as docs/diff.md describes it; ends with a newline. */
export function jsonDiff(environments: readonly EnvironmentDiff[]): string {
  const document = {
    version: 1,
    changed: environments.some(({ dags }) => dags.some(({ status }) => status !== 'unchanged')),
    environments: environments.map(({ environment, airflow, problem, dags }) => ({
      environment,
      airflow: airflow ?? null,
      problem: problem ?? null,
      dags: dags.map(({ dag, status, renamedFrom, jobChanged, changes, consequences }) => ({
        dag,
        status,
        renamed_from: renamedFrom ?? null,
        job_changed: jobChanged,
        changes: changes.map(({ path, before, after, subject, serialized }) => ({
          path,
          subject,
          serialized,
          ...(before === undefined ? {} : { before }),
          ...(after === undefined ? {} : { after }),
        })),
        consequences: consequences.map(({ kind, text, backfillFrom }) => ({
          kind,
          text,
          ...(backfillFrom === undefined ? {} : { backfill_from: backfillFrom }),
        })),
      })),
    })),
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
