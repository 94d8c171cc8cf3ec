/** The three forms of a script, made one: a function from a request to what is done with it. */
import { messageOf } from "../util/error-message.js";
import { invalidOption } from "../util/invalid-option.js";
import { errorBody, type Plan, planReply, refusal } from "./plan.js";
import type { Reply } from "./reply.js";
import type { ModelRequest } from "./request.js";

/** Replies of the model: the same reply to every request, a list of replies in order, or a function of the request. */
export type Script = Reply | readonly Reply[] | ((request: ModelRequest) => Reply | Promise<Reply>);

/** How often one reply that calls tools is given in one turn: opencode itself would go on for ever. */
const maxEqualSteps = 50;

/**
 * The script as a function. A failure of the script itself becomes an error that opencode shows and does not repeat.
 *
 * @throws {ConfigError} when `script` is none of the three forms.
 */
export function readScript(script: Script): (request: ModelRequest) => Promise<Plan> {
  if (typeof script === "function") return (request) => askScript(script, request);
  if (isList(script)) return inOrder(script);
  if (typeof script !== "string" && (typeof script !== "object" || script === null)) {
    throw invalidOption("script", "a reply, a list of replies or a function", script);
  }
  return async (request) => {
    if (request.stepIndex < maxEqualSteps) return planReply(script, request);
    return refusal(`the only one there is calls tools, for the ${maxEqualSteps}th time in this turn; give a list`);
  };
}

async function askScript(
  script: (request: ModelRequest) => Reply | Promise<Reply>,
  request: ModelRequest,
): Promise<Plan> {
  try {
    return planReply(await script(request), request);
  } catch (error) {
    return refusal(`the script threw: ${messageOf(error)}`);
  }
}

function inOrder(replies: readonly Reply[]): (request: ModelRequest) => Promise<Plan> {
  let used = 0;
  return async (request) => {
    const reply = replies[used];
    used += 1;
    if (reply !== undefined) return planReply(reply, request);
    const message = `the script has no reply left for request ${used}: ${request.lastUserText}`;
    return { type: "error", status: 400, body: errorBody(message), headers: {} };
  };
}

function isList(script: Script): script is readonly Reply[] {
  return Array.isArray(script);
}
