/**
 * The mark of a session whose last prompt had another model than its own: a server of 1.x knows that of the last prompt only. The mark
 * stands in the session's metadata, and counts while the session has the model that it was lent.
 */
import { type JsonRecord, recordProperty, stringProperty } from "../util/json.js";

/** Under this name the mark stands in `metadata`. */
export const ownMarkName = "opencode-ts:own";

/** Models are `"provider/model"`. */
export interface OwnMark {
  /** The session's own model. */
  readonly own: string;
  /** The model of its last prompt. */
  readonly lent: string;
}

/** The mark, if it still counts. `now`: the model that the server says. */
export function ownMarkOf(metadata: JsonRecord | undefined, now: string): OwnMark | undefined {
  const mark = recordProperty(metadata, ownMarkName);
  const [own, lent] = [stringProperty(mark, "own"), stringProperty(mark, "lent")];
  return own === undefined || lent !== now ? undefined : { own, lent };
}
