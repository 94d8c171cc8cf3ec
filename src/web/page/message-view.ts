/** Shows one message: its parts in order, and below an answer its time, tokens and cost. */
import type { AssistantMessage, Part } from "../../client.js";
import { h, icon } from "./dom.js";
import { dollars, duration, shortNumber } from "./format.js";
import { type PartView, partView } from "./part-view.js";
import type { Partials } from "./partials.js";
import type { Entry, TurnFigures } from "./timeline.js";

export interface MessageContext {
  readonly partials: Partials;
  readonly directory: string | undefined;
}

export class MessageView {
  readonly element: HTMLElement;
  readonly #context: MessageContext;
  readonly #views = new Map<string, PartView>();
  readonly #content: HTMLElement = h("div", { class: "content" });
  readonly #failure: HTMLElement = h("div", {});
  readonly #facts: HTMLElement = h("div", {});

  constructor(entry: Entry, context: MessageContext) {
    this.#context = context;
    const isUser = entry.info.role === "user";
    this.element = h(
      "article",
      { class: `message ${entry.info.role}`, "aria-label": isUser ? "You" : "Agent" },
      this.#content,
      this.#failure,
      this.#facts,
    );
    this.element.dataset["id"] = entry.info.id;
    this.showHead(entry);
    for (const part of entry.parts.values()) this.showPart(entry, part);
  }

  showHead({ info }: Entry): void {
    if (info.role === "assistant")
      this.#failure.replaceChildren(...(info.error === undefined ? [] : [failure(info.error)]));
  }

  /** Time, tokens and cost of the whole turn, below its last message; `undefined` for other messages. */
  showFigures(turn: TurnFigures | undefined): void {
    this.#facts.replaceChildren(...(turn === undefined ? [] : [facts(turn)]));
  }

  showPart(entry: Entry, part: Part): void {
    const known = this.#views.get(part.id);
    const view = known ?? partView(part, entry.info.role === "user", this.#context.directory);
    if (view === undefined) return;
    view.show(part, this.#textOf(part));
    if (known !== undefined) return;
    this.#views.set(part.id, view);
    view.element.dataset["part"] = part.id;
    // Ids ascend in the order of creation; the new part is nearly always the last.
    const next = [...this.#content.children].find((child) => ((child as HTMLElement).dataset["part"] ?? "") > part.id); // our own elements
    this.#content.insertBefore(view.element, next ?? null);
  }

  removePart(id: string): void {
    this.#views.get(id)?.element.remove();
    this.#views.delete(id);
  }

  #textOf(part: Part): string {
    if (part.type !== "text" && part.type !== "reasoning") return "";
    if (part.time?.end !== undefined) return part.text;
    const running = this.#context.partials.textOf(part.id);
    return running.length > part.text.length ? running : part.text;
  }
}

function facts({ model, agent, durationMs, input, cached, output, cost }: TurnFigures): HTMLElement {
  const items = [model, agent];
  if (durationMs !== undefined) items.push(duration(durationMs));
  if (input + cached + output > 0) items.push(`${shortNumber(input + cached + output)} tokens`);
  if (cost > 0) items.push(dollars(cost));
  return h("p", { class: "facts" }, ...items.map((item) => h("span", {}, item)));
}

function failure(error: NonNullable<AssistantMessage["error"]>): HTMLElement {
  if (error.name === "MessageAbortedError") return h("p", { class: "stopped" }, "Stopped");
  const message = "message" in error.data && typeof error.data.message === "string" ? error.data.message : error.name;
  return h("p", { class: "failure" }, icon("alert"), h("span", {}, message));
}
