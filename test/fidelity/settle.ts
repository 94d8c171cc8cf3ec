/**
 * Whether all events that follow from a run have come. The server counts what changed (`session.diff`, then the user
 * message once more) beside the run, at its first step and after each: in a git directory long after the run's end.
 */
import { sessionOf } from "../../src/api/v1/event-session.js";
import type { ServerEvent } from "../../src/types/event.js";
import { property, stringProperty } from "../../src/util/json.js";

/** The one thing that {@link unsettled} misses while a run goes on. */
export const endOfRun = "the end of the run";

/** What is still expected, in words; empty when all has come. */
export function unsettled(events: readonly ServerEvent[]): string[] {
  const sessions = new Set(events.map(sessionOf).filter((id) => id !== undefined));
  return [...sessions].flatMap((session) => missing(events.filter((event) => sessionOf(event) === session)));
}

function missing(events: readonly ServerEvent[]): string[] {
  if (events.some(isFormatted)) return []; // the server cannot read such a session, and counts what it can
  let running = false;
  let answering = false;
  let begun = false;
  let expected = 0;
  let diffs = 0;
  let summaries = 0;
  const messages = new Set<string>();
  for (const { type, properties } of events) {
    const info = property(properties, "info");
    const part = property(properties, "part");
    if (type === "session.status") {
      running = property(property(properties, "status"), "type") !== "idle";
      // A step of the model: a shell line is busy once only.
      if (running && answering && !begun) expected += 1;
      begun = running && (begun || answering);
      if (!running) answering = false;
    } else if (type === "session.diff") diffs += 1;
    else if (type === "message.updated") {
      const id = stringProperty(info, "id") ?? "";
      if (stringProperty(info, "role") === "user") summaries += property(info, "summary") === undefined ? 0 : 1;
      else if (running && !messages.has(id) && property(info, "summary") !== true) answering = true;
      messages.add(id);
    } else if (type === "message.part.updated" && property(part, "type") === "step-finish" && running) expected += 1;
  }
  return [
    ...(running ? [endOfRun] : []),
    ...(diffs < expected ? [`${diffs} of ${expected} session.diff`] : []),
    ...(summaries < expected ? [`${summaries} of ${expected} summaries`] : []),
  ];
}

/** True for the user message of a structured prompt. */
export function isFormatted({ properties }: ServerEvent): boolean {
  return property(property(properties, "info"), "format") !== undefined;
}
