import { styleText } from 'node:util';
import type { Change } from '../../compiler/diff/changes.ts';
import type { DagDiff, EnvironmentDiff, Status } from '../../compiler/diff/diff.ts';
import { countsOf } from './counts.ts';
import { shown, visible } from './shown.ts';

const SIGNS: Readonly<Record<Status, readonly [string, 'green' | 'yellow' | 'red' | 'dim']>> = {
  added: ['+', 'green'],
  changed: ['~', 'yellow'],
  renamed: ['→', 'yellow'],
  removed: ['-', 'red'],
  rewritten: ['~', 'dim'],
  unchanged: ['=', 'dim'],
};

/** For people at a terminal; ends with a newline. */
export function prettyDiff(environments: readonly EnvironmentDiff[], color: boolean): string {
  return environments.map((one) => environmentText(one, color)).join('\n');
}

function environmentText(diff: EnvironmentDiff, color: boolean): string {
  const paint = (style: Parameters<typeof styleText>[0], text: string) =>
    color ? styleText(style, text, { validateStream: false }) : text;
  const version = diff.airflow === undefined ? 'no longer in the spec' : `Airflow ${diff.airflow}`;
  const lines = [`${paint('bold', diff.environment)} (${version}): ${countsOf(diff.dags)}`];
  if (diff.problem !== undefined) lines.push(`  note: ${diff.problem}`);
  for (const dag of diff.dags) {
    if (dag.status === 'unchanged') continue;
    const [sign, style] = SIGNS[dag.status];
    lines.push(`  ${paint(style, `${sign} ${dag.dag}`)}: ${statusText(dag)}`);
    for (const change of dag.changes) lines.push(`      ${changeText(change)}`);
    for (const { text } of dag.consequences) lines.push(`    ${paint('dim', '•')} ${visible(text)}`);
  }
  return `${lines.join('\n')}\n`;
}

function statusText({ status, renamedFrom }: DagDiff): string {
  return renamedFrom === undefined ? status : `${status} from ${renamedFrom}`;
}

function changeText({ path, before, after }: Change): string {
  const where = visible(path);
  if (before === undefined) return `${where}: added ${shown(after)}`;
  if (after === undefined) return `${where}: removed, was ${shown(before)}`;
  return `${where}: ${shown(before)} → ${shown(after)}`;
}
