import { appendFileSync } from 'node:fs';
import { type Finding, hasErrors } from '../../compiler/finding.ts';
import type { TextOf } from '../../compiler/reporters/pretty.ts';
import { plural, wantsColor } from '../print.ts';
import { putFile } from './put-file.ts';
import { type Beside, render } from './render.ts';
import type { ReportOptions } from './report-options.ts';

/**
 * Says findings in every format that was asked for.
 * @returns whether they let the command go on: no error, and not more warnings than allowed
 * @throws OutputError when a file can't be written
 */
export async function report(
  findings: readonly Finding[],
  textOf: TextOf,
  { format, output, maxWarnings }: ReportOptions,
  beside: Beside = {},
): Promise<boolean> {
  const color = wantsColor(process.stdout);
  process.stdout.write(await render(format, findings, textOf, { ...beside, color }));
  for (const { format: other, file } of output) {
    putFile(file, await render(other, findings, textOf, { ...beside, color: false }));
  }
  const summary = process.env.GITHUB_STEP_SUMMARY;
  const annotates = format === 'github' || output.some((one) => one.format === 'github');
  if (annotates && summary !== undefined && summary !== '') {
    const { githubSummary } = await import('../../compiler/reporters/github.ts');
    appendFileSync(summary, githubSummary(findings, textOf));
  }
  if (hasErrors(findings)) return false;
  if (maxWarnings === undefined || findings.length <= maxWarnings) return true;
  process.stderr.write(
    `error: ${plural(findings.length, 'warning')}, and --max-warnings allows ${maxWarnings}: correct them, or allow more\n`,
  );
  return false;
}
