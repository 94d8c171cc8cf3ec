/** How the dialects of 2.x differ in what they send: rows of data, no branches. */
import type { DialectName } from "./dialects.js";
import type { WatchPace } from "./idle-watch.js";

/** The differences that a reader must know; names and fields that have moved are accepted in all forms. */
export interface ReadingTraits {
  /**
   * The server keeps the durable events of a session, and gives those behind a number. Then the numbers of the live stream have no
   * holes either. A plain `serve` of released 2.x keeps nothing.
   */
  readonly keepsEvents: boolean;
  /** A text is stored as `""` until it has ended: one that is stored with content is whole. */
  readonly storesWholeTexts: boolean;
  /** A request about a shell line has the whole line as its one subject. */
  readonly asksWholeLines: boolean;
  /** How often the list of active sessions is looked at while one of ours runs. */
  readonly pace: WatchPace;
}

/** Observed on 2.0 preview 1.18.18: no event says that a run is over, only the list does. */
const preview: ReadingTraits = {
  keepsEvents: true,
  storesWholeTexts: true,
  asksWholeLines: true,
  pace: { first: 30, longest: 1_000 },
};
/** By the public types; not run against a real 2.1. An event says that a run is over: the list is for the one that is missed. */
const released: ReadingTraits = {
  keepsEvents: false,
  storesWholeTexts: false,
  asksWholeLines: false,
  pace: { first: 2_000, longest: 10_000 },
};

const traits: Readonly<Record<DialectName, ReadingTraits>> = { preview, "2.0": released, "2.1": released };

/** The row of a dialect. */
export function readingTraits(dialect: DialectName): ReadingTraits {
  return traits[dialect];
}
