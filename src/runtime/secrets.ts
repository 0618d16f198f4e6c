import { connectionVariable, fieldVariable } from '../spec/connection-variables.ts';
import type { Job } from '../spec/job.ts';
import { peppersIn } from '../spec/mask.ts';
import { authSecrets } from '../spec/snowflake.ts';
import { secretsIn } from '../spec/source.ts';
import { fieldOf, readConnection } from './connection-secret.ts';
import { configuration } from './errors.ts';
import { SHORTEST_SECRET } from './redact.ts';

/** Names of the environment variables that hold the job's secrets. */
function secretVariables(job: Job): string[] {
  const source = job.extract === undefined ? [] : secretsIn(job.extract.source).map(({ text }) => text);
  const { warehouse } = job;
  const signIn =
    warehouse.kind === 'snowflake' ? authSecrets(warehouse.auth).map(({ name: variable }) => variable) : [];
  return [...new Set([...source, ...peppersIn(job.columns ?? []), ...signIn])];
}

/** Every text that must not be seen: the values of the secrets, and the connections in which they came. */
export function secretValues(job: Job, environment: NodeJS.ProcessEnv): string[] {
  return secretVariables(job).flatMap((variable) => {
    const text = environment[connectionVariable(variable)] ?? '';
    const connection = readConnection(text);
    const chosen = connection && fieldOf(connection, fieldName(environment, variable));
    return [environment[variable] ?? '', text, connection?.password ?? '', chosen ?? ''];
  });
}

/**
 * The value of a secret: of its environment variable, else of the connection of Airflow that came in its place. Fails
 * as configuration, never with the value in the message.
 */
export function readSecret(environment: NodeJS.ProcessEnv, variable: string): string {
  const value = environment[variable] || fromConnection(environment, variable);
  if (value === undefined) {
    throw configuration(
      `the environment variable ${variable} is not set: it must hold a secret that this step needs`,
    );
  }
  if (value.length < SHORTEST_SECRET) {
    throw configuration(
      `the secret in ${variable} has fewer than ${SHORTEST_SECRET} characters: it can't be kept out of logs`,
    );
  }
  return value;
}

function fromConnection(environment: NodeJS.ProcessEnv, variable: string): string | undefined {
  const from = connectionVariable(variable);
  const text = environment[from];
  if (text === undefined || text === '') return undefined;
  const connection = readConnection(text);
  if (connection === undefined) {
    throw configuration(`${from} is not a connection of Airflow, neither as a URI nor as JSON`);
  }
  const field = fieldName(environment, variable);
  const value = fieldOf(connection, field);
  if (value === undefined) {
    throw configuration(
      `the connection in ${from} has no ${field}: set it in Airflow, or name another field under launcher.secrets`,
    );
  }
  return value;
}

function fieldName(environment: NodeJS.ProcessEnv, variable: string): string {
  return environment[fieldVariable(variable)] || 'password';
}
