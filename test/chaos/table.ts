/** The report of a run as text. */
import type { Breach } from "./check.js";
import type { Counts, Ends } from "./counts.js";
import type { Report } from "./run.js";

/** Breaches in the order in which they are told, with the words for them. */
const breaches: Readonly<Record<Breach, string>> = {
  "ran twice": "run twice",
  lost: "lost",
  hung: "hung",
  "wrong answer": "wrong answers",
  "text lost or doubled": "texts lost or doubled",
  "untyped error": "untyped errors",
  "error without a fault": "errors without a fault",
  "left running": "left running",
};
const shownFindings = 40;
const shownSteps = 24;

/** Markdown: the sums, a table by fault and one by kind of prompt, the errors, and every breach. */
export function reportText(report: Report): string {
  const { counts } = report;
  const sections = [sums(report), faultTable(report), kindTable(report), errorText(counts), findingText(counts)];
  return sections.filter((section) => section !== "").join("\n\n");
}

/** In one line, how it ended. */
export function verdictLine({ counts, prompts }: Report): string {
  const { right, typedErrors } = counts.total;
  const amounts = Object.entries(breaches).map(([breach, words]) => {
    const count = counts.findings.filter((finding) => finding.breach === breach).length;
    return `${count} ${words}`;
  });
  return `${prompts} prompts: ${right} right answers, ${typedErrors} typed errors, ${amounts.join(", ")}`;
}

function sums(report: Report): string {
  const { seed, startedAt, durationMs, version, counts, emptySessions, downtimes } = report;
  const deaths = downtimes.map((ms) => (ms / 1000).toFixed(1)).join(", ");
  return [
    `Seed ${seed}, ${startedAt.toISOString()}, ${Math.round(durationMs / 1000)} s; opencode ${version}, Node ${process.versions.node}, ${process.platform} ${process.arch}.`,
    `${verdictLine(report)}.`,
    `${counts.bytes.toLocaleString("en")} bytes of text compared. ${emptySessions} sessions without a message.`,
    ...(deaths === "" ? [] : [`From each kill of the server until it served again: ${deaths} s.`]),
  ].join("\n");
}

function faultTable({ faults, counts }: Report): string {
  const rows = [...faults].sort(([, a], [, b]) => b - a);
  const all = rows.reduce((sum, [, times]) => sum + times, 0);
  return table(
    ["fault", "times", "prompts met", "right", "typed errors", "breaches"],
    [
      ...rows.map(([kind, times]) => [kind, times, ...endsRow(counts.byFault.get(kind))]),
      ["all", all, ...endsRow(counts.total)],
    ],
  );
}

function kindTable({ counts }: Report): string {
  const rows = [...counts.byKind].sort(([a], [b]) => a.localeCompare(b));
  return table(
    ["prompt", "prompts", "right", "typed errors", "breaches"],
    rows.map(([kind, ends]) => [kind, ...endsRow(ends)]),
  );
}

function endsRow(ends: Ends | undefined): number[] {
  const { prompts = 0, right = 0, typedErrors = 0, breaches = 0 } = ends ?? {};
  return [prompts, right, typedErrors, breaches];
}

/** The typed errors, with what the first of each kind had met. */
export function errorText(counts: Counts): string {
  if (counts.errors.size === 0) return "";
  const rows = [...counts.errors].sort(([, a], [, b]) => b.count - a.count);
  return [
    "Errors:",
    ...rows.flatMap(([text, { count, firstToken, firstTrail }]) => [
      `- ${count} × ${text} (first: ${firstToken})`,
      ...indented(firstTrail),
    ]),
  ].join("\n");
}

/** The breaches, each with what its prompt had met. */
export function findingText(counts: Counts): string {
  if (counts.findings.length === 0) return "";
  const shown = counts.findings.slice(0, shownFindings);
  const lines = shown.flatMap(({ breach, token, kind, detail }) => [
    `- ${breach}: ${token} (${kind ?? "run"}): ${detail}`,
    ...indented(counts.trails.get(token) ?? []),
  ]);
  const more = counts.findings.length - shown.length;
  return ["Breaches:", ...lines, ...(more > 0 ? [`- and ${more} more`] : [])].join("\n");
}

/** The last of what a prompt has met. */
function indented(lines: readonly string[]): string[] {
  const left = Math.max(0, lines.length - shownSteps);
  return [...(left > 0 ? [`    … ${left} before`] : []), ...lines.slice(left).map((line) => `    ${line}`)];
}

function table(header: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cells = [header, ...rows.map((row) => row.map(String))];
  const widths = header.map((_, column) => Math.max(...cells.map((row) => (row[column] ?? "").length)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[column] ?? 0))).join(" | ")} |`;
  const rule = `| ${widths.map((width, column) => (column === 0 ? "-".repeat(width) : `${"-".repeat(width - 1)}:`)).join(" | ")} |`;
  const [head = [], ...body] = cells;
  return [line(head), rule, ...body.map(line)].join("\n");
}
