/** The programs in the documents. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const root: string = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** README and what is in `docs`, as paths from the root on. */
export const documents: readonly string[] = [
  "README.md",
  ...readdirSync(join(root, "docs"))
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

/** The text of a file of the repository. */
export function textOf(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** One block of TypeScript. */
export interface DocProgram {
  /** For example `docs/errors.md:19`. */
  readonly place: string;
  readonly text: string;
  /** It imports what it needs. The others go on from what is said around them. */
  readonly isWhole: boolean;
}

/** Those of all documents, in order. */
export function docPrograms(): DocProgram[] {
  return documents.flatMap((document) =>
    [...textOf(document).matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(({ index, 1: text = "" }) => ({
      place: `${document}:${textOf(document).slice(0, index).split("\n").length}`,
      text,
      isWhole: /^import /m.test(text),
    })),
  );
}
