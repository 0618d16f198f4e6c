import { readFileSync } from 'node:fs';
import { inflate } from '../../runtime/adapters/http/formats/inflate.ts';
import { ENDINGS, readContent } from '../../runtime/adapters/http/formats/read-content.ts';
import { Damaged, NotAPage } from '../../runtime/adapters/http/unusable.ts';
import { beginning, type Page, type Source } from '../../runtime/ports/source.ts';
import type { Job } from '../../spec/job.ts';
import { UsageError } from '../usage-error.ts';

/** A file of a gigabyte is no sample. */
const MOST_BYTES = 256 * 1024 * 1024;

/**
 * A source whose only page is a file: an answer as the API gives it, or a JSON list of records. Asks nobody.
 *
 * @throws UsageError where the file can't be read or has another form than the extract says
 */
export async function localPage(path: string, extract: NonNullable<Job['extract']>): Promise<Source> {
  const { format, records } = extract;
  let page: Page;
  try {
    const file = await inflate(readFileSync(path), MOST_BYTES);
    const body = format.kind === 'json' ? placed(file, records) : file;
    const document: unknown = format.kind === 'json' ? JSON.parse(body.toString('utf8')) : undefined;
    const content = await readContent(body, { document }, { format, records });
    const position = beginning();
    const next = { ...position, page: 2, offset: content.records, ended: true };
    page = { index: 1, body, records: content.records, total: null, next, note: null };
  } catch (error) {
    if (error instanceof NotAPage || error instanceof Damaged) {
      throw new UsageError(`${path}: it ${error.message.replace(/^answered/, 'was read')}`);
    }
    throw new UsageError(`${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
  return {
    ending: ENDINGS[format.kind],
    describe: () => path,
    advance: async () => page,
    async *read({ from }) {
      if (!from.ended) yield page;
    },
  };
}

/** A list of records alone is put where the extract looks for it. */
function placed(file: Buffer, records: string): Buffer {
  const text = file.toString('utf8').replace(/^\uFEFF/, '');
  if (records === '' || !/^\s*\[/.test(text)) return Buffer.from(text);
  const keys = records.split('.');
  const head = keys.map((key) => `{${JSON.stringify(key)}:`).join('');
  return Buffer.from(`${head}${text}${'}'.repeat(keys.length)}`);
}
