import { secretVariables, stepsOf } from '../../compiler/job.ts';
import type { ResolvedEnvironment, ResolvedSpec } from '../../compiler/resolved.ts';
import { StepError } from '../../runtime/errors.ts';
import { readSecret } from '../../runtime/secrets.ts';
import { type Answer, missing, ok, type Probe, unknown } from './probe.ts';

/** Each secret that a step will ask for. Values are looked at and never told. */
export function secretProbes(
  spec: ResolvedSpec,
  environment: ResolvedEnvironment,
  variables: NodeJS.ProcessEnv,
): Probe[] {
  const needed = environment.pipelines.flatMap((pipeline) =>
    stepsOf(pipeline).flatMap((step) => secretVariables(environment, pipeline, step)),
  );
  return [...new Set(needed)].sort().map((variable) => ({
    what: `secret ${variable}`,
    look: async () => [look(spec, environment, variables, variable)],
  }));
}

function look(
  spec: ResolvedSpec,
  { settings: { launcher } }: ResolvedEnvironment,
  variables: NodeJS.ProcessEnv,
  variable: string,
): Answer {
  const what = `secret ${variable}`;
  if (launcher.kind === 'process') {
    try {
      readSecret(variables, variable);
      return ok(what, 'the environment variable is set here; the worker of Airflow needs it too');
    } catch (error) {
      if (!(error instanceof StepError)) throw error;
      return missing(what, error.message, `export ${variable}='…' here and for the worker of Airflow`);
    }
  }
  const name = Object.entries(spec.secrets).find(([, one]) => one === variable)?.[0];
  const mounted = name === undefined ? undefined : launcher.secrets[name];
  if (mounted?.kubernetes !== undefined) {
    return unknown(
      what,
      `it is the key ${mounted.key} of the Kubernetes secret ${mounted.kubernetes}, which only the cluster knows`,
      `kubectl describe secret ${mounted.kubernetes} --namespace ${launcher.namespace}`,
    );
  }
  return unknown(
    what,
    `it is in the connection ${mounted?.airflow_connection} of Airflow, which only Airflow knows`,
    `airflow connections get ${mounted?.airflow_connection}`,
  );
}
