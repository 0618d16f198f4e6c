import { readFileSync } from 'node:fs';

const REFERENCE = readFileSync(new URL('../../pipelines.yaml', import.meta.url), 'utf8');

/**
 * The repository's own spec with many of its pipeline `flights`: in one file, or in several that the first includes.
 * @param count pipelines
 * @param files how many files hold them, beside the first where there are more than one
 * @param changed the pipeline whose description is another, if any
 * @returns path → text
 */
export function specFiles(count: number, files: number, changed?: number): Map<string, string> {
  const begin = REFERENCE.indexOf('\npipelines:\n') + 1;
  const end = REFERENCE.indexOf('\n  partner_scorecard:\n');
  const head = REFERENCE.slice(0, begin);
  const pipeline = REFERENCE.slice(begin + 'pipelines:\n'.length, end);
  const texts = Array.from({ length: count }, (_, index) => numbered(pipeline, index, index === changed));
  if (files === 1) return new Map([['pipelines.yaml', `${head}pipelines:\n${texts.join('\n')}`]]);
  const size = Math.ceil(count / files);
  const parts = Array.from({ length: files }, (_, file): [string, string] => [
    `pipelines/${String(file).padStart(4, '0')}.yaml`,
    `pipelines:\n${texts.slice(file * size, (file + 1) * size).join('\n')}`,
  ]);
  return new Map([['pipelines.yaml', `${head}include: [pipelines/*.yaml]\n`], ...parts]);
}

/** The first keeps its name: an environment overrides it. */
function numbered(pipeline: string, index: number, changed: boolean): string {
  const name = index === 0 ? 'flights' : `flights_${String(index).padStart(5, '0')}`;
  const text = pipeline
    .replace('  flights:\n', `  ${name}:\n`)
    .replace('table: flights,', `table: ${name},`)
    .replace('tag:flights', `tag:${name}`)
    .replace('cron: "0 6', `cron: "${index % 60} ${Math.floor(index / 60) % 24}`);
  return changed ? text.replace('description: Flights', 'description: All flights') : text;
}
