/** What a reader of events knows from one connection to the next. */
import { LruMap } from "../../util/lru-map.js";
import { type FoldOptions, SessionFold } from "./session-fold.js";

/** Sessions that are remembered between connections. */
const remembered = 1_000;

/** What outlives a connection. */
export interface EventMemory {
  readonly folds: LruMap<string, SessionFold>;
  /** When the last connection ended, by the monotonic clock. */
  lostAt: number;
  /** The fold of a session, made when there is none. */
  foldOf(options: FoldOptions): SessionFold;
}

/** Sessions of other directories that are remembered. */
const mostForeign = 10_000;

/** Names of sessions that are in other directories. */
export function foreignSessions(): LruMap<string, true> {
  return new LruMap(mostForeign);
}

/** Of a reader that has not connected yet. */
export function createEventMemory(): EventMemory {
  const folds = new LruMap<string, SessionFold>(remembered);
  return {
    folds,
    lostAt: 0,
    foldOf: (options) => {
      const { sessionId } = options.place;
      const fold = folds.get(sessionId) ?? new SessionFold(options);
      folds.set(sessionId, fold);
      return fold;
    },
  };
}
