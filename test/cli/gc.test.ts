import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { collectGarbage, type Garbage } from '../../src/cli/gc/collect-garbage.ts';
import { createFilesStore } from '../../src/runtime/adapters/files/files-store.ts';
import { createGcsStore } from '../../src/runtime/adapters/gcs/gcs-store.ts';
import {
  artefactName,
  landingFolder,
  noteName,
  ownObject,
  pageName,
  publishedName,
  quarantineName,
  receiptName,
} from '../../src/runtime/object-names.ts';
import type { ObjectStore } from '../../src/runtime/ports/object-store.ts';
import type { Receipt } from '../../src/runtime/receipt.ts';
import { writeReceipt } from '../../src/runtime/receipts.ts';
import { groupsOf, type SliceGroup } from '../../src/spec/slice-group.ts';
import type { Step } from '../../src/spec/steps.ts';
import { type StandIn, startStandIn } from '../../src/stand-in/server.ts';
import { createProject, filesBelow, type Project } from '../run/project.ts';
import { folder, names, put, sha256 } from '../runtime/stores/contract.ts';
import { type Emulator, startEmulator } from '../runtime/stores/emulator.ts';
import { type Front, startFront } from '../runtime/stores/front.ts';

const DAY = 86_400_000;
const PARTITION = '2026-01-31';

let emulator: Emulator;
let front: Front;

beforeAll(async () => {
  emulator = await startEmulator();
  await emulator.createBucket('bucket');
  front = await startFront(emulator.url);
});

afterAll(async () => {
  await front?.[Symbol.asyncDispose]();
  await emulator?.[Symbol.asyncDispose]();
});

const STORES: [string, () => ObjectStore][] = [
  ['files', () => createFilesStore(folder())],
  [
    'gcs',
    () =>
      createGcsStore(
        { bucket: 'bucket', prefix: randomBytes(6).toString('hex'), endpoint: front.url },
        new AbortController().signal,
      ),
  ],
];

/** As if so many days had gone by, or none. */
function collect(store: ObjectStore, days: number, dryRun = false): Promise<Garbage> {
  const now = new Date(Date.now() + days * DAY);
  return collectGarbage(store, { before: new Date(now.getTime() - 30 * DAY), now, dryRun });
}

interface RunLike {
  /** Hour of the day at which it began. */
  hour: number;
  steps: Partial<Record<Step, Receipt['status']>>;
  /** Those of an extract in groups that it has, instead of one of the whole. */
  groups?: readonly SliceGroup[];
  /** What its published file holds; null for none. */
  file: string | null;
  partition?: string;
}

/** What a run leaves: pages, a published and a quarantined file, receipts. */
async function leave(store: ObjectStore, { hour, steps, groups, file, partition = PARTITION }: RunLike) {
  const run = randomBytes(6).toString('hex');
  const landing = landingFolder('flights', partition, run, 0, 'LH');
  await put(store, `${landing}/request.json`, '{}');
  await put(store, pageName(landing, 1), run);
  const pages = [`${landing}/request.json`, pageName(landing, 1)];
  const files = file === null ? [] : [await part(store, publishedName, partition, file)];
  const aside = file === null ? null : await part(store, quarantineName, partition, `${file} aside`);
  const receipts: string[] = [];
  for (const [step, status] of Object.entries(steps) as [Step, Receipt['status']][]) {
    const receipt = {
      version: 1,
      pipeline: 'flights',
      partition,
      step,
      status,
      run,
      started_at: `2026-02-01T${String(hour).padStart(2, '0')}:00:00.000Z`,
      details:
        step === 'upload' ? { files: files.map((name) => ({ name })), quarantine: { name: aside } } : {},
    } as unknown as Receipt;
    for (const group of (step === 'extract' ? groups : undefined) ?? [undefined]) {
      await writeReceipt(store, group === undefined ? receipt : { ...receipt, group });
      receipts.push(receiptName('flights', partition, run, step, group));
    }
  }
  return { landing: pages, files: aside === null ? files : [...files, aside], receipts };
}

async function part(
  store: ObjectStore,
  nameOf: typeof publishedName,
  partition: string,
  content: string,
): Promise<string> {
  const name = nameOf('flights', partition, sha256(Buffer.from(content)));
  await put(store, name, content);
  return name;
}

const DONE = { extract: 'done', upload: 'done', load: 'done' } as const;
const all = (...left: { landing: string[]; files: string[]; receipts: string[] }[]) =>
  left.flatMap(({ landing, files, receipts }) => [...landing, ...files, ...receipts]);

