/** The text of a turn's steps, for the reader of the partial output. */
import type { AgentEvent } from "../../types/event.js";
import type { Growing } from "../../util/async-queue.js";
import { GrowingText } from "../../util/growing-text.js";

/** After these events the model writes its output again. */
const renewing: ReadonlySet<string> = new Set(["repair", "retry", "fallback"]);

/** A piece of text. */
export interface OutputPiece {
  readonly text: string;
  /** A step has begun: the text does not continue the text before. */
  readonly begins: boolean;
  /** The model writes its output again: what was shown does not count any more. */
  readonly isRenewed: boolean;
  /** The beginning of the step's text is not known. */
  readonly isHeadless: boolean;
}

/** What an event means for the output; `undefined`: nothing. */
export function outputPiece(event: AgentEvent): OutputPiece | undefined {
  if (event.type === "text-delta") {
    return { text: event.text, begins: false, isRenewed: false, isHeadless: event.joined === true };
  }
  const isRenewed = renewing.has(event.type);
  if (!isRenewed && event.type !== "step-start") return undefined;
  return { text: "", begins: true, isRenewed, isHeadless: false };
}

/** A piece that takes later ones in. Of steps that are over nothing is kept. */
export function growPiece(first: OutputPiece): Growing<OutputPiece> {
  const text = new GrowingText(first.text);
  let flags: Omit<OutputPiece, "text"> = first;
  return {
    add: (later) => {
      const { begins, isRenewed, isHeadless } = later;
      if (begins) {
        text.set("");
        flags = { begins, isRenewed: flags.isRenewed || isRenewed, isHeadless };
      } else if (isHeadless) flags = { ...flags, isHeadless };
      text.add(later.text);
      return true;
    },
    get value() {
      return { ...flags, text: text.toString() };
    },
  };
}
