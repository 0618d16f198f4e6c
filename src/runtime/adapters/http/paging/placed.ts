import type { Paginate } from '../../../../spec/paginate.ts';
import { configuration } from '../../../errors.ts';
import type { Position } from '../../../ports/source.ts';
import type { BuiltRequest } from '../url.ts';

/** The request for a list with what asks for one page of it. */
export function placed(
  request: BuiltRequest,
  paginate: Paginate,
  position: Readonly<Position>,
): BuiltRequest {
  if (paginate.kind === 'none') return request;
  if (paginate.kind === 'link') {
    // The link says all that its maker wants to be asked.
    return position.next === null ? request : { ...request, url: new URL(position.next) };
  }
  const { page_size: size, in: where } = paginate;
  const sized =
    size === undefined || paginate.size_param === undefined
      ? request
      : put(request, where === 'body' ? 'body' : 'query', paginate.size_param, size);
  if (paginate.kind === 'offset') return put(sized, where, paginate.offset_param, position.offset);
  if (paginate.kind === 'page') {
    return put(sized, where, paginate.page_param, paginate.first + position.page - 1);
  }
  return position.next === null ? sized : put(sized, where, paginate.send, position.next);
}

function put(
  request: BuiltRequest,
  where: 'query' | 'body' | 'header',
  name: string,
  value: string | number,
): BuiltRequest {
  if (where === 'query') {
    const url = new URL(request.url);
    url.searchParams.set(name, String(value));
    return { ...request, url };
  }
  if (where === 'header') return { ...request, headers: { ...request.headers, [name]: String(value) } };
  return { ...request, body: withValue(request.body ?? {}, name.split('.'), value) };
}

/** The same object with a value at a path; what is missing on the way is made. */
function withValue(
  object: Readonly<Record<string, unknown>>,
  [key = '', ...rest]: readonly string[],
  value: unknown,
): Record<string, unknown> {
  if (rest.length === 0) return { ...object, [key]: value };
  const inner = object[key] ?? {};
  if (typeof inner !== 'object' || Array.isArray(inner)) {
    throw configuration(`the body has no object at "${key}" to hold the page's parameters: correct paginate`);
  }
  return { ...object, [key]: withValue(inner as Record<string, unknown>, rest, value) };
}
