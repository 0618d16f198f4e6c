import { describe, expect, it } from 'vitest';
import { readIdentity } from '../../../src/runtime/identity.ts';

const BASE = {
  PIPEGEN_PARTITIONS: '2026-01-31',
  PIPEGEN_DAG_ID: 'flights',
  PIPEGEN_TASK_ID: 'extract',
  PIPEGEN_RUN_ID: 'scheduled__2026-02-01',
};

describe('identity of a run', () => {
  it('sorts its partitions and takes each once', () => {
    const { partitions } = readIdentity({
      ...BASE,
      PIPEGEN_PARTITIONS: '2026-02-02, 2026-01-31,,2026-02-02',
    });
    expect(partitions).toEqual(['2026-01-31', '2026-02-02']);
  });

  it('is another run for another DAG or run id, and the same for the same', () => {
    const runs = [BASE, { ...BASE }, { ...BASE, PIPEGEN_RUN_ID: 'x' }, { ...BASE, PIPEGEN_DAG_ID: 'x' }].map(
      (environment) => readIdentity(environment).run,
    );
    expect(runs[0]).toMatch(/^[0-9a-f]{12}$/);
    expect(runs[1]).toBe(runs[0]);
    expect(new Set(runs).size).toBe(3);
  });

  it('takes the generation from max_tries, which only a person makes grow', () => {
    expect(readIdentity({ ...BASE, PIPEGEN_MAX_TRIES: '7', PIPEGEN_TRY_NUMBER: '5' })).toMatchObject({
      generation: 7,
      maxTries: 7,
      tryNumber: 5,
    });
    expect(readIdentity(BASE)).toMatchObject({ generation: 0, tryNumber: 1 });
    expect('maxTries' in readIdentity(BASE)).toBe(false);
  });

  it.each([
    ['PIPEGEN_PARTITIONS', '', /no partition was given/],
    ['PIPEGEN_PARTITIONS', '2026-02-30', /"2026-02-30" is not a partition/],
    ['PIPEGEN_PARTITIONS', '../../etc', /is not a partition/],
    ['PIPEGEN_RUN_ID', '', /PIPEGEN_RUN_ID is not set/],
    ['PIPEGEN_MAX_TRIES', 'None', /must be a whole number, not "None"/],
  ])('refuses %s=%s as configuration', (name, value, message) => {
    const read = () => readIdentity({ ...BASE, [name]: value });
    expect(read).toThrow(message);
    expect(read).toThrow(expect.objectContaining({ exit: 78 }));
  });
});
