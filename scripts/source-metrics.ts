/** Prints the size of the source tree: the table of docs/style.md. Generated files are not counted. */
import ts from "typescript";
import { fanOut, reachable, sourceFiles, sourceText, sourceTree } from "./source-imports.js";

const written = sourceFiles.filter((file) => !file.startsWith("generated/"));

/** Files that put the whole together may import more than the others. */
const assemblies = ["client.ts", "index.ts", "web/page/app.ts"];

function linesOf(file: string): number {
  return sourceText(file).split("\n").length - 1;
}

/** Lines of each function with a body, arrow functions included. */
function functionLengths(file: string): number[] {
  const tree = sourceTree(file);
  const lengths: number[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node) && "body" in node && node.body !== undefined) {
      const lineAt = (position: number): number => tree.getLineAndCharacterOfPosition(position).line;
      lengths.push(lineAt(node.end) - lineAt(node.getStart(tree)) + 1);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return lengths;
}

function share(values: readonly number[], part: number): number {
  return [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * part))] ?? 0;
}

const lines = written.map(linesOf);
const functions = written.flatMap(functionLengths);
const fanOuts = written.filter((file) => !assemblies.includes(file)).map(fanOut);
const loaded = [...reachable("index.ts", { types: false, lazy: false })].filter((to) => to.endsWith(".ts"));

const rows: Readonly<Record<string, number | string>> = {
  files: written.length,
  "lines of a file: median, p90, max": [share(lines, 0.5), share(lines, 0.9), Math.max(...lines)].join(", "),
  "lines of all files": lines.reduce((sum, one) => sum + one, 0),
  "functions; lines of the longest": `${functions.length}; ${Math.max(...functions)}`,
  "largest fan-out, apart from the entries": Math.max(...fanOuts),
  'files loaded by `import "opencode-ts"`': loaded.length,
};
for (const [name, value] of Object.entries(rows)) console.log(`${name}: ${value}`);
