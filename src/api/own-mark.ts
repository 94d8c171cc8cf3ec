/**
 * What a session's metadata has of the session's own model and agent, because a server of 1.x does not keep them.
 *
 * The mark of a session whose last prompt had another model than its own: a server of 1.x knows that of the last prompt only. The mark
 * stands in the session's metadata, and counts while the session has the model that it was lent.
 */
import { type JsonRecord, recordProperty, stringProperty } from "../util/json.js";

/** Under this name the mark stands in `metadata`. */
export const ownMarkName = "opencode-ts:own";

/** Under this name the agent that the session was created with stands in `metadata`: 1.x runs a prompt without one as its default agent. */
export const ownAgentName = "opencode-ts:agent";

/** The agent that the session was created with. */
export function ownAgentOf(metadata: unknown): string | undefined {
  return stringProperty(metadata, ownAgentName);
}

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
