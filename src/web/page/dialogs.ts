/** Shows dialogs one after the other. The browser's `<dialog>` traps the focus and restores it. */
import { h } from "./dom.js";

interface Waiting {
  readonly open: () => void;
  readonly id: string | undefined;
}

/** Options of a dialog. */
export interface DialogOptions<T> {
  /** The key for `dismiss`. */
  readonly id?: string | undefined;
  /** Ends it without an answer. */
  readonly signal?: AbortSignal | undefined;
  readonly title: string;
  /** The answer for Escape. */
  readonly onEscape: T;
  /** Builds the content. `close` answers. */
  readonly build: (close: (answer: T) => void) => readonly (Node | string | undefined)[];
}

export class Dialogs {
  readonly #queue: Waiting[] = [];
  readonly #dismissals = new Map<string, () => void>();
  #isOpen = false;

  /** Resolves to the answer; rejects if `signal` aborts first, or if the dialog is dismissed. */
  ask<T>(options: DialogOptions<T>): Promise<T> {
    const { id, signal } = options;
    return new Promise((resolve, reject) => {
      let close = (): void => {};
      const end = (settle: () => void): void => {
        if (id !== undefined) this.#dismissals.delete(id);
        const place = this.#queue.findIndex((one) => one.open === open);
        if (place >= 0) this.#queue.splice(place, 1);
        close();
        settle();
      };
      const cancel = (): void => end(() => reject(new DOMException("The dialog was withdrawn.", "AbortError")));
      const open = (): void => {
        close = this.#show(options, (answer) => end(() => resolve(answer)));
      };
      if (signal?.aborted === true) return cancel();
      signal?.addEventListener("abort", cancel, { once: true });
      if (id !== undefined) this.#dismissals.set(id, cancel);
      this.#queue.push({ open, id });
      this.#next();
    });
  }

  /** Closes the dialog because another client has answered. */
  dismiss(id: string): void {
    this.#dismissals.get(id)?.();
  }

  #next(): void {
    if (this.#isOpen) return;
    const next = this.#queue.shift();
    if (next === undefined) return;
    this.#isOpen = true;
    next.open();
  }

  #show<T>({ title, onEscape, build }: DialogOptions<T>, answer: (value: T) => void): () => void {
    // The focus goes to the title: a key that was typed for the prompt must not answer.
    const heading = h("h2", { tabindex: -1, autofocus: true, id: "dialog-title" }, title);
    const dialog = h("dialog", { "aria-labelledby": "dialog-title" }, heading, ...build(answer));
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      answer(onEscape);
    });
    document.body.append(dialog);
    dialog.showModal();
    heading.focus();
    return () => {
      dialog.close();
      dialog.remove();
      this.#isOpen = false;
      this.#next();
    };
  }
}

/** Asks for a confirmation. */
export function confirm(dialogs: Dialogs, title: string, text: string, yes: string): Promise<boolean> {
  return dialogs.ask<boolean>({
    title,
    onEscape: false,
    build: (close) => [
      h("p", {}, text),
      h(
        "div",
        { class: "buttons" },
        h("button", { type: "button", onclick: () => close(false) }, "Cancel"),
        h("button", { type: "button", class: "primary danger", onclick: () => close(true) }, yes),
      ),
    ],
  });
}

/** Asks for one line of text; `undefined` if it is unchanged. */
export function askText(dialogs: Dialogs, title: string, value: string): Promise<string | undefined> {
  return dialogs.ask<string | undefined>({
    title,
    onEscape: undefined,
    build: (close) => {
      const input = h("input", { type: "text", value, "aria-label": title, maxlength: 200 });
      const form = h(
        "form",
        {
          onsubmit: (event: SubmitEvent) => {
            event.preventDefault();
            close(input.value.trim() === "" ? undefined : input.value.trim());
          },
        },
        input,
        h(
          "div",
          { class: "buttons" },
          h("button", { type: "button", onclick: () => close(undefined) }, "Cancel"),
          h("button", { type: "submit", class: "primary" }, "Save"),
        ),
      );
      return [form];
    },
  });
}
