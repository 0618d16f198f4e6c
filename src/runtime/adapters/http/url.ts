import type { HttpSource } from '../../../spec/http-source.ts';
import type { Job } from '../../../spec/job.ts';
import { formatPartition, substitute } from '../../../spec/template.ts';
import { badData, configuration } from '../../errors.ts';
import type { List, Position } from '../../ports/source.ts';
import { placed } from './paging/placed.ts';

export type JobExtract = NonNullable<Job['extract']>;
export type HttpExtract = JobExtract & { source: HttpSource };

/** A request for a page, still without credentials. */
export interface BuiltRequest {
  url: URL;
  method: 'GET' | 'POST';
  headers: Record<string, string>;
  /** To be sent as JSON. */
  body: Record<string, unknown> | undefined;
}

/** What the spec says of a list: of the records, or of the parents of a `for_each`. */
export function listPart(extract: JobExtract, list: List) {
  if (list.of === 'records') return extract;
  if (extract.for_each !== undefined) return extract.for_each;
  throw configuration('the extract has no for_each: build the DAG again');
}

/** The request for the page at a position. */
export function buildRequest(extract: HttpExtract, list: List, position: Readonly<Position>): BuiltRequest {
  const part = listPart(extract, list);
  if (part.path === undefined) {
    throw configuration('the extract of an http source needs a path: add it, and build the DAG again');
  }
  const fill = (text: string) => substitute(text, (expression) => expand(list, expression));
  const filled = substitute(part.path, (expression) => {
    const text = expand(list, expression);
    // The format of a date is the spec's own, and may be of several segments; a value is one segment.
    return expression.startsWith('partition:') ? encodeURI(text) : encodeURIComponent(text);
  });
  const url = addressOf(extract.source.base_url, withoutSteps(filled));
  for (const [name, text] of Object.entries(part.query)) url.searchParams.set(name, fill(text));
  const headers: Record<string, string> = {};
  for (const [name, text] of Object.entries(part.headers)) headers[name] = headerValue(name, fill(text));
  const body = part.body === undefined ? undefined : (filledIn(part.body, fill) as Record<string, unknown>);
  return placed({ url, method: part.method, headers, body }, part.paginate, position);
}

/** For people and to tell two requests apart. */
export function describeRequest({ url, method, headers, body }: BuiltRequest): string {
  const rest = [
    ...(Object.keys(headers).length === 0 ? [] : [JSON.stringify(headers)]),
    ...(body === undefined ? [] : [JSON.stringify(body)]),
  ];
  const address = [printable(url), ...rest].join(' ');
  return method === 'GET' ? address : `${method} ${address}`;
}

/** For people: without what stands before the host, since that is a password. */
export function printable(url: URL): string {
  const copy = new URL(url);
  copy.username = '';
  copy.password = '';
  return copy.href;
}

function expand({ partition, values }: List, expression: string): string {
  if (expression.startsWith('partition:')) {
    return formatPartition(partition, expression.slice('partition:'.length));
  }
  const value = Object.hasOwn(values, expression) ? values[expression] : undefined;
  if (value !== undefined) return value;
  throw configuration(`\${${expression}} in the extract has no value when the step runs: correct the spec`);
}

/** Every text inside a value, filled in. */
function filledIn(value: unknown, fill: (text: string) => string): unknown {
  if (typeof value === 'string') return fill(value);
  if (Array.isArray(value)) return value.map((one) => filledIn(one, fill));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filledIn(one, fill)]));
}

/** A value of the data that is `..` would make another address of it. */
function withoutSteps(path: string): string {
  const step = path.split('/').find((segment) => segment === '.' || segment === '..');
  if (step === undefined) return path;
  throw badData(
    `"${step}" in the path ${path} would lead elsewhere: look at what the placeholder stands for`,
  );
}

function headerValue(name: string, text: string): string {
  if (/^[\x20-\x7e]*$/.test(text)) return text;
  throw badData(
    `the header ${name} would be ${JSON.stringify(text)}, and a header holds only plain ASCII characters: send it in the query`,
  );
}

function addressOf(base: string, path: string): URL {
  const text = base.replace(/\/+$/, '') + path;
  const good = /^https?:\/\/[^/?#]/i.test(base) && !/[?#]|\$\{/.test(base) && URL.canParse(text);
  if (!good) {
    throw configuration(
      'base_url of the source must be an http or https address without "?", "#" and open ${…}: correct it, or the variable that it takes its value from',
    );
  }
  return new URL(text);
}
