/** Shows the page's own notices: the connection, failures, and the agent's activity. */
import { isOpencodeError } from "../../client.js";
import type { ConnectionState } from "./connection.js";
import { byId, h, icon, iconButton } from "./dom.js";

const states: Readonly<Record<ConnectionState, string>> = {
  connecting: "",
  open: "",
  lost: "The connection to the agent is lost. Reconnecting…",
  loggedOut: "This page is no longer logged in. Open the latest address printed by opencode-ts web.",
};
/** A shorter interruption is not shown, in ms. */
const noticeDelay = 700;

export class Notices {
  #state: ConnectionState = "connecting";
  #timer: number | undefined;

  connection(state: ConnectionState): void {
    if (state === this.#state || (this.#state === "loggedOut" && state === "lost")) return;
    this.#state = state;
    clearTimeout(this.#timer);
    const banner = byId("banner", HTMLElement);
    const show = (): void => {
      banner.textContent = states[state];
      banner.hidden = states[state] === "";
    };
    if (state === "lost") this.#timer = window.setTimeout(show, noticeDelay);
    else show();
  }

  /** Shows a failure until it is closed, or until the next prompt. */
  error(error: unknown): void {
    const hint = isOpencodeError(error) ? error.hint : undefined;
    const message = typeof error === "string" ? error : error instanceof Error ? error.message : String(error);
    show("failure", "alert", message, hint);
  }

  /** Shows news until they are closed, or until the next prompt. */
  news(text: string): void {
    show("failure news", "status", text);
  }

  clearErrors(): void {
    byId("errors", HTMLElement).replaceChildren();
  }

  /** Shows the agent's activity; `""` for none. */
  activity(text: string): void {
    const line = byId("activity", HTMLElement);
    if (line.dataset["text"] === text) return;
    line.dataset["text"] = text;
    line.replaceChildren(...(text === "" ? [] : [h("span", { class: "spinner" }), text]));
  }

  /** Announces a text to screen readers. */
  announce(text: string): void {
    byId("announcer", HTMLElement).textContent = text;
  }
}

function show(className: string, role: "alert" | "status", message: string, hint?: string): void {
  const box = h(
    "p",
    { class: className, role },
    icon("alert"),
    h("span", {}, message, hint === undefined ? undefined : h("small", {}, hint)),
    iconButton("close", "Close", () => box.remove()),
  );
  const list = byId("errors", HTMLElement);
  if (list.childElementCount >= 3) list.firstElementChild?.remove();
  list.append(box);
}
