/** The text that was streamed is what the model said: each character once, in order. */

import { mayBeMerged, type PromptRecord } from "../workload/record.js";
import type { ModelCall } from "../workload/script.js";
import { shown } from "./answer.js";
import type { Complain, Judged } from "./check-world.js";

/** Stands before a text whose beginning came before its reader. */
const joined = "\ue000";

export async function checkText(record: PromptRecord, judged: Judged, complain: Complain): Promise<void> {
  const { model } = judged;
  const { prompt, events, pieces, answer } = record;
  if (prompt.how === "ask" || prompt.how === "command") return;
  if (mayBeMerged(record, "crash" in judged.world.calamities.kinds)) return;
  const marked = events
    .map((event) => (event.type === "text-delta" ? `${event.joined === true ? joined : ""}${event.text}` : ""))
    .join("");
  const streamed = marked.replaceAll(joined, "");
  if (prompt.how === "stream" && record.isReadWhole && pieces.join("") !== streamed)
    complain(`the text ${shown(pieces.join(""))} is not that of the events, ${shown(streamed)}`);
  const calls = model.calls.filter(({ token }) => token === prompt.turn.token);
  const isWhole = answer !== undefined;
  if (prompt.turn.values !== undefined && prompt.structured !== "prompt") return; // arguments of a tool are not streamed
  if (!matches(marked, calls, isWhole, await cutSteps(record, judged))) {
    const said = calls.map(({ text }) => shown(text)).join(" + ");
    complain(`the streamed text ${shown(streamed)} is not what the model said: ${said}`);
  }
}

/**
 * Steps that called a tool in which the agent died. They are not run again, and their text was to be stored at its end: who
 * has not heard it will never know it.
 */
async function cutSteps({ prompt, sessionId }: PromptRecord, { truth, world }: Judged): Promise<Set<number>> {
  const cut = new Set<number>();
  if (sessionId === undefined || !("crash" in world.calamities.kinds)) return cut;
  for (const { parts } of await truth.messages(sessionId)) {
    if (!parts.some((part) => part.type === "text" && part.time?.end === undefined)) continue;
    const called = new Set(parts.flatMap((part) => (part.type === "tool" ? [part.callID] : [])));
    const step = prompt.turn.steps.findIndex(({ calls }) => calls.some(({ id }) => called.has(id)));
    if (step >= 0) cut.add(step);
  }
  return cut;
}

/**
 * Can the text be made of what the model said? A call that was cut, or that was made again, may have been seen in part; the
 * last one for a step is whole.
 */
function matches(text: string, calls: readonly ModelCall[], isWhole: boolean, cutSteps: ReadonlySet<number>): boolean {
  let places = new Set([0]);
  for (const [index, call] of calls.entries()) {
    const isLast = !calls.slice(index + 1).some(({ step }) => step === call.step);
    const isSpoken = !call.isStumble && call.step >= 0 && !cutSteps.has(call.step);
    const mustBeWhole = isWhole && isLast && isSpoken;
    const next = new Set<number>();
    for (const place of places) {
      if (text[place] === joined && call.text !== "") {
        for (const end of fromTheMiddle(text, place + 1, call.text)) {
          if (!mustBeWhole || end.isWhole) next.add(end.place);
        }
        if (!mustBeWhole) next.add(place);
        continue;
      }
      if (mustBeWhole) {
        if (text.startsWith(call.text, place)) next.add(place + call.text.length);
        continue;
      }
      next.add(place);
      for (
        let length = 1;
        length <= call.text.length && text[place + length - 1] === call.text[length - 1];
        length += 1
      )
        next.add(place + length);
    }
    places = next;
  }
  return places.has(text.length);
}

/** Where the text can be after a piece of `said` that begins anywhere in it; is that piece its end? */
function* fromTheMiddle(text: string, place: number, said: string): Generator<{ place: number; isWhole: boolean }> {
  for (let from = 0; from < said.length; from += 1) {
    for (
      let length = 1;
      from + length <= said.length && text[place + length - 1] === said[from + length - 1];
      length += 1
    )
      yield { place: place + length, isWhole: from + length === said.length };
  }
}
