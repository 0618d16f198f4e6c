import { type Command, InvalidArgumentError } from 'commander';
import { suggest } from '../../compiler/did-you-mean.ts';
import { openStore } from '../../runtime/adapters/stores.ts';
import { duration, milliseconds } from '../../spec/quantities.ts';
import { checkSpec } from '../check-spec.ts';
import { collectGarbage } from '../gc/collect-garbage.ts';
import { report } from '../gc/report.ts';
import { findProject } from '../project.ts';
import { UsageError } from '../usage-error.ts';

interface Options {
  file?: string;
  env: string;
  olderThan: string;
  dryRun?: boolean;
}

/** Milliseconds: a run may take hours, and what it works on must not go from under it. */
const YOUNGEST = 86_400_000;

export function addGc(program: Command, end: (code: number) => void): void {
  program
    .command('gc')
    .description('remove from the store what no run needs any more')
    .requiredOption('--env <name>', 'environment of the spec, whose store is cleared up')
    .option('--older-than <age>', 'what is younger stays', age, '30d')
    .option('--dry-run', 'say what would be removed, and remove nothing')
    .action(async (_, command: Command) => end(await gc(command.optsWithGlobals<Options>())));
}

async function gc({ file, env, olderThan, dryRun = false }: Options): Promise<number> {
  const project = findProject(file);
  const { spec } = await checkSpec(project);
  if (spec === undefined) return 1;
  const environment = spec.environments.find(({ name }) => name === env);
  if (environment === undefined) {
    const names = spec.environments.map(({ name }) => name);
    throw new UsageError(`there is no environment "${env}": ${suggest(env, names) ?? ''}`);
  }
  const store = await openStore(environment.settings.store, project.home);
  const now = new Date();
  const before = new Date(now.getTime() - milliseconds(olderThan));
  const garbage = await collectGarbage(store, { before, now, dryRun });
  process.stdout.write(report(store.location, garbage, dryRun));
  return garbage.broken.length > 0 ? 1 : 0;
}

function age(text: string): string {
  if (!duration.safeParse(text).success || milliseconds(text) < YOUNGEST) {
    throw new InvalidArgumentError('a duration of a day or more is needed, such as 30d.');
  }
  return text;
}
