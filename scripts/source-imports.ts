/** The imports of the source tree, by the TypeScript parser. */
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

/** The folder `src`. */
export const sourceFolder: string = join(dirname(dirname(fileURLToPath(import.meta.url))), "src");

/** One import of a source file. */
export interface Import {
  /** A file relative to `src`. */
  readonly from: string;
  /** A file relative to `src`, or the name of a module. */
  readonly to: string;
  /** Whether the import is `import type` or `export type`. */
  readonly isType: boolean;
  /** Whether the import is an `import()`. */
  readonly isLazy: boolean;
}

/** All files of `src`, relative to it. */
export const sourceFiles: readonly string[] = readdirSync(sourceFolder, { recursive: true, encoding: "utf8" }).filter(
  (file) => file.endsWith(".ts"),
);

/** The text of a file of `src`. */
export function sourceText(file: string): string {
  return readFileSync(join(sourceFolder, file), "utf8");
}

/** The syntax tree of a file of `src`. */
export function sourceTree(file: string): ts.SourceFile {
  return ts.createSourceFile(file, sourceText(file), ts.ScriptTarget.Latest);
}

/** The imports of each file of `src`. */
export const importsOfFile: ReadonlyMap<string, readonly Import[]> = new Map(
  sourceFiles.map((file) => [file, importsOf(file)]),
);

function importsOf(from: string): Import[] {
  const found: Import[] = [];
  const add = (specifier: string, isType: boolean, isLazy = false): void => {
    const to = specifier.startsWith(".") ? join(dirname(from), specifier.replace(/\.js$/, ".ts")) : specifier;
    found.push({ from, to, isType, isLazy });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      // With `verbatimModuleSyntax` an import without any value in braces still loads the module.
      add(node.moduleSpecifier.text, node.importClause?.isTypeOnly === true);
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier && ts.isStringLiteral(node.moduleSpecifier)) {
      add(node.moduleSpecifier.text, node.isTypeOnly);
    } else if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument)) {
      if (ts.isStringLiteral(node.argument.literal)) add(node.argument.literal.text, true);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      const [argument] = node.arguments;
      if (argument && ts.isStringLiteral(argument)) add(argument.text, false, true);
    }
    ts.forEachChild(node, visit);
  };
  visit(sourceTree(from));
  return found;
}

/** The number of files of `src` that a file imports, type imports included. */
export function fanOut(file: string): number {
  const imported = (importsOfFile.get(file) ?? []).map(({ to }) => to);
  return new Set(imported.filter((to) => to.endsWith(".ts"))).size;
}

/** The files and modules that `entry` loads, directly or not. `types` adds type imports, `lazy` adds `import()`. */
export function reachable(
  entry: string,
  { types, lazy }: { readonly types: boolean; readonly lazy: boolean },
): Set<string> {
  const seen = new Set([entry]);
  for (const file of seen) {
    for (const { to, isType, isLazy } of importsOfFile.get(file) ?? []) {
      if ((types || !isType) && (lazy || !isLazy)) seen.add(to);
    }
  }
  return seen;
}
