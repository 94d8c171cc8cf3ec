/** The job of asking, whose answers the client checks. */
import { plainOrder, wholeText } from "./programs/text.js";
import type { Job } from "./programs/worker.js";

/** `count` prompts, `together` of them at a time. */
export function askJob(count: number, together = 1): Job {
  const text = wholeText(plainOrder.deltas);
  return { type: "ask", prompt: "What does this project do?", text, count, together };
}
