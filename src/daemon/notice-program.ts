/** The program that tells notices for a supervisor, as the runtime that started the server is told to run it. */
import { existsSync } from "node:fs";

/**
 * A text that loads the module of this package and tells what is owed in the folder that is its last argument. Empty where the package has
 * no files of its own, because it is a part of somebody's bundle.
 */
export function noticeProgram(): string {
  const own: unknown = import.meta.url; // a bundle in CommonJS has none
  if (typeof own !== "string" || !own.startsWith("file:")) return "";
  const file = new URL(`../node/notice-sender.${own.endsWith(".ts") ? "ts" : "js"}`, own);
  if (!existsSync(file)) return "";
  const done = "() => process.exit(0), (error) => { console.error(String(error)); process.exit(1); }";
  return `import(${JSON.stringify(file.href)}).then(({ sendNotices }) => sendNotices(process.argv.at(-1))).then(${done})`;
}
