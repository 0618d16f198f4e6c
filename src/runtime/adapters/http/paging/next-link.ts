/**
 * The target of `rel="next"` in a Link header (RFC 8288); null where there is none. Several headers come joined by
 * commas; a target may hold commas itself.
 */
export function nextLink(header: string | undefined): string | null {
  for (const [, target = '', parameters = ''] of (header ?? '').matchAll(LINK)) {
    for (const [, name = '', quoted, token] of parameters.matchAll(PARAMETER)) {
      if (name.toLowerCase() !== 'rel') continue;
      const relations = (quoted?.replace(/\\(.)/g, '$1') ?? token ?? '').toLowerCase().split(/\s+/);
      if (relations.includes('next')) return target.trim();
      // The first rel of a link counts, others are to be ignored (3.3).
      break;
    }
  }
  return null;
}

const LINK = /<([^>]*)>((?:\s*;\s*[^\s=;,]+(?:\s*=\s*(?:"(?:[^"\\]|\\.)*"|[^\s";,]*))?)*)/g;
const PARAMETER = /;\s*([^\s=;,]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s";,]*)))?/g;
