import { resolve } from 'node:path';
import { type Compiled, type CompileInput, compile } from '../../compiler/compile.ts';
import { OutputError } from '../../compiler/output/output-error.ts';
import { write } from '../../compiler/write.ts';
import { plural } from '../print.ts';
import { type Answer, missing, ok, unknown } from './probe.ts';

/** Only so that the rest of a spec is compiled whose image nobody has pushed yet. */
const NO_IMAGE = 'image-without-digest';

export interface Examined {
  /** With DAGs, unless the spec has another error than an image without a digest. */
  readonly compiled: Compiled;
  readonly answers: readonly Answer[];
}

/**
 * Whether the spec is sound, the image known and what lies under `out` is what a build would write.
 * @param out absolute
 */
export function examineSpec(
  input: Omit<CompileInput, 'environment' | 'image'>,
  environment: string,
  home: string,
  out: string,
): Examined {
  const compiled = compile({ ...input, environment });
  const errors = compiled.findings.filter(({ severity }) => severity === 'error');
  const others = errors.filter(({ name }) => name !== NO_IMAGE);
  const [first] = others;
  if (first !== undefined) {
    const text = `${plural(others.length, 'error')}, the first: ${first.message} (${first.name})`;
    return {
      compiled,
      answers: [missing('spec', text, 'see them all by `pipegen lint`, and correct the spec')],
    };
  }
  const warnings = compiled.findings.length - errors.length;
  const clean = ok(
    'spec',
    `${input.file} has no error${warnings === 0 ? '' : ` and ${plural(warnings, 'warning')}`}`,
  );
  const [digest] = errors;
  if (digest !== undefined) {
    const answers = [
      clean,
      missing('image', digest.message, digest.help ?? 'push the image and write its digest there'),
      unknown('generated files', 'they name the image, which is not known'),
    ];
    return { compiled: compile({ ...input, environment, image: 'unknown' }), answers };
  }
  return {
    compiled,
    answers: [clean, ...imageOf(compiled), freshness(compiled, environment, resolve(home, out), out)],
  };
}

function imageOf({ dags }: Compiled): Answer[] {
  const images = dags.flatMap(({ launcher }) => (launcher.kind === 'kubernetes' ? [launcher.image] : []));
  const [image] = images;
  if (image === undefined) return [];
  return [ok('image', `${image}; whether the registry has it was not looked at`)];
}

function freshness({ files }: Compiled, environment: string, folder: string, out: string): Answer {
  const what = 'generated files';
  const repair = `run \`pipegen build --env ${environment}\` and commit what it writes`;
  try {
    const { drift } = write(files, { folder, check: true, only: `${environment}/` });
    const [first] = drift;
    if (first === undefined) return ok(what, `${out}/${environment} is what the spec says`);
    const more = drift.length === 1 ? '' : ` and ${drift.length - 1} more`;
    return missing(what, `${out}/${first}${more}`, repair);
  } catch (error) {
    if (!(error instanceof OutputError)) throw error;
    return missing(what, error.message, repair);
  }
}
