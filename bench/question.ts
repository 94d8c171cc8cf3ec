/** A question of the bench, and the parts of its answer. */
import type { Spread } from "./statistics.js";

/** One row of the table: a ratio, or several runs' worth of a count. */
export interface Finding {
  /** What is divided by what, for example "client CPU per delta ÷ official". */
  readonly label: string;
  readonly value: Spread;
  /** The largest value that meets the goal. */
  readonly goal: number;
  /** The value at 3747c99, before the work of issue 14, where it was measured. */
  readonly before?: number | undefined;
}

/** One line of a plot. */
export interface Series {
  readonly name: string;
  /** Pairs of x and y; y is a ratio. */
  readonly points: readonly (readonly [number, number])[];
}

/** A plot over a growing size. */
export interface Plot {
  /** Name of the file, without its ending. */
  readonly name: string;
  readonly title: string;
  readonly x: string;
  readonly y: string;
  readonly series: readonly Series[];
}

/** Where the time of something goes: its steps in order, each with its share of the whole. */
export interface Steps {
  /** Name of the place in the page. */
  readonly name: string;
  readonly rows: readonly (readonly [step: string, share: number])[];
}

/** The answer to a question. */
export interface Result {
  readonly findings: readonly Finding[];
  readonly plots?: readonly Plot[] | undefined;
  readonly steps?: readonly Steps[] | undefined;
}

/** How the bench runs. */
export interface Setting {
  /** Runs of each contestant that count. */
  readonly runs: number;
  /** Few runs and small sizes: shows that the question works, not how fast anything is. */
  readonly quick: boolean;
  /** Folder of the compiled programs. */
  readonly programs: string;
  /** Path of the agent. */
  readonly binary: string;
  /** Prints one line of progress. */
  readonly report: (line: string) => void;
}

/** One question. */
export interface Question {
  /** Its row in the table of issue 14: "P4". */
  readonly name: string;
  /** A sentence for `--help` and the page. */
  readonly title: string;
  /** Measures. Rejects if an answer was wrong. */
  run(setting: Setting): Promise<Result>;
}
