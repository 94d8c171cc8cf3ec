/** The panel beside the conversation: usage and todo list. */
import type { Todo } from "../../client.js";
import { type ContextFill, contextBar } from "./context-bar.js";
import { byId, h, icon, svg } from "./dom.js";
import { dollars, duration, shortNumber } from "./format.js";
import type { TurnFigures } from "./timeline.js";

/** Maximum number of turns in the chart. */
const bars = 24;
const height = 72;
const barWidth = 10;
const gap = 4;

/** Shows the figures of the loaded turns, and how full the context is. */
export function showUsage(turns: readonly TurnFigures[], context?: ContextFill): void {
  const sum = (field: "input" | "cached" | "output" | "cost"): number =>
    turns.reduce((total, turn) => total + turn[field], 0);
  const cost = sum("cost");
  const facts: [string, string][] = [
    ["Input", shortNumber(sum("input"))],
    ["From cache", shortNumber(sum("cached"))],
    ["Output", shortNumber(sum("output"))],
    ["Cost", turns.length > 0 && cost === 0 ? "no price" : dollars(cost)],
  ];
  byId("usage", HTMLElement).replaceChildren(
    ...(turns.length === 0
      ? [h("p", { class: "muted" }, "Nothing yet")]
      : [
          ...(context === undefined ? [] : [contextBar(context)]),
          h("dl", { class: "figures" }, ...facts.flatMap(([name, value]) => [h("dt", {}, name), h("dd", {}, value)])),
          chart(turns.slice(-bars)),
        ]),
  );
}

/** Draws one bar per turn; a hidden table has the same figures for screen readers. */
function chart(turns: readonly TurnFigures[]): HTMLElement {
  const largest = Math.max(1, ...turns.map(({ input, cached, output }) => input + cached + output));
  const width = Math.max(turns.length, 8) * (barWidth + gap) - gap;
  const groups = turns.map((turn, index) => {
    const group = svg("g", {}, svg("title"));
    if (group.firstChild !== null) group.firstChild.textContent = describe(turn);
    let y = height;
    for (const kind of ["cached", "input", "output"] as const) {
      const size = turn[kind] === 0 ? 0 : Math.max(1.5, (turn[kind] / largest) * height);
      y -= size;
      group.append(svg("rect", { x: index * (barWidth + gap), y, width: barWidth, height: size, class: kind, rx: 1 }));
    }
    return group;
  });
  const drawing = svg(
    "svg",
    { viewBox: `0 0 ${width} ${height}`, class: "chart", preserveAspectRatio: "xMinYMax meet", "aria-hidden": "true" },
    ...groups,
  );
  return h(
    "figure",
    {},
    drawing,
    h(
      "figcaption",
      {},
      h("span", { class: "key cached" }, "cache"),
      h("span", { class: "key input" }, "input"),
      h("span", { class: "key output" }, "output"),
      h("span", { class: "unit" }, "tokens per turn"),
    ),
    table(turns),
  );
}

function describe({ title, input, cached, output, cost, durationMs, model }: TurnFigures): string {
  const parts = [`${shortNumber(input)} input`, `${shortNumber(cached)} from cache`, `${shortNumber(output)} output`];
  if (cost > 0) parts.push(dollars(cost));
  if (durationMs !== undefined) parts.push(duration(durationMs));
  return `${title.slice(0, 60)}\n${model}\n${parts.join(" · ")}`;
}

function table(turns: readonly TurnFigures[]): HTMLElement {
  const head = ["Prompt", "Input", "From cache", "Output", "Cost"].map((name) => h("th", { scope: "col" }, name));
  const rows = turns.map(({ title, input, cached, output, cost }) =>
    h(
      "tr",
      {},
      ...[title.slice(0, 60), input, cached, output, dollars(cost)].map((value) => h("td", {}, String(value))),
    ),
  );
  return h("table", { class: "hidden" }, h("caption", {}, "Tokens per turn"), h("tr", {}, ...head), ...rows);
}

/** Shows the agent's todo list. */
export function showTodos(todos: readonly Todo[]): void {
  const list = byId("todos", HTMLElement);
  const done = todos.filter(({ status }) => status === "completed").length;
  byId("todo-count", HTMLElement).textContent = todos.length === 0 ? "" : `${done} of ${todos.length}`;
  list.replaceChildren(
    ...(todos.length === 0 ? [h("li", { class: "muted" }, "Nothing yet")] : []),
    ...todos.map(({ content, status }) =>
      h(
        "li",
        { "data-status": status },
        status === "completed"
          ? icon("check")
          : h("span", { class: status === "in_progress" ? "spinner" : "circle", "aria-hidden": "true" }),
        h("span", {}, content, h("span", { class: "hidden" }, ` (${status.replace("_", " ")})`)),
      ),
    ),
  );
}
