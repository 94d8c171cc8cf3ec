/** The answers of the stub. The clients know them too, so that each run is checked. */

/** The order of an answer, sent to the stub as the prompt's text in JSON. */
export interface Order {
  /** Number of the streamed deltas. */
  readonly deltas: number;
  /** Pause between two deltas, in ms. @default 0 */
  readonly pause?: number;
  /** Each delta is the time of its write, `process.hrtime` in ns, and a space. @default false */
  readonly stamped?: boolean;
  /** Index of a delta that is not sent: the check of the client must find it. @default none */
  readonly lost?: number | undefined;
}

/** For prompts that are no order. */
export const plainOrder: Order = { deltas: 8 };

const words = [
  "The ",
  "agent ",
  "reads ",
  "src/index.ts",
  ", ",
  "then ",
  "it ",
  "runs ",
  "“npm test”",
  ".\n",
  "Done",
  ": ",
];

/** The text of one delta. */
export function deltaText(index: number): string {
  return words[index % words.length] ?? "";
}

/** The text of the whole answer. */
export function wholeText(deltas: number): string {
  const rounds = words.join("").repeat(Math.floor(deltas / words.length));
  return rounds + words.slice(0, deltas % words.length).join("");
}

/** The order in a prompt. */
export function readOrder(prompt: string): Order {
  if (!prompt.startsWith("{")) return plainOrder;
  return JSON.parse(prompt) as Order; // ours
}
