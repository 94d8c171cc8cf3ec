/** The results of the bench as a file and as a page: ratios only, with the machine and no name of a host or a path. */
import { existsSync } from "node:fs";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Machine } from "./machine.js";
import { svgOf } from "./plot.js";
import type { Finding, Plot, Question, Result, Steps } from "./question.js";

/** The answer to one question, with its date. */
export interface QuestionResult extends Result {
  readonly name: string;
  readonly title: string;
  /** Day of the measurement. */
  readonly date: string;
}

/** All that `results.json` has. */
export interface Results {
  readonly machine: Machine;
  readonly questions: readonly QuestionResult[];
}

/** The places that are written. */
export interface Places {
  readonly json: string;
  readonly page: string;
  /** Folder of the plots, beside the page. */
  readonly plots: string;
}

/** The places in the repository. */
export function placesIn(root: string): Places {
  const docs = join(root, "docs");
  return { json: join(root, "bench", "results.json"), page: join(docs, "performance.md"), plots: join(docs, "plots") };
}

/** Earlier results of other questions stay if they are of the same kind of machine. */
export async function mergeResults(
  file: string,
  machine: Machine,
  answered: readonly (readonly [Question, Result])[],
): Promise<Results> {
  const date = new Date().toISOString().slice(0, 10);
  const fresh = answered.map(([{ name, title }, result]) => ({ name, title, date, ...result }));
  const earlier = existsSync(file) ? (JSON.parse(await readFile(file, "utf8")) as Results) : undefined; // ours
  const isSame = earlier?.machine.cpu === machine.cpu && earlier.machine.node === machine.node;
  const kept = (isSame ? earlier.questions : []).filter(({ name }) => !fresh.some((one) => one.name === name));
  const byNumber = (a: QuestionResult, b: QuestionResult): number => Number(a.name.slice(1)) - Number(b.name.slice(1));
  return { machine, questions: [...kept, ...fresh].sort(byNumber) };
}

/** Writes the file, the plots, and the generated part of the page. */
export async function writeResults(results: Results, { json, page, plots }: Places): Promise<void> {
  await writeFile(json, `${JSON.stringify(results, undefined, 2)}\n`);
  await mkdir(plots, { recursive: true });
  const all = results.questions.flatMap((question) => question.plots ?? []);
  for (const plot of all) await writeFile(join(plots, `${plot.name}.svg`), svgOf(plot));
  await mkdir(dirname(page), { recursive: true });
  await writeFile(page, withGenerated(await readFile(page, "utf8"), results, all));
}

/** Puts the table and the plots between the page's markers. */
export function withGenerated(page: string, results: Results, plots: readonly Plot[]): string {
  const [first, second] = [plots.slice(0, 2), plots.slice(2)];
  const withTable = between(page, "table", `${tableOf(results)}\n\n${first.map(imageOf).join("\n\n")}`);
  const steps = results.questions.flatMap((question) => question.steps ?? []);
  const withSteps = steps.reduce((text, { name, rows }) => between(text, name, stepsTable(rows)), withTable);
  return between(withSteps, "plots", second.map(imageOf).join("\n\n"));
}

function stepsTable(rows: Steps["rows"]): string {
  const lines = rows.map(([step, share]) => `| ${step} | ${(100 * share).toFixed(0)} % |`);
  return ["| | share |", "| --- | --- |", ...lines].join("\n");
}

function between(page: string, name: string, text: string): string {
  const [begin, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`the page has no ${begin} … ${end}`);
  return `${page.slice(0, from + begin.length)}\n\n${text}\n\n${page.slice(to)}`;
}

function imageOf({ name, title }: Plot): string {
  return `![${title}](plots/${name}.svg)`;
}

/** The table of all findings, with the machine above it. */
export function tableOf({ machine, questions }: Results): string {
  const { cpu, cores, node, v } = machine;
  const rows = questions.flatMap(({ name, findings }) => findings.map((finding) => rowOf(name, finding)));
  return [
    `Measured on ${questions
      .map(({ date }) => date)
      .sort()
      .at(-1)}: ${cpu}, ${cores} cores, Node ${node}; V (\`opencode --version\`) took ${v} s.`,
    "",
    "| # | what ÷ against | ratio | middle half | runs | goal | before |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

function rowOf(name: string, { label, value, goal, before }: Finding): string {
  const { median, low, high, runs } = value;
  const mark = median <= goal ? "" : " (missed)";
  const cells = [
    name,
    label,
    `**${short(median)}**`,
    `${short(low)}–${short(high)}`,
    runs,
    `≤ ${goal}${mark}`,
    before ?? "–",
  ];
  return `| ${cells.join(" | ")} |`;
}

/** Three digits. */
export function short(value: number): string {
  return value >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
