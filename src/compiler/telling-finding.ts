import type { Finding } from './finding.ts';
import type { Path } from './source-file.ts';

/** A finding of shape under a name of its own, where there is more to say than that the shape is wrong. */
export function tellingFinding(finding: Finding, path: Path, value: unknown): Finding {
  const place = path.join('.');
  if (place === 'launcher.namespace' && finding.name === 'missing-key') {
    return {
      ...finding,
      name: 'missing-namespace',
      message: 'the pods have no namespace to run in',
      help: 'add namespace: one that is theirs, such as data-pipelines',
    };
  }
  if (place === 'start_date' && typeof value === 'string' && !/^[0-9]/.test(value)) {
    return {
      ...finding,
      name: 'start-date-not-fixed',
      message: `"${value}" is no day that stands still`,
      help: 'write the first day that you want to have, such as 2026-01-31',
    };
  }
  return finding;
}
