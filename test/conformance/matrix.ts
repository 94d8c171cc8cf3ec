/** The matrix of behaviours and servers in `docs/compatibility.md`. */
import { missing } from "../../src/api/v2/missing.js";
import type { Behaviour } from "./behaviour.js";
import { groups } from "./behaviours.js";
import { type TargetName, targetNames } from "./target-names.js";

const [begin, end] = ["<!-- matrix -->", "<!-- end of the matrix -->"];
const dialectNames = ["preview", "2.0", "2.1"] as const;
const marks = { same: "yes", differs: "differs", absent: "–" } as const;

/** The tables as Markdown, by group, and the reasons of what is not the same. */
export function renderMatrix(): string {
  const tables = Object.entries(groups).map(([title, behaviours]) =>
    [
      `### ${title}`,
      "",
      `| behaviour | ${targetNames.join(" | ")} |`,
      `| --- |${targetNames.map(() => " --- |").join("")}`,
      ...behaviours.map((one) => `| ${one.title} | ${targetNames.map((name) => markOf(one, name)).join(" | ")} |`),
    ].join("\n"),
  );
  return [...tables, "### Reasons", reasons(), "### Calls without a counterpart", absences()].join("\n\n");
}

/** The document with the tables between its marks. Throws when it has no marks. */
export function replaceMatrix(document: string, matrix: string): string {
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/compatibility.md needs the lines ${begin} and ${end}`);
  return `${document.slice(0, from + begin.length)}\n\n${matrix}\n\n${document.slice(to)}`;
}

function markOf({ others }: Behaviour, name: TargetName): string {
  return marks[others?.[name]?.kind ?? "same"];
}

function reasons(): string {
  const rows = Object.values(groups)
    .flat()
    .flatMap(({ title, others }) =>
      targetNames.flatMap((name) => {
        const other = others?.[name];
        return other === undefined ? [] : [`| ${title} | ${name} | ${marks[other.kind]} | ${other.reason} |`];
      }),
    );
  return ["| behaviour | server | | reason |", "| --- | --- | --- | --- |", ...rows].join("\n");
}

/** From the table that the errors come from. */
function absences(): string {
  const rows = Object.values(missing).map(({ on, lacks, nearest }) => {
    const marks = dialectNames.map((name) => (on.includes(name) ? "–" : "yes"));
    return `| ${lacks} | ${marks.join(" | ")} | ${nearest} |`;
  });
  return [
    "A call of these rejects with `UnsupportedEndpointError`; its `hint` is the last column.",
    "",
    `| the server … | ${dialectNames.join(" | ")} | the nearest thing |`,
    "| --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}
