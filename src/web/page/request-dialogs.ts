/** Dialogs for the agent's requests: permissions, questions, and the end of plan mode. */
import type { PermissionReply, PermissionRequest, QuestionReply, QuestionRequest } from "../../client.js";
import type { Dialogs } from "./dialogs.js";
import { parsePatch } from "./diff.js";
import { diffView } from "./diff-view.js";
import { h } from "./dom.js";

/** The source of a request, and its signal. */
export interface AskContext {
  readonly signal: AbortSignal;
  /** Title of the requesting session. */
  readonly from: string;
}

const titles: Readonly<Record<string, string>> = {
  bash: "Run this command?",
  edit: "Change this file?",
  external_directory: "Access files outside the project?",
  webfetch: "Fetch this address?",
  websearch: "Search the web?",
  read: "Read this file?",
  task: "Start a sub-agent?",
  doom_loop: "Continue? The agent has made the same call several times.",
};

/** Asks for a permission: once, always, or no with a reason. */
export function askPermission(
  dialogs: Dialogs,
  request: PermissionRequest,
  { signal, from }: AskContext,
): Promise<PermissionReply> {
  const { permission, patterns, always = [], chain } = request;
  const who = chain.length > 1 ? `A sub-agent of “${from}”` : `“${from}”`;
  return dialogs.ask<PermissionReply>({
    id: request.id,
    signal,
    title: titles[permission] ?? `Allow ${permission}?`,
    onEscape: { reject: "the user dismissed the request" },
    build: (close) => {
      const reason = h("input", {
        type: "text",
        placeholder: "Reason for the agent (optional)",
        "aria-label": "Reason",
      });
      const refuse = (): void => {
        const text = reason.value.trim();
        close({ reject: text === "" ? "the user rejected the request" : text });
      };
      reason.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || event.isComposing) return;
        event.preventDefault();
        refuse();
      });
      return [
        h("p", { class: "muted" }, `${who} requests the permission “${permission}”.`),
        subject(request),
        reason,
        h(
          "div",
          { class: "buttons" },
          h("button", { type: "button", class: "danger", onclick: refuse }, "Reject"),
          h("span", { class: "space" }),
          always.length === 0
            ? undefined
            : h(
                "button",
                { type: "button", title: `From now on: ${always.join(", ")}`, onclick: () => close("always") },
                "Always allow",
              ),
          h("button", { type: "button", class: "primary", onclick: () => close("once") }, "Allow once"),
        ),
        always.length === 0 || always.join() === patterns.join()
          ? undefined
          : h(
              "p",
              { class: "muted small" },
              "“Always” allows until the agent restarts: ",
              h("code", {}, always.join(", ")),
            ),
      ];
    },
  });
}

function subject({ patterns, metadata }: PermissionRequest): HTMLElement {
  const { command, diff } = metadata;
  if (typeof diff === "string" && diff !== "") {
    return h("div", {}, h("p", { class: "path" }, patterns.join(", ")), diffView(parsePatch(diff)));
  }
  return h("pre", { class: "command", tabindex: 0 }, typeof command === "string" ? command : patterns.join("\n"));
}

/** Shows the options, and a field for another answer. */
export function askQuestion(
  dialogs: Dialogs,
  request: QuestionRequest,
  { signal, from }: AskContext,
): Promise<QuestionReply> {
  return dialogs.ask<QuestionReply>({
    id: request.id,
    signal,
    title: request.questions.length === 1 ? (request.questions[0]?.header ?? "Question") : "Questions",
    onEscape: [],
    build: (close) => {
      const fields = request.questions.map((question, index) => questionField(question, `${request.id}-${index}`));
      const form = h(
        "form",
        {
          onsubmit: (event: SubmitEvent) => {
            event.preventDefault();
            close(fields.map(({ answer }) => answer()));
          },
        },
        ...fields.map(({ element }) => element),
        h(
          "div",
          { class: "buttons" },
          h("button", { type: "button", onclick: () => close([]) }, "Do not answer"),
          h("button", { type: "submit", class: "primary" }, "Answer"),
        ),
      );
      return [h("p", { class: "muted" }, `“${from}” asks:`), form];
    },
  });
}

function questionField(
  { question, options, multiple }: QuestionRequest["questions"][number],
  name: string,
): { element: HTMLElement; answer: () => string[] } {
  const inputs = options.map(({ label }) =>
    h("input", { type: multiple === true ? "checkbox" : "radio", name, value: label }),
  );
  const own = h("input", {
    type: "text",
    placeholder: "In your own words",
    "aria-label": `${question} In your own words`,
  });
  const element = h(
    "fieldset",
    {},
    h("legend", {}, question),
    ...options.map(({ label, description }, index) =>
      h(
        "label",
        { class: "option" },
        inputs[index],
        h("span", {}, h("strong", {}, label), description === "" ? undefined : h("small", {}, description)),
      ),
    ),
    own,
  );
  const answer = (): string[] => {
    const chosen = inputs.filter(({ checked }) => checked).map(({ value }) => value);
    const text = own.value.trim();
    if (text === "") return chosen;
    return multiple === true ? [...chosen, text] : [text];
  };
  return { element, answer };
}

/** Asks whether the agent may carry out its plan. */
export function askPlanExit(
  dialogs: Dialogs,
  request: QuestionRequest,
  { signal, from }: AskContext,
): Promise<boolean> {
  return dialogs.ask<boolean>({
    id: request.id,
    signal,
    title: "Start building?",
    onEscape: false,
    build: (close) => [
      h("p", { class: "muted" }, `“${from}” has a plan and requests to carry it out.`),
      h("p", {}, request.questions[0]?.question ?? ""),
      h(
        "div",
        { class: "buttons" },
        h("button", { type: "button", onclick: () => close(false) }, "Keep planning"),
        h("button", { type: "button", class: "primary", onclick: () => close(true) }, "Start"),
      ),
    ],
  });
}
