/** A script's next reply, so that many scripts can be told by one model. */
import type { ModelRequest, Reply, Script } from "../../src/testing/index.js";

/** The script as a function that is asked with each request. */
export function replies(script: Script): (request: ModelRequest) => Reply | Promise<Reply> {
  if (typeof script === "function") return script;
  if (!Array.isArray(script)) return () => script as Reply; // a list is all that is left beside
  const list = script as readonly Reply[];
  let used = 0;
  return ({ lastUserText }) => {
    used += 1;
    const message = `the script has no reply left for request ${used}: ${lastUserText}`;
    return list[used - 1] ?? { status: 400, message };
  };
}
