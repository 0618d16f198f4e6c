import type { ServerResponse } from 'node:http';
import type { Job } from '../../../src/spec/job.ts';
import type { Asked } from '../../runtime/http/api.ts';
import type { Mounted, Served } from '../api-server.ts';
import { openRig, type Rig } from '../rig.ts';

/** What the table of docs/extraction.md says of a case. */
export interface Told {
  /** Exit code of extract. */
  extract: number;
  /** Requests that arrived. */
  requests: number;
  /** Exit code of upload; null where there is nothing for it. */
  upload: number | null;
}

/** Plays one case against a server, looks at what it left, and says how the steps ended. */
export type Oddity = (api: Served) => Promise<Told>;

export interface Play {
  answer(asked: Asked, response: ServerResponse): void;
  job(url: string): Job;
  /** Looks at what was left behind; after upload, where extract went well. */
  look(played: { rig: Rig; list: Mounted; messages: { extract: string; upload: string } }): Promise<void>;
}

export function play({ answer, job, look }: Play): Oddity {
  return async (api) => {
    const list = api.mount(answer);
    using rig = openRig(job(list.url));
    const extract = await rig.extract();
    const upload = extract.exit === 0 ? await rig.upload() : null;
    await look({ rig, list, messages: { extract: extract.message, upload: upload?.message ?? '' } });
    return { extract: extract.exit, requests: list.requests, upload: upload?.exit ?? null };
  };
}
