import type { Job } from '../spec/job.ts';
import { configuration } from './errors.ts';
import { SHORTEST_SECRET } from './redact.ts';

/** Names of the environment variables that hold the job's secrets. */
export function secretVariables(job: Job): string[] {
  const source = job.extract?.source.auth?.secret;
  const { warehouse } = job;
  const key =
    warehouse.kind === 'snowflake' && warehouse.auth.kind === 'key_pair' ? warehouse.auth.secret : undefined;
  return [...new Set([source, key].filter((one) => one !== undefined))];
}

/** The value of a secret; fails as configuration, never with the value in the message. */
export function readSecret(environment: NodeJS.ProcessEnv, variable: string): string {
  const value = environment[variable];
  if (value === undefined || value === '') {
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
