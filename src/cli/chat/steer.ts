/** Messages that are typed while the agent works: they steer its run. */
import type { AnswerStream, SteerResult } from "../../index.js";
import { explain } from "../failures.js";
import type { Terminal } from "../terminal.js";
import type { Keys } from "./keys.js";

/** The steers of one run. */
export interface KeySteering {
  /** Nothing was typed. */
  readonly isEmpty: boolean;
  /** The turns that steers have become. */
  turns(): AsyncIterable<SteerResult>;
  /** Takes no more messages. The text of a stopped run's steers, which the agent has not got, is in the line again. */
  end(): Promise<void>;
}

/** Steers the run with each message, and says what became of it. `stop` aborts when the person stops the run. */
export function steerByKeys(
  stream: Pick<AnswerStream, "steer">,
  { keys, terminal, stop }: { readonly keys: Keys; readonly terminal: Terminal; readonly stop: AbortSignal },
): KeySteering {
  const steered: Promise<SteerResult | undefined>[] = [];
  const all: Promise<unknown>[] = [];
  const returned: string[] = [];
  const steer = async (text: string): Promise<SteerResult | undefined> => {
    try {
      const result = await stream.steer(text);
      terminal.note(result.absorbed === "running" ? `the agent has: ${shown(text)}` : `next: ${shown(text)}`);
      return result;
    } catch (error) {
      if (stop.aborted) returned.push(text);
      else {
        await terminal.endLine();
        await terminal.detail(explain(error));
      }
      return undefined;
    }
  };
  keys.onMessage = (text) => {
    terminal.note(`› ${shown(text)}  (the agent gets it at its next step)`);
    const steering = steer(text);
    steered.push(steering);
    all.push(steering);
  };
  return {
    get isEmpty() {
      return all.length === 0;
    },
    async *turns() {
      for (let next = steered.shift(); next !== undefined; next = steered.shift()) {
        const result = await next;
        if (result?.absorbed === "next") yield result;
      }
    },
    async end() {
      keys.onMessage = undefined;
      await Promise.all(all);
      if (returned.length > 0) keys.hold(`${returned.join(" ").replace(/\s*\n\s*/g, " ")} `); // a line end would send it
    },
  };
}

function shown(text: string): string {
  const line = text.replace(/\s+/g, " ");
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}
