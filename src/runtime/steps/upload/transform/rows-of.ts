import { NotJson } from '../../../handlers/json-text.ts';
import type { RowText } from './row-text.ts';

/**
 * What a transform returned for one record, as the text of each row: none where it left the record out. Everything
 * is looked at before the first row counts, so that a generator that fails half way adds nothing.
 */
export function rowsOf(returned: unknown, text: RowText): string[] | Promise<string[]> {
  if (returned === null || returned === undefined) return [];
  if (typeof returned !== 'object') return [text(returned)];
  if (isThenable(returned)) return Promise.resolve(returned).then((value) => rowsOf(value, text));
  if (Symbol.asyncIterator in returned) return collect(returned as AsyncIterable<unknown>, text);
  if (Symbol.iterator in returned && !(returned instanceof Map || returned instanceof Set)) {
    const rows: string[] = [];
    for (const one of returned as Iterable<unknown>) rows.push(text(settled(one)));
    return rows;
  }
  return [text(returned)];
}

async function collect(rows: AsyncIterable<unknown>, text: RowText): Promise<string[]> {
  const texts: string[] = [];
  for await (const one of rows) texts.push(text(one));
  return texts;
}

function settled(row: unknown): unknown {
  if (typeof row === 'object' && row !== null && isThenable(row)) {
    throw new NotJson('is a Promise inside a list: await it, or write the transform as an async generator');
  }
  return row;
}

function isThenable(value: object): value is PromiseLike<unknown> {
  return 'then' in value && typeof value.then === 'function';
}
