import type { Compiled } from '../../compiler/compile.ts';
import { DEFINITIONS } from '../../compiler/definitions.ts';
import { diffEnvironment, type EnvironmentDiff } from '../../compiler/diff/diff.ts';
import { readPrevious } from '../../compiler/diff/previous.ts';
import { LIST_NAME, parseList } from '../../compiler/output/file-list.ts';
import { look } from '../../compiler/output/standing.ts';
import type { ResolvedSpec } from '../../compiler/resolved.ts';

/** The output folder, untrusted, beside what a build would write into it. */
export function compareWithDisk(
  compiled: Compiled & { readonly spec: ResolvedSpec },
  folder: string,
  only: string | undefined,
): EnvironmentDiff[] {
  const { spec, dags, files } = compiled;
  const textOf = (path: string): string | undefined => {
    const standing = look(folder, path);
    // A link or a folder is as good as a broken file: nothing behind it is read.
    return standing.kind === 'file'
      ? standing.content.toString()
      : standing.kind === 'missing'
        ? undefined
        : '';
  };
  const previousOf = (environment: string) =>
    readPrevious(environment, textOf(`${environment}/${DEFINITIONS}`));
  const current = spec.environments
    .filter(({ name }) => only === undefined || name === only)
    .map(({ name, settings, pipelines }) => {
      const differing = files.filter(({ path, content }) => {
        const text = path.startsWith(`${name}/dags/`) ? textOf(path) : content;
        return text !== undefined && text !== content;
      });
      const renames = pipelines.flatMap((one): [string, string][] =>
        one.settings.renamed_from === undefined ? [] : [[one.name, one.settings.renamed_from]],
      );
      return diffEnvironment({
        environment: name,
        airflow: settings.airflow,
        previous: previousOf(name),
        dags: dags.filter(({ environment }) => environment === name),
        renamedFrom: new Map(renames),
        otherText: new Set(differing.map(({ path }) => path.slice(`${name}/dags/`.length, -'.py'.length))),
      });
    });
  if (only !== undefined) return current;
  const known = new Set(spec.environments.map(({ name }) => name));
  const gone = environmentsListed(folder).filter((name) => !known.has(name));
  return [...current, ...gone.map((environment) => ofGone(environment, previousOf(environment)))];
}

function ofGone(environment: string, previous: ReturnType<typeof readPrevious>): EnvironmentDiff {
  return diffEnvironment({ environment, previous, dags: [], renamedFrom: new Map(), otherText: new Set() });
}

/** Environments of the last build, by its list of files. */
function environmentsListed(folder: string): string[] {
  const { hashes } = parseList(look(folder, LIST_NAME));
  return [...hashes.keys()].flatMap((path) => {
    const [environment = '', file, ...rest] = path.split('/');
    return file === DEFINITIONS && rest.length === 0 && /^[a-z][a-z0-9_]{0,62}$/.test(environment)
      ? [environment]
      : [];
  });
}