describe.each(STORES)('garbage in the store %s', (_, open) => {
  it('is every run that is not the newest done one, and old', async () => {
    const store = open();
    const old = await leave(store, { hour: 1, steps: DONE, file: 'same' });
    const other = await leave(store, { hour: 2, steps: DONE, file: 'other' });
    const newest = await leave(store, { hour: 3, steps: DONE, file: 'same' });
    const killed = await leave(store, { hour: 4, steps: { extract: 'running' }, file: null });
    const elsewhere = await leave(store, { hour: 0, steps: DONE, file: 'x', partition: '2026-01-30' });
    expect((await collect(store, 29)).removed).toEqual([]);
    const before = await names(store, '');
    const planned = await collect(store, 31, true);
    expect(await names(store, '')).toEqual(before);
    const { removed, broken, foreign } = await collect(store, 31);
    expect(removed).toEqual(planned.removed);
    expect({ broken, foreign }).toEqual({ broken: [], foreign: 0 });
    expect(await names(store, '')).toEqual(all(newest, elsewhere).sort());
    // The file of the oldest run is that of the newest, too.
    expect(removed.map(({ name }) => name).sort()).toEqual(
      [...all(other, killed), ...old.landing, ...old.receipts].sort(),
    );
    expect((await collect(store, 31)).removed).toEqual([]);
  });

  it('is not what a step after it could still begin on', async () => {
    const store = open();
    const loaded = await leave(store, { hour: 1, steps: DONE, file: 'loaded' });
    const uploaded = await leave(store, { hour: 2, steps: { extract: 'done', upload: 'done' }, file: 'up' });
    const steps = { extract: 'done', upload: 'failed' } as const;
    const extracted = await leave(store, { hour: 3, steps, file: null });
    expect((await collect(store, 400)).removed).toEqual([]);
    expect(await names(store, '')).toEqual(all(loaded, uploaded, extracted).sort());
  });

  it('is not what is whole, where a later extract has only some of its groups', async () => {
    const store = open();
    const groups = groupsOf(3);
    const steps = { extract: 'done' } as const;
    const whole = await leave(store, { hour: 1, steps, groups, file: null });
    const some = await leave(store, { hour: 2, steps, groups: groups.slice(0, 2), file: null });
    expect((await collect(store, 400)).removed.map(({ name }) => name).sort()).toEqual(all(some).sort());
    expect(await names(store, '')).toEqual(all(whole).sort());
    for (const name of whole.receipts) expect(ownObject(name)).toMatchObject({ kind: 'receipts' });
  });

  it('is what no receipt names, but only once it is old', async () => {
    const store = open();
    const lost = landingFolder('flights', PARTITION, 'abcdefabcdef', 0, null);
    await put(store, pageName(lost, 1), 'x');
    await part(store, publishedName, PARTITION, 'x');
    await part(store, quarantineName, PARTITION, 'x');
    expect((await collect(store, 0)).removed).toEqual([]);
    expect((await collect(store, 31)).removed).toHaveLength(3);
    expect(await names(store, '')).toEqual([]);
  });

  it('is nothing that has another name than pipegen gives', async () => {
    const store = open();
    const theirs = [
      'README.md',
      'landing/flights/2026-01-31/notes.txt',
      'landing/flights/2026-01-31/abcdefabcdef/0/all/page-00001.json.gz.bak',
      'landing/Flights/2026-01-31/abcdefabcdef/0/all/page-00001.json.gz',
      'landing/flights/2026-02-30/abcdefabcdef/0/all/page-00001.json.gz',
      'published/flights/2026-01-31/part-1.parquet',
      `published/flights/2026-01-31/old/part-${'0'.repeat(64)}.parquet`,
      'quarantine/flights/2026-01-31/kept.parquet',
      'receipts/flights/2026-01-31/abcdefabcdef/frobnicate.json',
    ];
    for (const name of theirs) await put(store, name, 'theirs');
    const { removed, foreign } = await collect(store, 4_000);
    expect(removed).toEqual([]);
    expect(foreign).toBe(7);
    expect(await names(store, '')).toEqual([...theirs].sort());
  });

  it('is not known in a partition with a receipt that can’t be read', async () => {
    const store = open();
    await leave(store, { hour: 1, steps: DONE, file: 'one' });
    const newest = await leave(store, { hour: 2, steps: DONE, file: 'two' });
    await store.overwrite(newest.receipts[0] ?? '', Buffer.from('{"version":'));
    const before = await names(store, '');
    const { removed, broken } = await collect(store, 31);
    expect(removed).toEqual([]);
    expect(broken).toEqual([newest.receipts[0]]);
    expect(await names(store, '')).toEqual(before);
  });

  it('is not what a run takes up between the look at it and its removal', async () => {
    const store = open();
    const old = await leave(store, { hour: 1, steps: DONE, file: 'again' });
    await leave(store, { hour: 2, steps: DONE, file: 'new' });
    const [file = ''] = old.files;
    const taken: ObjectStore = {
      ...store,
      removeUnchanged: async (object) => {
        // The upload of a new run finds the file, and is content.
        if (object.name === file) expect(await put(store, file, 'again')).toMatchObject({ created: false });
        return store.removeUnchanged(object);
      },
    };
    const { removed } = await collect(taken, 31);
    expect(removed.map(({ name }) => name)).not.toContain(file);
    expect(await names(store, file)).toEqual([file]);
  });

  it('is what dbt left of a run, unless a receipt that stays names it', async () => {
    const store = open();
    const left = async (run: string) => {
      const name = artefactName('flights', PARTITION, run, '0123456789ab', 'run_results.json');
      await put(store, name, run);
      const of = (partition: string, hour: number, details: object) =>
        writeReceipt(store, {
          ...{ version: 1, pipeline: 'flights', partition, step: 'dbt', status: 'done', run },
          ...{ started_at: `2026-02-01T0${hour}:00:00.000Z`, details },
        } as unknown as Receipt);
      return { name, of, details: { artefacts: { run_results: name } } };
    };
    const old = await left('aaaaaaaaaaaa');
    await old.of(PARTITION, 1, old.details);
    const two = await left('bbbbbbbbbbbb');
    await two.of(PARTITION, 2, two.details);
    await two.of('2026-01-30', 2, two.details);
    const last = await left('cccccccccccc');
    await last.of(PARTITION, 3, last.details);
    const { removed } = await collect(store, 31);
    const artefacts = removed.filter(({ kind }) => kind === 'artefacts').map(({ name }) => name);
    // The second is no more needed for its first partition, and is for the other one.
    expect(artefacts).toEqual([old.name]);
    expect(await names(store, 'artefacts/')).toEqual([two.name, last.name]);
  });

  it('is not a run whose task is cleared meanwhile', async () => {
    const store = open();
    const old = await leave(store, { hour: 1, steps: { extract: 'done' }, file: null });
    await leave(store, { hour: 2, steps: DONE, file: 'new' });
    const [receipt = ''] = old.receipts;
    const cleared: ObjectStore = {
      ...store,
      removeUnchanged: async (object) => {
        if (object.name === receipt) await store.overwrite(receipt, Buffer.from('{"status":"running"}'));
        return store.removeUnchanged(object);
      },
    };
    expect((await collect(cleared, 31)).removed).toEqual([]);
    for (const name of all(old)) expect(await names(store, name)).toEqual([name]);
  });
});

