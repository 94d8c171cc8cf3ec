/** Shows a change in colour and with signs: not everyone can see colours. */
import type { DiffLine } from "./diff.js";
import { h } from "./dom.js";

/** Maximum number of lines; more would make the page slow. */
const maxLines = 1_500;
const signs: Readonly<Record<DiffLine["kind"], string>> = { added: "+", removed: "−", same: " ", gap: "⋯" };
const words: Readonly<Record<DiffLine["kind"], string>> = { added: "added", removed: "removed", same: "", gap: "" };

export function diffView(lines: readonly DiffLine[]): HTMLElement {
  const rows = lines
    .slice(0, maxLines)
    .map((line) =>
      h(
        "tr",
        { class: line.kind },
        h("td", { class: "number", "aria-hidden": "true" }, String(line.after ?? line.before ?? "")),
        h("td", { class: "sign", "aria-label": words[line.kind] }, signs[line.kind]),
        h("td", { class: "text" }, line.text),
      ),
    );
  const rest = lines.length - rows.length;
  return h(
    "div",
    { class: "diff", tabindex: 0, role: "region", "aria-label": "Changes" },
    h("table", { role: "presentation" }, h("tbody", {}, ...rows)),
    rest > 0 ? h("p", { class: "more" }, `${rest} more lines`) : undefined,
  );
}
