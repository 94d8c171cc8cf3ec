/** The button that stops one sub-agent: its tool call asks for it, and the page does it. */
import { iconButton } from "./dom.js";

const name = "stop-subagent";

/** Button of a running call whose sub-agent has the given session. */
export function subagentStop(sessionId: string): HTMLButtonElement {
  const button = iconButton("stop", "Stop the sub-agent", (event) => {
    event.preventDefault(); // the button is in a summary, which would open or close
    button.disabled = true;
    button.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: sessionId }));
  });
  return button;
}

/** Calls the handler with the session's id when a button in the list is pressed. */
export function onSubagentStop(list: HTMLElement, handler: (sessionId: string) => void): void {
  list.addEventListener(name, (event) => {
    if (event instanceof CustomEvent && typeof event.detail === "string") handler(event.detail);
  });
}