describe('a name of pipegen', () => {
  const folder = landingFolder('flights', PARTITION, 'abcdefabcdef', 3, 'a.b/c~2');
  const landed = { kind: 'landing', pipeline: 'flights', partition: PARTITION, run: 'abcdefabcdef' };

  it.each([
    `${folder}/request.json`,
    pageName(folder, 1),
    pageName(`${folder}~2`, 100_000, 'csv'),
    noteName(folder, 1, sha256(Buffer.of())),
    pageName(landingFolder('flights', PARTITION, 'abcdefabcdef', 0, null), 1, 'jsonl'),
    pageName(`${folder}/parents~3`, 1),
    pageName(`${folder}/parents/children/ab/abcdef~2`, 1),
    `${folder}/children-0123456789abcdef.jsonl.gz`,
  ])('%s', (name) => {
    expect(ownObject(name)).toEqual(landed);
  });
});

describe('garbage in the store files', () => {
  it('is also what a killed writer left a day ago, and empty folders', async () => {
    const root = folder();
    const store = createFilesStore(root);
    await leave(store, { hour: 1, steps: DONE, file: 'one' });
    const kept = await leave(store, { hour: 2, steps: DONE, file: 'two' });
    const path = join(root, 'published/flights/2026-01-31/.tmp-1-abc');
    const young = join(root, 'landing/.tmp-2-abc');
    writeFileSync(path, 'half');
    writeFileSync(young, 'half');
    const yesterday = new Date(Date.now() - DAY - 1_000);
    utimesSync(path, yesterday, yesterday);
    const { removed } = await collect(store, 0);
    expect(removed).toEqual([
      { kind: 'unfinished', pipeline: null, name: 'published/flights/2026-01-31/.tmp-1-abc', size: 4 },
    ]);
    expect(readFileSync(young, 'utf8')).toBe('half');
    await collect(store, 31);
    expect(await names(store, '')).toEqual(all(kept).sort());
    expect(readdirSync(join(root, 'landing/flights/2026-01-31'))).toHaveLength(1);
  });
});

