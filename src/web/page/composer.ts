/** The form for a prompt. */
import type { AgentInfo, ModelInfo } from "../../client.js";
import { Attachments, type ReadyFile } from "./attachments.js";
import { byId, h, icon } from "./dom.js";
import { isText, load, save } from "./storage.js";

/** The submitted prompt. */
export interface Draft {
  readonly text: string;
  readonly files: readonly ReadyFile[];
  readonly model: string | undefined;
  readonly agent: string | undefined;
}

export interface ComposerParts {
  readonly onSend: (draft: Draft) => void;
  readonly onStop: () => void;
  readonly onError: (message: string) => void;
  /** Media types that a file can have besides texts; `undefined`: all. */
  readonly attachable: ReadonlySet<string> | undefined;
}

const draftName = "draft";

export class Composer {
  readonly #parts: ComposerParts;
  readonly #text: HTMLTextAreaElement = byId("prompt", HTMLTextAreaElement);
  readonly #send: HTMLButtonElement = byId("send", HTMLButtonElement);
  readonly #stop: HTMLButtonElement = byId("stop", HTMLButtonElement);
  readonly #model: HTMLSelectElement = byId("model", HTMLSelectElement);
  readonly #agent: HTMLSelectElement = byId("agent", HTMLSelectElement);
  readonly #picker: HTMLInputElement = byId("files", HTMLInputElement);
  readonly #attachments: Attachments;

  constructor(parts: ComposerParts) {
    this.#parts = parts;
    this.#attachments = new Attachments(byId("attached", HTMLElement), parts.attachable, parts.onError);
    this.#setUpKeys();
    this.#setUpFiles();
    byId("composer", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.#stop.append(icon("stop"));
    this.#stop.addEventListener("click", parts.onStop);
    this.#model.addEventListener("change", () => save("model", this.#model.value));
    this.#agent.addEventListener("change", () => save("agent", this.#agent.value));
    this.#text.value = sessionStorage.getItem(draftName) ?? "";
    this.#grow();
  }

  focus(): void {
    this.#text.focus();
  }

  setText(text: string): void {
    this.#text.value = text;
    this.#grow();
    this.focus();
  }

  /** A text that was not sent is in the field again, before the text that is there. */
  giveBack(text: string): void {
    this.setText([text, this.#text.value].filter((one) => one !== "").join("\n"));
  }

  setRunning(isRunning: boolean): void {
    this.#stop.hidden = !isRunning;
    this.#send.title = isRunning ? "Send to the agent at work (Enter)" : "Send (Enter)";
  }

  /** Fills the lists and keeps the earlier selection. */
  setChoices(models: readonly ModelInfo[], agents: readonly AgentInfo[], startModel: string | undefined): void {
    const groups = new Map<string, ModelInfo[]>();
    for (const model of models) groups.set(model.providerID, [...(groups.get(model.providerID) ?? []), model]);
    this.#model.replaceChildren(
      h("option", { value: "" }, startModel === undefined ? "Default model" : `Default (${startModel})`),
      ...[...groups].map(([provider, list]) =>
        h("optgroup", { label: provider }, ...list.map(({ fullName, name }) => h("option", { value: fullName }, name))),
      ),
    );
    const usable = agents.filter(({ mode, hidden }) => mode !== "subagent" && hidden !== true);
    this.#agent.replaceChildren(...usable.map(({ name }) => h("option", { value: name }, name)));
    choose(this.#model, load("model", isText) ?? "");
    choose(this.#agent, load("agent", isText) ?? "build");
  }

  #submit(): void {
    const text = this.#text.value.trim();
    if (text === "" && this.#attachments.files.length === 0) return;
    const [model, agent] = [this.#model.value, this.#agent.value];
    const files = this.#attachments.take();
    this.#text.value = "";
    this.#grow();
    this.#parts.onSend({
      text,
      files,
      model: model === "" ? undefined : model,
      agent: agent === "" ? undefined : agent,
    });
  }

  #setUpKeys(): void {
    const text = this.#text;
    text.addEventListener("keydown", (event) => {
      // 229: some browsers send an extra Enter at the end of an input method's composition.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
      event.preventDefault();
      this.#submit();
    });
    text.addEventListener("input", () => this.#grow());
    document.addEventListener("keydown", (event) => {
      if (document.querySelector("dialog[open]") !== null) return;
      if (event.key === "Escape" && !this.#stop.hidden) {
        event.preventDefault();
        this.#parts.onStop();
      } else if (event.key === "/" && !isTyping(event.target)) {
        event.preventDefault();
        this.focus();
      }
    });
  }

  #setUpFiles(): void {
    const attach = byId("attach", HTMLButtonElement);
    attach.append(icon("attach"));
    this.#send.append(icon("send"));
    attach.addEventListener("click", () => this.#picker.click());
    if (this.#parts.attachable !== undefined) attach.title = "Attach texts and images";
    this.#picker.addEventListener("change", () => {
      void this.#attachments.add([...(this.#picker.files ?? [])]);
      this.#picker.value = "";
    });
    this.#text.addEventListener("paste", (event) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length === 0) return;
      event.preventDefault();
      void this.#attachments.add(files);
    });
    document.addEventListener("dragover", (event) => event.preventDefault());
    document.addEventListener("drop", (event) => {
      event.preventDefault(); // otherwise the browser would open the file
      void this.#attachments.add([...(event.dataTransfer?.files ?? [])]);
    });
  }

  /** Fits the height to the text; the style sheet sets the maximum. */
  #grow(): void {
    this.#text.style.height = "auto";
    this.#text.style.height = `${this.#text.scrollHeight}px`;
    try {
      sessionStorage.setItem(draftName, this.#text.value);
    } catch {
      // the draft does not survive a reload
    }
  }
}

function choose(select: HTMLSelectElement, value: string): void {
  select.value = value;
  if (select.selectedIndex < 0) select.selectedIndex = 0;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && /^(?:INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}
