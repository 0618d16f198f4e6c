/** `handlers/flights.ts#normalise`: a file of the project, and what it exports. */
export interface HandlerReference {
  /** Relative to the project, `/` between folders. */
  readonly file: string;
  readonly exported: string;
}

/** Of a text that the schema of a handler accepted. */
export function parseReference(text: string): HandlerReference {
  const at = text.indexOf('#');
  return { file: normal(text.slice(0, at)) ?? text.slice(0, at), exported: text.slice(at + 1) };
}

/** A path without `.` and `..`; undefined where it leaves the project. */
export function normal(path: string): string | undefined {
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '..' && parts.pop() === undefined) return undefined;
    if (part !== '..' && part !== '.' && part !== '') parts.push(part);
  }
  return parts.join('/');
}
