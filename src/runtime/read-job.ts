import { z } from 'zod';
import { textsOfExtract } from '../spec/extract.ts';
import { type Job, job as jobSchema } from '../spec/job.ts';
import { textsIn, withTexts } from '../spec/source.ts';
import { substitute } from '../spec/template.ts';
import { configuration } from './errors.ts';

/** The job from `PIPEGEN_JOB`, as the compiler wrote it. */
export function readJob(environment: NodeJS.ProcessEnv): Job {
  const text = environment.PIPEGEN_JOB;
  if (!text)
    throw configuration('PIPEGEN_JOB is not set: start the step from a generated DAG or by `pipegen run`');
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw configuration('PIPEGEN_JOB is not JSON: build the DAG again with `pipegen build`', cause);
  }
  // A process reads one job: to make code for its schema takes longer than to read it without.
  const parsed = jobSchema.safeParse(value, { jitless: true });
  if (parsed.success) return parsed.data;
  throw configuration(
    `PIPEGEN_JOB does not fit this version of pipegen; build the DAGs with the version of the image.\n${z.prettifyError(parsed.error)}`,
  );
}

/**
 * Fills in `${variables.NAME}` where the compiler left it to the process: `PIPEGEN_VAR_<NAME>` comes before the
 * job's own value. Only names that the job has.
 */
export function withVariables(job: Job, environment: NodeJS.ProcessEnv): Job {
  const { extract } = job;
  if (extract === undefined) return job;
  const fill = (text: string) =>
    substitute(text, (expression) => {
      const name = expression.startsWith('variables.') ? expression.slice('variables.'.length) : undefined;
      if (name === undefined) return undefined;
      return environment[`PIPEGEN_VAR_${name.toUpperCase()}`] ?? job.variables[name];
    });
  return {
    ...job,
    extract: {
      ...withTexts(extract, textsOfExtract(extract), fill),
      source: withTexts(extract.source, textsIn(extract.source), fill),
    },
  };
}
