/** The permanent buttons of the page. */
import type { Opencode } from "../../client.js";
import type { Start } from "./connection.js";
import { byId, icon } from "./dom.js";
import type { Transcript } from "./transcript.js";

export interface ToolbarParts {
  readonly start: Start;
  /** Only buttons whose action the agent can do are shown. */
  readonly capabilities: Opencode["api"]["capabilities"];
  readonly onNew: () => void;
  readonly onRename: () => void;
  readonly onDelete: () => void;
  /** An example prompt was selected. */
  readonly onExample: (text: string) => void;
  /** The displayed conversation. */
  readonly transcript: () => Transcript | undefined;
}

export function setUpToolbar(parts: ToolbarParts): void {
  const { start, capabilities, onNew, onRename, onDelete, onExample, transcript } = parts;
  const fresh = byId("new", HTMLButtonElement);
  fresh.prepend(icon("plus"));
  fresh.addEventListener("click", onNew);
  const rename = byId("rename", HTMLButtonElement);
  rename.append(icon("pencil"));
  rename.addEventListener("click", onRename);
  if (!capabilities.storesTitles) rename.remove();
  const remove = byId("delete", HTMLButtonElement);
  remove.append(icon("trash"));
  remove.addEventListener("click", onDelete);
  if (!capabilities.deletesSessions) remove.remove();
  if (!capabilities.keepsTodos) {
    byId("todo", HTMLElement).hidden = true;
    const show = byId("show-panel", HTMLButtonElement);
    for (const element of [byId("panel", HTMLElement), show]) element.setAttribute("aria-label", "Usage");
    show.title = "Usage";
  }
  for (const example of document.querySelectorAll<HTMLButtonElement>("#examples button")) {
    example.addEventListener("click", () => onExample(example.textContent ?? ""));
  }
  const place = byId("directory", HTMLElement);
  place.textContent = start.directory ?? "";
  place.title = `${start.directory ?? ""} · opencode ${start.version}`;
  for (const name of document.querySelectorAll(".working-directory"))
    name.textContent = start.directory ?? "the project";
  const down = byId("to-end", HTMLButtonElement);
  down.addEventListener("click", () => transcript()?.toEnd());
  byId("scroller", HTMLElement).addEventListener("scroll", () => {
    down.hidden = transcript()?.isAtEnd ?? true;
  });
}
