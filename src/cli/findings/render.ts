import type { Finding } from '../../compiler/finding.ts';
import { pretty, type TextOf } from '../../compiler/reporters/pretty.ts';
import { counts } from '../print.ts';
import { version } from '../version.ts';
import type { Format } from './report-options.ts';

/** Findings in a format. `clean` is what people read where there are none. */
export async function render(
  format: Format,
  findings: readonly Finding[],
  textOf: TextOf,
  { color, clean }: { readonly color: boolean; readonly clean: string },
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
      return sarif(findings, textOf, version(), (name) => EXPLANATIONS.get(name));
    }
  }
}
