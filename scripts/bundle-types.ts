/**
 * Rolls the declarations that `tsc` wrote up into one file per public entry and the chunks that entries share: a consumer's
 * compiler opens six files instead of ninety. `tsx scripts/bundle-types.ts <declarations> <folder>`.
 */
import { readFile } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { type Plugin, rollup } from "@rollup/wasm-node";
import { dts } from "rollup-plugin-dts";
import ts from "typescript";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** The public entries. Files that no entry reaches, the command's and the page's, are not shipped. */
const entries = ["index", "client", "kept", "testing/index"];

/** Writes the declarations of the public entries into a folder, from those that `tsc` wrote into another. */
export async function bundleTypes(declarations: string, outdir: string): Promise<void> {
  const bundle = await rollup({
    input: Object.fromEntries(entries.map((entry) => [entry, join(declarations, `${entry}.d.ts`)])),
    external: (id) => !id.startsWith(".") && !isAbsolute(id),
    plugins: [generated(declarations), withoutInternals(), dts(), tidy(declarations)],
    onLog(_level, { message }) {
      // The bases of public interfaces have no name of their own in the entries (`LoggerOptions`): so it is meant.
      if (!message.includes("no public re-export")) throw new Error(message);
    },
  });
  try {
    await bundle.write({
      dir: outdir,
      format: "es",
      entryFileNames: "[name].d.ts",
      chunkFileNames: ({ name }) => `types/${name.replace(/\.d$/, "")}.d.ts`,
      // Names stay as they are: they are shown in messages and editors.
      minifyInternalExports: false,
      manualChunks: (id) => (id.startsWith(join(declarations, "generated")) ? "schema" : undefined),
    });
  } finally {
    await bundle.close();
  }
}

/** Takes the generated types as they are: `tsc` writes them with a line for each property, which is a third more. */
function generated(declarations: string): Plugin {
  return {
    name: "generated",
    load: (id) =>
      id === join(declarations, "generated", "schema.d.ts")
        ? readFile(join(root, "src", "generated", "schema.ts"), "utf8")
        : undefined,
  };
}

/**
 * Leaves out what no caller needs: the parameters of a constructor that is `@internal`, protected members that are, and with them
 * all types that only they name; and the comment of a source file, which would stand before a declaration.
 */
function withoutInternals(): Plugin {
  return {
    name: "without-internals",
    transform(code, id) {
      const file = ts.createSourceFile(id, code, ts.ScriptTarget.Latest, true);
      const members = file.statements.filter(ts.isClassDeclaration).flatMap(internalMembers);
      const cuts = [...fileComments(file), ...members].sort((one, other) => other.from - one.from);
      return cuts.reduce((text, { from, to, by }) => text.slice(0, from) + by + text.slice(to), code);
    },
  };
}

/** What stands in the place of a piece of text. */
interface Cut {
  readonly from: number;
  readonly to: number;
  readonly by: string;
}

/** A class that others extend keeps a constructor that they can call. */
function internalMembers(declaration: ts.ClassDeclaration): Cut[] {
  const access = hasModifier(declaration, ts.SyntaxKind.AbstractKeyword) ? "protected" : "private";
  return declaration.members
    .filter((member) => hasTag(member, "internal"))
    .flatMap((member) => {
      const place = { from: member.getStart(undefined, true), to: member.end };
      if (ts.isConstructorDeclaration(member)) return [{ ...place, by: `${access} constructor();` }];
      return hasModifier(member, ts.SyntaxKind.ProtectedKeyword) ? [{ ...place, by: "" }] : [];
    });
}

function hasModifier(node: ts.Node, kind: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && (ts.getModifiers(node)?.some((modifier) => modifier.kind === kind) ?? false);
}

function hasTag(node: ts.Node, name: string): boolean {
  return ts.getJSDocTags(node).some(({ tagName }) => tagName.text === name);
}

/** The last comment before a declaration is the declaration's own. */
function fileComments(file: ts.SourceFile): Cut[] {
  const comments = ts.getLeadingCommentRanges(file.text, 0) ?? [];
  const [first] = file.statements;
  const hasOwn = first !== undefined && !ts.isImportDeclaration(first) && !ts.isExportDeclaration(first);
  return comments.slice(0, hasOwn ? -1 : undefined).map(({ pos, end }) => ({ from: pos, to: end, by: "" }));
}

/** Gives an entry its references to libraries back, and indents with one character. */
function tidy(declarations: string): Plugin {
  return {
    name: "tidy",
    async renderChunk(code, { isEntry, name }) {
      const references = isEntry ? await libraries(join(declarations, `${name}.d.ts`)) : [];
      // The generated types indent by two.
      const width = name === "schema" ? 2 : 4;
      const text = code.replace(new RegExp(`^(?: {${width}})+`, "gm"), ({ length }) => "\t".repeat(length / width));
      return [...references, text].join("\n");
    },
  };
}

/** `/// <reference lib="…" preserve="true" />`, which a roll-up drops. */
async function libraries(file: string): Promise<string[]> {
  return (await readFile(file, "utf8")).match(/^\/\/\/ <reference lib=.*$/gm) ?? [];
}

const [, script, declarations, folder] = process.argv;
if (script === fileURLToPath(import.meta.url)) {
  if (declarations === undefined || folder === undefined) {
    throw new Error("usage: tsx scripts/bundle-types.ts <declarations> <folder>");
  }
  await bundleTypes(resolve(declarations), resolve(folder));
}
