import type { Change } from '../../compiler/diff/changes.ts';
import type { DagDiff, EnvironmentDiff } from '../../compiler/diff/diff.ts';
import { countsOf } from './counts.ts';
import { shown, visible } from './shown.ts';

/** For a comment of a pull request; ends with a newline. */
export function markdownDiff(environments: readonly EnvironmentDiff[]): string {
  const differing = environments.filter(isTold);
  const same = environments.filter((one) => !isTold(one)).map(({ environment }) => code(environment));
  const rest = same.length === 0 ? [] : [`No DAG changes in ${same.join(', ')}.`];
  return `${['## What a build would change', ...differing.map(environmentText), ...rest].join('\n\n')}\n`;
}

function isTold({ dags, problem }: EnvironmentDiff): boolean {
  return problem !== undefined || dags.some(({ status }) => status !== 'unchanged');
}

function environmentText(diff: EnvironmentDiff): string {
  const version = diff.airflow === undefined ? 'no longer in the spec' : `Airflow ${diff.airflow}`;
  const head = `### ${diff.environment} (${version}): ${countsOf(diff.dags)}`;
  const note = diff.problem === undefined ? [] : [`> ${plain(diff.problem)}`];
  const dags = diff.dags.filter(({ status }) => status !== 'unchanged').map(dagText);
  return [head, ...note, ...dags].join('\n\n');
}

function dagText({ dag, status, renamedFrom, changes, consequences }: DagDiff): string {
  const from = renamedFrom === undefined ? '' : ` from ${code(renamedFrom)}`;
  const lines = [`**${code(dag)}** ${status}${from}`, ''];
  for (const { text, backfillFrom } of consequences) {
    lines.push(`- ${backfillFrom === undefined ? '' : '⚠️ '}${plain(text)}`);
  }
  if (changes.length === 0) return lines.join('\n');
  const title = `${changes.length} ${changes.length === 1 ? 'change' : 'changes'}`;
  const folded = [
    '',
    `<details><summary>${title}</summary>`,
    '',
    ...changes.map(changeText),
    '',
    '</details>',
  ];
  return [...lines, ...folded].join('\n');
}

function changeText({ path, before, after }: Change): string {
  const where = `- ${code(visible(path))}`;
  if (before === undefined) return `${where}: added ${code(shown(after))}`;
  if (after === undefined) return `${where}: removed, was ${code(shown(before))}`;
  return `${where}: ${code(shown(before))} → ${code(shown(after))}`;
}

/** A code span that holds any text of one line: its fence is longer than the longest run of backticks inside. */
function code(text: string): string {
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = '`'.repeat(Math.max(0, ...runs) + 1);
  return fence.length === 1 ? `\`${text}\`` : `${fence} ${text} ${fence}`;
}

/** A sentence of ours that may hold a path of a spec: no HTML, no links; our own code spans stay. */
function plain(text: string): string {
  return visible(text).replace(/[<>[\]*_]/g, (one, offset: number, whole: string) => {
    const inCode = (whole.slice(0, offset).match(/`/g)?.length ?? 0) % 2 === 1;
    return inCode ? one : `\\${one}`;
  });
}
