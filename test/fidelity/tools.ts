/** Short ways to write what scenarios say. */

import type { ModelRequest } from "../../src/testing/index.js";
import {
  type Reply,
  type ScriptedToolCall,
  type SpokenParts,
  type SpokenReply,
  toolCalls,
} from "../../src/testing/index.js";

/** A call of `bash`; in memory it answers what the real one prints. */
export function bash(command: string, rest?: SpokenParts): SpokenReply {
  return toolCalls([bashCall(command)], rest);
}

export function bashCall(command: string): ScriptedToolCall {
  const output = /^\S+ (.*)$/.exec(command)?.[1] ?? "";
  return { name: "bash", args: { command, description: "x" }, output: `${output}\n` };
}

/** Replies by the prompt's text, one for each step; the last is repeated. */
export function byPrompt(script: Readonly<Record<string, Reply | readonly Reply[]>>): (request: ModelRequest) => Reply {
  return ({ lastUserText, stepIndex }) => {
    const found = script[lastUserText];
    if (found === undefined) return `echo: ${lastUserText}`;
    const steps: readonly Reply[] = Array.isArray(found) ? found : [found as Reply]; // not a list: one reply
    return steps[Math.min(stepIndex, steps.length - 1)] ?? "";
  };
}

/** Rules of a session under which these commands ask. */
export const asking: { readonly permission: readonly object[] } = {
  permission: [{ permission: "bash", pattern: "*", action: "ask" }],
};
