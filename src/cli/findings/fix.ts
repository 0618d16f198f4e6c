import { readFileSync, realpathSync, statSync } from 'node:fs';
import { isAbsolute, relative, resolve, sep } from 'node:path';
import type { Finding } from '../../compiler/finding.ts';
import { fixAll } from '../../compiler/fix/fix-all.ts';
import { atPath } from '../../compiler/output/output-error.ts';
import { replaceFile } from '../../compiler/output/replace-file.ts';
import { lineIndex } from '../../compiler/reporters/line-index.ts';
import { openProject } from '../open-project.ts';
import { isFinding, type Project } from '../project.ts';
import { look } from './look.ts';

export interface FixReport {
  /** `pipelines.yaml:5:67: unquoted-placeholder: put it in quotes` */
  readonly fixed: readonly string[];
  /** Files that were left as they are, and why. */
  readonly refused: readonly { readonly file: string; readonly reason: string }[];
}

/**
 * Makes every safe fix in the files of a spec; each file is written whole or not at all.
 * @throws OutputError when the disk refuses
 */
export async function fixSpec(project: Project): Promise<FixReport> {
  const opened = await openProject(project);
  const ruleFiles = isFinding(opened) ? undefined : opened.ruleFiles;
  const before = look(project, ruleFiles);
  const { texts, fixed } = fixAll((instead) =>
    instead.size === 0 ? before : look(project, ruleFiles, instead),
  );
  const refused: FixReport['refused'][number][] = [];
  for (const [file, text] of texts) {
    const reason = atPath(file, () => save(project.home, file, before.textOf(file), text));
    if (reason !== undefined) refused.push({ file, reason });
  }
  const written = fixed.filter(({ finding }) => !refused.some(({ file }) => touches(finding, file)));
  return {
    fixed: written.map(({ finding, textOf }) => {
      const { line, column } = lineIndex(textOf(finding.at.file) ?? '').position(finding.at.start);
      return `${finding.at.file}:${line}:${column}: ${finding.name}: ${finding.fix?.title}`;
    }),
    refused,
  };
}

function touches({ fix }: Finding, file: string): boolean {
  return fix?.edits.some(({ at }) => at.file === file) ?? false;
}

/** @returns why the file was left alone; undefined when it was written */
function save(home: string, file: string, before: string | undefined, text: string): string | undefined {
  const path = realpathSync(resolve(file));
  const way = relative(realpathSync(home), path);
  if (way === '..' || way.startsWith(`..${sep}`) || isAbsolute(way)) {
    return 'it is a link to a file outside of the folder of the spec: correct it there';
  }
  if (before === undefined || !readFileSync(path).equals(Buffer.from(before))) {
    return 'it changed meanwhile: start again';
  }
  replaceFile(path, text, statSync(path).mode & 0o777);
  return undefined;
}
