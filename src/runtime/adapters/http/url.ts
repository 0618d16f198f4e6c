import type { Job } from '../../../spec/job.ts';
import { formatPartition, substitute } from '../../../spec/template.ts';
import { configuration } from '../../errors.ts';
import type { Position } from '../../ports/source.ts';

export type JobExtract = NonNullable<Job['extract']>;

/** The address of a page, still without the key. */
export function pageUrl(
  extract: JobExtract,
  partition: string,
  slice: string | null,
  position: Readonly<Position>,
): URL {
  const value = (encode: (text: string) => string) => (expression: string) => {
    if (expression === 'partition') return partition;
    if (expression.startsWith('partition:')) {
      return formatPartition(partition, expression.slice('partition:'.length));
    }
    if (slice !== null && expression === `slice.${extract.slices?.name}`) return encode(slice);
    throw configuration(`\${${expression}} in the extract has no value when the step runs: correct the spec`);
  };
  const url = baseUrl(extract.source.base_url, substitute(extract.path, value(encodeURIComponent)));
  const asItIs = value((text) => text);
  for (const [name, text] of Object.entries(extract.query)) {
    url.searchParams.set(name, substitute(text, asItIs));
  }
  if (extract.paginate.kind === 'offset') {
    url.searchParams.set(extract.paginate.size_param, String(extract.paginate.page_size));
    url.searchParams.set(extract.paginate.offset_param, String(position.offset));
  }
  return url;
}

/** For people: without what stands before the host, since that is a password. */
export function printable(url: URL): string {
  const copy = new URL(url);
  copy.username = '';
  copy.password = '';
  return copy.href;
}

function baseUrl(base: string, path: string): URL {
  const text = base.replace(/\/+$/, '') + path;
  const good = /^https?:\/\/[^/?#]/i.test(base) && !/[?#]|\$\{/.test(base) && URL.canParse(text);
  if (!good) {
    throw configuration(
      'base_url of the source must be an http or https address without "?", "#" and open ${…}: correct it, or the variable that it takes its value from',
    );
  }
  return new URL(text);
}