describe('pipegen gc', () => {
  let project: Project;
  let standIn: StandIn;

  beforeAll(async () => {
    standIn = await startStandIn();
    project = createProject({ dbt: false });
  });

  afterAll(async () => {
    await standIn?.close();
    await project?.[Symbol.asyncDispose]();
  });

  it.each([
    [['gc'], /required option '--env <name>' not specified/],
    [['gc', '--env', 'lokal'], /there is no environment "lokal": did you mean "local"\?/],
    [['gc', '--env', 'local', '--older-than', '1h'], /a duration of a day or more is needed/],
    [['gc', '--env', 'local', '--older-than', 'soon'], /a duration of a day or more is needed/],
  ])('%j is a wrong invocation', async (args, message) => {
    const { exit, stderr } = await project.pipegen(args);
    expect(stderr).toMatch(message);
    expect(exit).toBe(2);
  });

  it('says what it would remove, removes it, and what is left can still be worked on', async () => {
    for (const fresh of [[], ['--fresh']]) {
      const { exit, stderr } = await project.run(['flights', '--date', PARTITION, ...fresh], standIn);
      expect(exit, stderr).toBe(0);
    }
    const lake = join(project.folder, '.pipegen/lake');
    for (const { path } of filesBelow(lake)) {
      const name = relative(lake, path);
      // What was seen of the fields is of the pipeline, not of a run.
      if (!name.startsWith('fields/')) expect(ownObject(name), name).toBeDefined();
    }
    const past = new Date(Date.now() - 40 * DAY);
    for (const { path, bytes } of filesBelow(lake)) {
      if (path.includes('/receipts/')) {
        // Both 40 days ago, in their order.
        const moved = bytes.toString().replace(/"(started_at|finished_at)": "([^"]+)"/g, (_, key, time) => {
          return `"${key}": "${new Date(Date.parse(time) - 40 * DAY).toISOString()}"`;
        });
        writeFileSync(path, moved);
      }
      utimesSync(path, past, past);
    }
    mkdirSync(join(lake, 'published/other'), { recursive: true });
    writeFileSync(join(lake, 'published/other/file'), 'theirs');
    const rows = await project.rows('raw.flights');
    const before = [...filesBelow(lake)].map(({ path }) => path);

    const dry = await project.pipegen(['gc', '--env', 'local', '--dry-run']);
    expect(dry, dry.stderr).toMatchObject({ exit: 0 });
    expect(dry.stdout).toMatch(
      /^would remove receipts\/flights\/2026-01-31\/[0-9a-f]{12}\/extract\.json \(\d+ bytes\)$/m,
    );
    expect(dry.stdout).toMatch(/: would remove \d+ objects of [\d,]+ bytes; nothing was removed\n/);
    expect([...filesBelow(lake)].map(({ path }) => path)).toEqual(before);

    const { exit, stdout } = await project.pipegen(['gc', '--env', 'local']);
    expect(exit).toBe(0);
    expect(stdout).toMatch(/^flights +receipts +4 +[\d,]+$/m);
    expect(stdout).toMatch(/^flights +landed pages +\d+ +[\d,]+$/m);
    expect(stdout).toContain('1 object there has a name that pipegen does not give: left alone');
    expect([...filesBelow(lake)].length).toBeLessThan(before.length);

    const again = await project.pipegen(['gc', '--env', 'local']);
    expect(again.stdout).toContain(`${lake}: removed 0 objects of 0 bytes\n`);
    const asked = standIn.requests.length;
    const replay = await project.run(['flights', '--date', PARTITION, '--from', 'upload'], standIn);
    expect(replay.exit, replay.stderr).toBe(0);
    expect(standIn.requests.length).toBe(asked);
    expect(await project.rows('raw.flights')).toEqual(rows);
  });
});
