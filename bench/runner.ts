/**
 * The runner: tinybench runs one task for each contestant, all tasks at the same time, and a baton makes them take turns (A B A B …).
 * So a machine that becomes slower in the middle is slower for all contestants.
 */
import { Bench } from "tinybench";

/** Numbers of one run, by measure. A number that is not finite fails the bench. */
export type Sample<Measure extends string = string> = Readonly<Record<Measure, number>>;

/** One run of each contestant, by name. */
export type Contestants<Name extends string, Measure extends string> = Readonly<
  Record<Name, () => Promise<Sample<Measure>>>
>;

/** The values of a measure, run by run. */
export type Samples<Name extends string, Measure extends string> = Readonly<
  Record<Name, Readonly<Record<Measure, readonly number[]>>>
>;

/** Passes the turn around. The first failure ends the waiting of all. */
class Baton {
  readonly #names: readonly string[];
  readonly #waiting = new Map<string, { go: () => void; fail: (error: unknown) => void }>();
  #turn = 0;
  #failure: { readonly error: unknown } | undefined;

  constructor(names: readonly string[]) {
    this.#names = names;
  }

  async inTurn<T>(name: string, act: () => Promise<T>): Promise<T> {
    if (this.#failure !== undefined) throw this.#failure.error;
    if (this.#names[this.#turn] !== name) {
      await new Promise<void>((go, fail) => this.#waiting.set(name, { go, fail }));
    }
    try {
      return await act();
    } catch (error) {
      this.#failure = { error };
      for (const { fail } of this.#waiting.values()) fail(error);
      throw error;
    } finally {
      this.#turn = (this.#turn + 1) % this.#names.length;
      const next = this.#names[this.#turn] ?? "";
      this.#waiting.get(next)?.go();
      this.#waiting.delete(next);
    }
  }
}

/**
 * Measures the contestants in turns.
 * @param runs runs of each that count; one more comes first and does not count.
 */
export async function measureInTurns<Name extends string, Measure extends string>(
  contestants: Contestants<Name, Measure>,
  runs: number,
): Promise<Samples<Name, Measure>> {
  const names = Object.keys(contestants) as Name[];
  const values = Object.fromEntries(names.map((name) => [name, {}])) as Record<
    Name,
    Partial<Record<Measure, number[]>>
  >;
  const baton = new Baton(names);
  // `time: 0`: tinybench then runs each task exactly `iterations` times.
  const counts = { iterations: runs, time: 0, warmupIterations: 1, warmupTime: 0 };
  const bench = new Bench({ ...counts, concurrency: "bench", throws: true });
  for (const name of names) {
    let mode = "warmup";
    const run = async (): Promise<{ overriddenDuration: number }> => {
      const sample = await baton.inTurn(name, contestants[name]);
      if (mode === "run") keep(values[name], sample);
      const [primary = 0] = Object.values<number>(sample);
      return { overriddenDuration: primary };
    };
    bench.add(name, run, {
      async: true,
      beforeEach: (current) => {
        mode = current ?? mode;
      },
    });
  }
  const tasks = await bench.run();
  for (const { name, result, runs: found } of tasks) {
    if (result.state !== "completed" || found !== runs) throw new Error(`${name}: ${result.state} after ${found} runs`);
  }
  return values as Samples<Name, Measure>; // each run has kept each measure
}

function keep<M extends string>(values: Partial<Record<M, number[]>>, sample: Sample<M>): void {
  for (const measure of Object.keys(sample) as M[]) {
    const value = sample[measure];
    if (!Number.isFinite(value)) throw new Error(`${measure} is ${value}`);
    const list = values[measure] ?? [];
    list.push(value);
    values[measure] = list;
  }
}
