import type { DagDefinition } from '../dag.ts';
import type { Section } from './requirements.ts';
import { distinct } from './shell.ts';

/** Code of the project that steps run; no section where no DAG names any. */
export function projectCode(dags: readonly DagDefinition[]): Section[] {
  const files = distinct(
    dags.flatMap(({ jobText }) => {
      const job = JSON.parse(jobText) as { handlers?: Readonly<Record<string, string>> };
      return Object.keys(job.handlers ?? {});
    }),
  );
  if (files.length === 0) return [];
  const place =
    dags[0]?.launcher.kind === 'kubernetes'
      ? 'in the image, in the folder that its variable `PIPEGEN_HOME` names'
      : 'on the worker, in the folder that `PIPEGEN_HOME` names';
  // A file may be called anything; what would leave the line is shown as ?.
  const names = files.map((file) => `- \`${file.replace(/[`\p{Cc}\p{Cf}\u2028\u2029]/gu, '?')}\``);
  const text = `Handlers run ${place}, with the npm packages that they
import in \`node_modules\` there. A step refuses files that are not those of the build, so they are deployed together
with the DAGs:

${names.join('\n')}`;
  return [{ title: 'Code of the project', text }];
}
