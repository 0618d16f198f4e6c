import { plural } from '../print.ts';
import { table } from '../table.ts';
import type { Garbage, Kind, Removed } from './collect-garbage.ts';

const WORDS: Readonly<Record<Kind, string>> = {
  receipts: 'receipts',
  landing: 'landed pages',
  published: 'published files',
  quarantine: 'quarantined rows',
  artefacts: 'artefacts of dbt',
  unfinished: 'unfinished files',
};

/** What was removed, or would be, for people: by pipeline and kind; without removal also each name. */
export function report(location: string, { removed, broken, foreign }: Garbage, dryRun: boolean): string {
  const lines: string[] = [];
  if (dryRun) lines.push(...removed.map(({ name, size }) => `would remove ${name} (${size} bytes)`));
  const rows = counts(removed);
  if (rows.length > 0)
    lines.push(...(dryRun ? [''] : []), ...table(['pipeline', 'what', 'objects', 'bytes'], rows));
  const size = removed.reduce((sum, one) => sum + one.size, 0);
  const total = `${plural(removed.length, 'object')} of ${plural(size, 'byte')}`;
  lines.push(
    ...(rows.length > 0 ? [''] : []),
    dryRun ? `${location}: would remove ${total}; nothing was removed` : `${location}: removed ${total}`,
  );
  if (foreign > 0) {
    lines.push(
      `${plural(foreign, 'object')} there ${foreign === 1 ? 'has a name' : 'have names'} that pipegen does not give: left alone`,
    );
  }
  for (const name of broken) {
    lines.push(`${name} can’t be read, so all of its partition was left alone: see what it is, or remove it`);
  }
  return `${lines.join('\n')}\n`;
}

function counts(removed: readonly Removed[]): string[][] {
  const sums = new Map<string, { pipeline: string; kind: Kind; objects: number; bytes: number }>();
  for (const { kind, pipeline, size } of removed) {
    const key = `${pipeline ?? ''}/${kind}`;
    const sum = sums.get(key) ?? { pipeline: pipeline ?? '', kind, objects: 0, bytes: 0 };
    sums.set(key, { ...sum, objects: sum.objects + 1, bytes: sum.bytes + size });
  }
  return [...sums.values()]
    .sort((a, b) => a.pipeline.localeCompare(b.pipeline, 'en'))
    .map(({ pipeline, kind, objects, bytes }) => [
      pipeline,
      WORDS[kind],
      objects.toLocaleString('en'),
      bytes.toLocaleString('en'),
    ]);
}
