import fc from 'fast-check';
import type { ObjectStore } from '../../src/runtime/ports/object-store.ts';

/** The write, from 1, at which a process dies, and whether it is done by then. */
export interface Death {
  write: number;
  after: boolean;
}

export const deaths: fc.Arbitrary<Death[]> = fc.array(
  fc.record({ write: fc.integer({ min: 1, max: 20 }), after: fc.boolean() }),
  { maxLength: 4 },
);

/** A store whose process dies at one of its writes: then nothing at all is written any more. */
export function mortal(store: ObjectStore, death: Death | undefined): ObjectStore {
  let writes = 0;
  let dead = false;
  const die = () => {
    dead = true;
    throw new Error('killed');
  };
  const write = async <Value>(work: () => Promise<Value>): Promise<Value> => {
    if (dead) throw new Error('killed');
    writes += 1;
    const last = death?.write === writes;
    if (last && !death.after) die();
    const value = await work();
    if (last) die();
    return value;
  };
  return {
    ...store,
    putIfAbsent: (...put) => write(() => store.putIfAbsent(...put)),
    overwrite: (...put) => write(() => store.overwrite(...put)),
  };
}
