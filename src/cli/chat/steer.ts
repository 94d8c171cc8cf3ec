/** Messages that are typed while the agent works: they steer its run. */
import type { AnswerStream, SteerResult } from "../../index.js";
import { explain } from "../failures.js";
import type { Terminal } from "../terminal.js";
import type { Keys } from "./keys.js";

/** Steers the run with each message, and says what became of it. The keys are given back by whoever called. */
export function steerByKeys(
  stream: Pick<AnswerStream, "steer">,
  keys: Keys,
  terminal: Terminal,
): { turns(): AsyncIterable<SteerResult> } {
  const steered: Promise<SteerResult | undefined>[] = [];
  keys.onMessage = (text) => {
    terminal.note(`› ${shown(text)}  (the agent gets it at its next step)`);
    steered.push(steer(stream, text, terminal));
  };
  return {
    async *turns() {
      for (let next = steered.shift(); next !== undefined; next = steered.shift()) {
        const result = await next;
        if (result?.absorbed === "next") yield result;
      }
    },
  };
}

async function steer(
  stream: Pick<AnswerStream, "steer">,
  text: string,
  terminal: Terminal,
): Promise<SteerResult | undefined> {
  try {
    const result = await stream.steer(text);
    terminal.note(result.absorbed === "running" ? `the agent has: ${shown(text)}` : `next: ${shown(text)}`);
    return result;
  } catch (error) {
    await terminal.endLine();
    await terminal.detail(explain(error));
    return undefined;
  }
}

function shown(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
