import { expect, test } from 'vitest';
import { load } from '../../src/spec/load.ts';

test('a load replaces its partition and says nothing of newer rows', () => {
  expect(load.parse({ table: 'flights' })).toEqual({
    table: 'flights',
    mode: 'replace_partition',
    on_empty: 'fail',
  });
});

test.each(['replace_partition', 'replace', undefined])(
  'newest_by has no effect with mode %s, so it is refused',
  (mode) => {
    const { error } = load.safeParse({ table: 'flights', mode, newest_by: 'updated_at' });
    expect(error?.issues).toMatchObject([{ path: ['newest_by'], message: 'goes with mode: merge only' }]);
  },
);

test('a merge may name it; what it must have besides is for lint to say', () => {
  expect(load.safeParse({ table: 'flights', mode: 'merge', newest_by: 'updated_at' }).success).toBe(true);
  expect(load.safeParse({ table: 'flights', mode: 'merge' }).success).toBe(true);
  expect(load.safeParse({ table: 'flights', mode: 'append' }).success).toBe(false);
});
