/** Shows one tool call: a summary line, and when it is opened, input and output. */
import type { ToolPart } from "../../client.js";
import { countChanges, type DiffLine } from "./diff.js";
import { diffView } from "./diff-view.js";
import { h, icon } from "./dom.js";
import { duration } from "./format.js";
import { subagentStop } from "./subagent-stop.js";
import { changeOf, childOf, kindOf, outputOf, subjectOf, timeOf } from "./tool-text.js";

/** Characters of an output that are shown initially. */
const shownOutput = 8_000;
/** Changes with at most this many lines are open initially. */
const openLines = 60;

const states: Readonly<Record<ToolPart["state"]["status"], string>> = {
  pending: "prepared",
  running: "running",
  completed: "done",
  error: "failed",
};

export class ToolView {
  readonly element: HTMLDetailsElement = h("details", { class: "tool" });
  readonly #directory: string | undefined;
  readonly #body: HTMLElement = h("div", { class: "tool-body" });
  #part: ToolPart;
  #wasTouched = false;

  constructor(part: ToolPart, directory: string | undefined) {
    this.#part = part;
    this.#directory = directory;
    this.element.addEventListener("toggle", () => this.#fill());
    this.show(part);
  }

  show(part: ToolPart): void {
    const isSame = this.#part.state.status === "running" && part.state.status === "running";
    this.#part = part;
    if (isSame && this.#showsMore(outputOf(part))) return;
    const change = changeOf(part);
    const { status } = part.state;
    this.element.dataset["status"] = status;
    const summary = this.#summary(change);
    this.element.replaceChildren(summary, this.#body);
    summary.addEventListener("click", () => {
      this.#wasTouched = true;
    });
    // The output of a command is of interest while it runs.
    const isLive = status === "running" && part.tool === "bash" && outputOf(part) !== "";
    if (!this.#wasTouched) this.element.open = isLive || (change !== undefined && change.length <= openLines);
    this.#fill();
  }

  /** Puts the output into its place, where the reader may have scrolled or selected. False: it has no place yet. */
  #showsMore(output: string): boolean {
    const block = this.#body.querySelector(".live-output");
    if (output === "" || block === null) return false;
    const isAtEnd = block.scrollTop + block.clientHeight >= block.scrollHeight - 4;
    block.textContent = output.slice(-shownOutput);
    if (isAtEnd) block.scrollTop = block.scrollHeight;
    return true;
  }

  #summary(change: readonly DiffLine[] | undefined): HTMLElement {
    const part = this.#part;
    const { name, picture } = kindOf(part.tool);
    const { status } = part.state;
    const time = timeOf(part);
    const changes = change === undefined ? undefined : countChanges(change);
    const isRunning = status === "running" || status === "pending";
    const child = isRunning ? childOf(part) : undefined;
    return h(
      "summary",
      {},
      isRunning ? h("span", { class: "spinner" }) : icon(status === "error" ? "alert" : picture),
      h("span", { class: "tool-name" }, name),
      h("span", { class: "tool-subject" }, subjectOf(part, this.#directory)),
      changes === undefined
        ? undefined
        : h(
            "span",
            { class: "changes" },
            h("span", { class: "added" }, `+${changes.added}`),
            " ",
            h("span", { class: "removed" }, `−${changes.removed}`),
          ),
      h(
        "span",
        { class: "tool-time" },
        time === undefined ? h("span", { class: "hidden" }, states[status]) : duration(time),
      ),
      child === undefined ? undefined : subagentStop(child),
    );
  }

  /** Renders only open calls: a session may have thousands. */
  #fill(): void {
    this.#body.replaceChildren(...(this.element.open ? this.#sections() : []));
  }

  #sections(): HTMLElement[] {
    const part = this.#part;
    const change = changeOf(part);
    const output = outputOf(part);
    const child = childOf(part);
    const sections: HTMLElement[] = [];
    if (change !== undefined) sections.push(diffView(change));
    else if (part.tool === "bash") sections.push(h("pre", { class: "command", tabindex: 0 }, text(part, "command")));
    else sections.push(labelled("Input", inputView(part)));
    if (child !== undefined)
      sections.push(h("a", { class: "child-link", href: `#${child}` }, "Open the sub-agent’s session"));
    if (part.state.status === "error") sections.push(h("p", { class: "tool-error" }, part.state.error));
    // The output of an edit only confirms the edit.
    if (output !== "" && change === undefined)
      sections.push(labelled("Output", part.state.status === "running" ? liveView(output) : outputView(output)));
    return sections;
  }
}

function text({ state }: ToolPart, field: string): string {
  const value = state.input[field];
  return typeof value === "string" ? value : "";
}

function labelled(label: string, content: HTMLElement): HTMLElement {
  return h("section", {}, h("h4", {}, label), content);
}

function inputView({ state }: ToolPart): HTMLElement {
  const rows = Object.entries(state.input).flatMap(([name, value]) => [
    h("dt", {}, name),
    h("dd", {}, typeof value === "string" ? value : JSON.stringify(value, undefined, 2)),
  ]);
  return rows.length === 0 ? h("p", { class: "muted" }, "nothing") : h("dl", { class: "fields" }, ...rows);
}

/** The end of an output that grows: the newest lines are the ones to see. */
function liveView(output: string): HTMLElement {
  const block = h("pre", { tabindex: 0, class: "live-output" }, output.slice(-shownOutput));
  queueMicrotask(() => {
    block.scrollTop = block.scrollHeight;
  });
  return block;
}

function outputView(output: string): HTMLElement {
  const block = h("pre", { tabindex: 0 }, output.slice(0, shownOutput));
  if (output.length <= shownOutput) return block;
  const all = h("button", { type: "button", class: "quiet" }, `Show all ${output.length.toLocaleString()} characters`);
  all.addEventListener("click", () => {
    block.textContent = output;
    all.remove();
  });
  return h("div", {}, block, all);
}
