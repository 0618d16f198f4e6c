import { connectionVariable } from '../../../spec/connection-variables.ts';
import { peppersIn } from '../../../spec/mask.ts';
import { authSecrets } from '../../../spec/snowflake.ts';
import { secretsIn } from '../../../spec/source.ts';
import type { StepContext } from '../../context.ts';

/** dbt's environment: without the job and its secrets, which are none of its business. */
export function dbtEnvironment({ job, environment }: StepContext): NodeJS.ProcessEnv {
  const { PIPEGEN_JOB: _job, ...rest } = environment;
  const { warehouse } = job;
  const source = job.extract?.source;
  const secrets = [
    ...(source === undefined ? [] : secretsIn(source).map(({ text }) => text)),
    ...peppersIn(job.columns ?? []),
    ...(warehouse.kind === 'snowflake' ? authSecrets(warehouse.auth).map(({ name }) => name) : []),
  ];
  for (const secret of secrets) {
    delete rest[secret];
    delete rest[connectionVariable(secret)];
  }
  return {
    ...rest,
    DBT_SEND_ANONYMOUS_USAGE_STATS: 'false',
    NO_COLOR: '1',
    PYTHONUNBUFFERED: '1',
  };
}
