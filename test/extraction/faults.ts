import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { json } from '../runtime/http/api.ts';
import type { GoodPage } from './paged-list.ts';

/** Answers in place of a page. */
export type Fault = (response: ServerResponse, page: GoodPage) => void;

/** As the API words its errors. */
function apiError(status: number, code: string): Fault {
  return (response) => json(response, { error: { code, message: 'as the API says it' } }, status);
}

/** What a proxy or load balancer says: no JSON. */
function plain(status: number): Fault {
  return (response) =>
    void response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>Not now</h1>');
}

/** By the name that the table of docs/extraction.md has for it. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  '401 invalid_access_key': apiError(401, 'invalid_access_key'),
  '401 missing_access_key': apiError(401, 'missing_access_key'),
  '401 inactive_user': apiError(401, 'inactive_user'),
  '403 https_access_restricted': apiError(403, 'https_access_restricted'),
  '403 function_access_restricted': apiError(403, 'function_access_restricted'),
  '404 invalid_api_function': apiError(404, 'invalid_api_function'),
  '404 404_not_found': apiError(404, '404_not_found'),
  '429 usage_limit_reached': apiError(429, 'usage_limit_reached'),
  '429 rate_limit_reached': apiError(429, 'rate_limit_reached'),
  '500 internal_error': apiError(500, 'internal_error'),
  '200 invalid_access_key': apiError(200, 'invalid_access_key'),
  '200 rate_limit_reached': apiError(200, 'rate_limit_reached'),
  '200 and an error without a rule': apiError(200, 'out_of_coffee'),
  '400 without a rule': plain(400),
  '408': plain(408),
  '425': plain(425),
  '429 without a rule': plain(429),
  '502': plain(502),
  '503': plain(503),
  '504': plain(504),
  'reset before the answer': (response) => void response.socket?.resetAndDestroy(),
  'reset in the body': (response, { body, headers }) => {
    const text = Buffer.from(JSON.stringify(body));
    response.writeHead(200, { ...headers, 'content-length': text.length });
    response.write(text.subarray(0, text.length / 2), () => response.socket?.resetAndDestroy());
  },
  'gzip cut off': (response, { body, headers }) => {
    const bytes = gzipSync(JSON.stringify(body));
    const cut = bytes.subarray(0, bytes.length - 6);
    response
      .writeHead(200, { ...headers, 'content-encoding': 'gzip', 'content-length': cut.length })
      .end(cut);
  },
  '200 and HTML': plain(200),
  'data: [] and nothing else': (response) => json(response, { data: [] }),
  'data: [] with total: 0': (response) => json(response, { data: [], total: 0 }),
};
