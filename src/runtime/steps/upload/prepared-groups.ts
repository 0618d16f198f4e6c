import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { StepContext } from '../../context.ts';
import type { PageOfRows } from '../landed-pages.ts';
import { type GroupFiles, groupFiles } from './group-files.ts';
import { groupsOf } from './groups.ts';
import type { RowMaker } from './row-maker.ts';

export interface GroupsOptions {
  readonly pages: readonly PageOfRows[];
  readonly transform: RowMaker | undefined;
  /** An empty folder. */
  readonly folder: string;
}

/**
 * Groups of pages, each brought into lines by this thread while DuckDB is at work on something before: the first one
 * from the beginning, any other as soon as the one before it is ready and taken. Ends what it is at when disposed.
 */
export class PreparedGroups implements AsyncDisposable {
  readonly all: readonly (readonly PageOfRows[])[];
  readonly #context: StepContext;
  readonly #options: GroupsOptions;
  readonly #stop = new AbortController();
  #next: Promise<GroupFiles | undefined>;

  constructor(context: StepContext, options: GroupsOptions) {
    this.#context = { ...context, signal: AbortSignal.any([context.signal, this.#stop.signal]) };
    this.#options = options;
    this.all = groupsOf(options.pages, 'lines');
    this.#next = this.#ahead(this.#prepare(0));
  }

  /** The files of a group; groups are taken in their order. */
  async take(group: number): Promise<GroupFiles> {
    const mine = this.#next;
    this.#next = this.#ahead(mine.then(() => this.#prepare(group + 1)));
    const files = await mine;
    if (files === undefined) throw new TypeError(`group ${group} has no pages`);
    return files;
  }

  /** Removes the files of a group. */
  async remove(group: number): Promise<void> {
    await rm(this.#folderOf(group), { recursive: true, force: true });
  }

  async #prepare(group: number): Promise<GroupFiles | undefined> {
    const pages = this.all[group];
    if (pages === undefined) return undefined;
    await mkdir(this.#folderOf(group));
    return groupFiles(this.#context, pages, this.#folderOf(group), this.#options.transform);
  }

  /** Thrown when it is taken. */
  #ahead(files: Promise<GroupFiles | undefined>): Promise<GroupFiles | undefined> {
    files.catch(() => undefined);
    return files;
  }

  #folderOf(group: number): string {
    return join(this.#options.folder, `pages-${group}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    await this.#next.catch(() => undefined);
  }
}
