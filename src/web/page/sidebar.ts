/** The list of sessions. */
import type { Opencode, SessionInfo } from "../../client.js";
import { h } from "./dom.js";
import { ago } from "./format.js";
import { titleOf } from "./titles.js";

const step = 40;
/** The search starts after this time without typing, in ms. */
const searchPause = 250;

export interface SidebarParts {
  readonly list: HTMLElement;
  readonly search: HTMLInputElement;
  readonly more: HTMLButtonElement;
  readonly opencode: Opencode;
  readonly isBusy: (sessionId: string) => boolean;
  readonly onError: (error: unknown) => void;
}

export class Sidebar {
  readonly #parts: SidebarParts;
  readonly #sessions = new Map<string, SessionInfo>();
  #limit = step;
  #current: string | undefined;
  #timer: number | undefined;
  #reads = 0;

  constructor(parts: SidebarParts) {
    this.#parts = parts;
    parts.search.addEventListener("input", () => {
      clearTimeout(this.#timer);
      this.#timer = window.setTimeout(() => void this.refresh(), searchPause);
    });
    parts.more.addEventListener("click", () => {
      this.#limit += step;
      void this.refresh();
    });
    setInterval(() => this.show(), 60_000); // "5 min" becomes "6 min"
  }

  /** Reads the list. */
  async refresh(): Promise<void> {
    const { opencode, search, more, onError } = this.#parts;
    this.#reads += 1;
    const read = this.#reads;
    const text = search.value.trim();
    try {
      const found: SessionInfo[] = [];
      let isMore = false;
      const isSearched = text !== "" && opencode.api.capabilities.storesTitles;
      for await (const info of opencode.sessions({ search: isSearched ? text : undefined })) {
        if (info.parentID !== undefined || (!isSearched && !this.#isFound(info))) continue;
        if (found.length >= this.#limit) {
          isMore = true;
          break;
        }
        found.push(info);
      }
      if (read !== this.#reads) return; // a later read is under way
      this.#sessions.clear();
      for (const info of found) this.#sessions.set(info.id, info);
      more.hidden = !isMore;
      this.show();
    } catch (error) {
      onError(error);
    }
  }

  /** A session was created, changed, or opened by its address. */
  update(info: SessionInfo): void {
    const isHidden = info.parentID !== undefined || (info.time.archived ?? 0) > 0;
    if (isHidden || !this.#isFound(info)) this.#sessions.delete(info.id);
    else this.#sessions.set(info.id, info);
    this.show();
  }

  /** By its title. */
  #isFound(info: SessionInfo): boolean {
    return titleOf(info).toLowerCase().includes(this.#parts.search.value.trim().toLowerCase());
  }

  remove(id: string): void {
    this.#sessions.delete(id);
    this.show();
  }

  titleOf(id: string): string | undefined {
    const info = this.#sessions.get(id);
    return info && titleOf(info);
  }

  select(id: string | undefined): void {
    this.#current = id;
    this.show();
  }

  show(): void {
    const { list, isBusy } = this.#parts;
    const sorted = [...this.#sessions.values()].sort((a, b) => b.time.updated - a.time.updated);
    const focused =
      document.activeElement instanceof HTMLElement ? document.activeElement.dataset["session"] : undefined;
    list.replaceChildren(
      ...sorted.map((info) => {
        const link = h(
          "a",
          {
            href: `#${info.id}`,
            "data-session": info.id,
            "aria-current": info.id === this.#current ? "page" : undefined,
          },
          h("span", { class: "title" }, titleOf(info)),
          isBusy(info.id)
            ? h("span", { class: "spinner", role: "img", "aria-label": "working" })
            : h("time", {}, ago(info.time.updated, Date.now())),
        );
        return h("li", {}, link);
      }),
    );
    if (sorted.length === 0) list.append(h("li", { class: "empty" }, "No sessions"));
    if (focused !== undefined) list.querySelector<HTMLElement>(`[data-session="${CSS.escape(focused)}"]`)?.focus();
  }
}
