/** Tells what becomes of a prompt that was sent while the agent works. */
import { AbortedError, type SteerResult } from "../../client.js";
import type { Notices } from "./notifications.js";

/** Tells it when it is known. Returns false if there is nothing to steer. `onReturn`: the run was stopped before the agent had the prompt. */
export function isSteered(result: Promise<SteerResult> | undefined, notices: Notices, onReturn: () => void): boolean {
  if (result === undefined) return false;
  tell("The agent gets it at its next step.", notices);
  result
    .then(({ absorbed, answer }) => {
      tell(absorbed === "running" ? "The agent has it." : "The run was over: it is the next turn.", notices);
      return answer;
    })
    .catch((error: unknown) => (error instanceof AbortedError ? onReturn() : notices.error(error)));
  return true;
}

function tell(text: string, notices: Notices): void {
  notices.announce(text);
  notices.activity(text);
}
