import { mkdirSync, rmdirSync, unlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { GeneratedFile } from './dag.ts';
import { LIST_NAME } from './output/file-list.ts';
import { atPath } from './output/output-error.ts';
import { type NotDone, planWrite, type WritePlan } from './output/plan.ts';
import { replaceFile } from './output/replace-file.ts';

export interface WriteOptions {
  /** The output folder; made when it is missing. */
  readonly folder: string;
  /** Writes nothing and reports what a build would change. */
  readonly check: boolean;
  /** The build is about this prefix alone, such as `local/`: what is listed elsewhere stays. */
  readonly only?: string;
}

/** Paths are relative to the output folder, with `/`, in order. */
export interface WriteReport {
  readonly written: readonly string[];
  readonly unchanged: readonly string[];
  readonly removed: readonly string[];
  /** Listed, no longer generated, and yet left where they are: for people to know. */
  readonly kept: readonly NotDone[];
  /** Not written because something that is not ours stands there: an error of the build. */
  readonly refused: readonly NotDone[];
  /** `path: missing`, `changed`, `no longer generated` or why it would be refused; empty without `check`. */
  readonly drift: readonly string[];
}

/**
 * Brings the folder to the given files: new ones first, then removals, the list last, so that a build that is cut
 * off leaves nothing half-written and the next one mends it. An unchanged file is not touched.
 * @throws OutputError when the disk refuses
 */
export function write(files: readonly GeneratedFile[], { folder, check, only }: WriteOptions): WriteReport {
  const plan = atPath(folder, () => planWrite(files, folder, only));
  const { unchanged, kept, refused } = plan;
  if (check) return { written: [], unchanged, removed: [], kept, refused, drift: driftOf(plan) };
  atPath(folder, () => mkdirSync(folder, { recursive: true }));
  for (const file of plan.write) {
    const path = join(folder, file.path);
    atPath(path, () => {
      mkdirSync(dirname(path), { recursive: true });
      replaceFile(path, file.content);
    });
  }
  for (const path of plan.remove) {
    atPath(join(folder, path), () => unlinkSync(join(folder, path)));
    removeEmptyFolders(folder, dirname(path));
  }
  const list = join(folder, LIST_NAME);
  if (plan.listChanged) atPath(list, () => replaceFile(list, plan.list));
  const written = plan.write.map((file) => file.path);
  return { written, unchanged, removed: plan.remove, kept, refused, drift: [] };
}

function driftOf(plan: WritePlan): string[] {
  const drift = [
    ...plan.write.map((file) => `${file.path}: ${file.exists ? 'changed' : 'missing'}`),
    ...plan.remove.map((path) => `${path}: no longer generated`),
    ...plan.refused.map(({ path, reason }) => `${path}: ${reason}`),
  ];
  if (plan.listChanged && drift.length === 0) drift.push(`${LIST_NAME}: changed`);
  return drift.sort();
}

function removeEmptyFolders(folder: string, path: string): void {
  for (let at = path; at !== '.'; at = dirname(at)) {
    try {
      rmdirSync(join(folder, at));
    } catch {
      // Somebody else's files are in it, so it stays.
      return;
    }
  }
}
