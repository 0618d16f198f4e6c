import { processors } from '../../processors.ts';
import { inParallel } from '../../steps/extract/in-parallel.ts';
import { Engine, type EngineOptions } from './engine.ts';

/** More of them take more memory, and their files are brought into lines by one thread. */
const MOST = 2;

/**
 * Engines that work side by side, each on one thread: that keeps the rows of a query in their order without gathering
 * them, of which nobody can say how much memory it takes.
 */
export class Lanes implements Disposable {
  readonly all: readonly Engine[];
  readonly #signal: AbortSignal;

  private constructor(all: readonly Engine[], signal: AbortSignal) {
    this.all = all;
    this.#signal = signal;
  }

  /** One for each processor, two at most, and never more than there is `work` for. */
  static async open(options: EngineOptions, work: number): Promise<Lanes> {
    const opened: Engine[] = [];
    const lanes = new Lanes(opened, options.signal);
    try {
      for (let lane = 0; lane < Math.max(1, Math.min(MOST, processors(), work)); lane += 1) {
        opened.push(await Engine.open({ ...options, sequential: true }));
      }
      return lanes;
    } catch (error) {
      lanes[Symbol.dispose]();
      throw error;
    }
  }

  /** For what is one piece of work. */
  get first(): Engine {
    return this.all[0] as Engine;
  }

  /** Works through the values in their order, each lane on the next one; results in the order of the values. */
  work<Value, Result>(
    values: readonly Value[],
    work: (engine: Engine, value: Value) => Promise<Result>,
  ): Promise<Result[]> {
    const free = [...this.all];
    return inParallel(values, free.length, this.#signal, async (value) => {
      // There is always one, since no more are at work than there are lanes.
      const engine = free.shift() as Engine;
      try {
        return await work(engine, value);
      } finally {
        free.push(engine);
      }
    });
  }

  [Symbol.dispose](): void {
    for (const engine of this.all) engine[Symbol.dispose]();
  }
}
