import type { Explanation } from '../../compiler/explain/explanation.ts';
import type { Finding } from '../../compiler/finding.ts';
import { pretty, type TextOf } from '../../compiler/reporters/pretty.ts';
import { counts } from '../print.ts';
import { version } from '../version.ts';
import type { Format } from './report-options.ts';

export interface Beside {
  /** What people read where there are no findings. */
  readonly clean?: string;
  /** What rules of the project say of themselves. */
  readonly rules?: readonly Explanation[] | undefined;
}

/** Findings in a format. */
export async function render(
  format: Format,
  findings: readonly Finding[],
  textOf: TextOf,
  { color, clean = '', rules = [] }: Beside & { readonly color: boolean },
): Promise<string> {
  switch (format) {
    case 'pretty':
      return findings.length === 0 ? clean : `${pretty(findings, textOf, color)}\n${counts(findings)}\n`;
    case 'concise':
      return (await import('../../compiler/reporters/concise.ts')).concise(findings, textOf);
    case 'json':
      return (await import('../../compiler/reporters/json.ts')).json(findings, textOf, version());
    case 'github':
      return (await import('../../compiler/reporters/github.ts')).githubAnnotations(findings, textOf);
    case 'sarif': {
      const [{ sarif }, { EXPLANATIONS }] = await Promise.all([
        import('../../compiler/reporters/sarif.ts'),
        import('../../compiler/explain/explanations.ts'),
      ]);
      const own = new Map(rules.map((one) => [one.name, one]));
      return sarif(findings, textOf, version(), (name) => EXPLANATIONS.get(name) ?? own.get(name));
    }
  }
}
