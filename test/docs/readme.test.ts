import { dirname, join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import * as errors from "../../src/errors/index.js";
import { docPrograms, documents, root, textOf } from "../support/doc-programs.js";

/** By a path that does not exist. Pieces get what is said around them in the text. */
function programs(): [path: string, text: string][] {
  return docPrograms().map(({ place, text, isWhole }) => [
    join(root, `examples/${place.replace(/[/:]/g, "-")}.ts`),
    isWhole ? text : `${surroundings}${text}`,
  ]);
}

const surroundings = `
import type { Opencode, Session } from "opencode-ts";
import { createScriptedModel, hold, toolCall } from "opencode-ts/testing";
declare const opencode: Opencode;
declare const session: Session;
`;

/** All in one program: what takes the time is the library's own types. */
function problemsOf(files: ReadonlyMap<string, string>): string[] {
  const { config } = ts.readConfigFile(join(root, "tsconfig.json"), ts.sys.readFile);
  const parsed = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, root);
  const options = { ...parsed.options, noUnusedLocals: false, isolatedDeclarations: false, declaration: false };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = (path) => files.has(path) || fileExists(path);
  host.getSourceFile = (path, language, ...rest) => {
    const text = files.get(path);
    return text === undefined ? getSourceFile(path, language, ...rest) : ts.createSourceFile(path, text, language);
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return [...files.keys()].flatMap((path) => {
    const file = program.getSourceFile(path);
    if (file === undefined) return [`${path} is not part of the program`];
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return found.map(({ messageText }) => `${path}: ${ts.flattenDiagnosticMessageText(messageText, "\n")}`);
  });
}

/** Names of the members of all exported interfaces, without those of the types they hold. */
function memberNames(path: string): Set<string> {
  const file = ts.createSourceFile(path, textOf(path), ts.ScriptTarget.Latest);
  const interfaces = file.statements.filter(ts.isInterfaceDeclaration);
  return new Set(interfaces.flatMap(({ members }) => members.map(({ name }) => name?.getText(file) ?? "")));
}

describe("the documents", () => {
  test("the programs of README and docs compile", () => {
    const files = new Map(programs());
    expect(files.size).toBeGreaterThan(10);
    expect(problemsOf(files)).toEqual([]);
  });

  test("the links of README and docs lead to files and headings that exist", () => {
    const broken = documents.flatMap((document) => {
      const targets = [...textOf(document).matchAll(/\]\((?!https?:)([^)]+)\)/g)].map(([, target = ""]) => target);
      return targets.filter((target) => !leads(document, target)).map((target) => `${document}: ${target}`);
    });
    expect(broken).toEqual([]);
  });

  test("README shows code by line 20 and has at most 250 lines", () => {
    const lines = textOf("README.md").split("\n");
    expect(lines.indexOf("```ts")).toBeLessThan(20);
    expect(lines.length).toBeLessThanOrEqual(250);
  });

  test("docs/options.md has every option", () => {
    const known = textOf("docs/options.md");
    const options = [...memberNames("src/types/options.ts"), ...memberNames("src/client/options.ts")];
    const internal = new Set(["url", "authorization", "liveness", "traffic", "concurrencyLimit"]); // of the settings that options become
    const missing = options.filter((name) => !internal.has(name) && !known.includes(`\`${name}\``));
    expect(missing).toEqual([]);
  });

  test("docs/errors.md has every class with its code, whether it is retryable, and its hint", () => {
    const rows = new Map(
      textOf("docs/errors.md")
        .split("\n")
        .flatMap((row): [string, string[]][] => {
          const name = /^\| `(\w+)` \(`\w+`\) \|/.exec(row)?.[1];
          return name === undefined ? [] : [[name, row.split(/ ?\| ?/).slice(1, -1)]];
        }),
    );
    const classes = Object.values(errors).filter(
      (value): value is typeof errors.OpencodeError =>
        typeof value === "function" && value.prototype instanceof errors.OpencodeError,
    );
    expect(classes.length).toBeGreaterThan(30);
    // APIStatusError introduces a table, and has no row of its own.
    const documented = classes.filter((Class) => Class !== errors.APIStatusError);
    for (const Class of documented) {
      const { name, code } = new Class("x", {});
      const cells = rows.get(name);
      expect(cells?.[0], name).toBe(`\`${name}\` (\`${code}\`)`);
      expect(cells?.at(-2), name).toMatch(Class.retryable ? /^yes\b/ : /^no\b/);
      expect(cells?.at(-1), name).toBe(Class.hint ?? "");
    }
    expect([...rows.keys()].sort()).toEqual(documented.map((Class) => new Class("x", {}).name).sort());
  });

  test.each(["docs/reliability.md", "docs/security.md"])("%s names files of tests that exist", (document) => {
    const named = [...textOf(document).matchAll(/`([a-z][a-z/-]*\/[a-z-]+)`/g)].map(([, file = ""]) => file);
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((file) => !ts.sys.fileExists(join(root, `test/${file}.test.ts`)))).toEqual([]);
  });

  test("docs/features.md names tests that exist", () => {
    const rows = textOf("docs/features.md")
      .split("\n")
      .filter((line) => /^\| [A-Z]\d/.test(line));
    expect(rows.length).toBeGreaterThan(150);
    const named = rows.flatMap((row) => [...row.matchAll(/`([\w/-]+)`: ((?:"[^"]+"(?:, )?)+)/g)]);
    const missing = named.flatMap(([, file = "", names = ""]) => {
      const titles = titlesOf(`test/${file}.test.ts`);
      const words = [...names.matchAll(/"([^"]+)"/g)].map(([, name = ""]) => name);
      return words.filter((name) => !titles.some((title) => title.includes(name))).map((name) => `${file}: ${name}`);
    });
    expect(missing).toEqual([]);
    const bare = rows.filter((row) => !/: "|`npm run [a-z]+` \|$|\| – \|$/.test(row));
    expect(bare).toEqual([]);
    // Only what is missing, or what there is no counterpart for, may have nothing to show.
    expect(rows.filter((row) => row.endsWith("| – |") && !/\*\*(half|not yet|none)\*\*/.test(row))).toEqual([]);
  });
});

/** What the tests of a file and their groups are called, as it is written there: the first text that is given to `test` and its like. */
function titlesOf(path: string): string[] {
  if (!ts.sys.fileExists(join(root, path))) return [];
  const file = ts.createSourceFile(path, textOf(path), ts.ScriptTarget.Latest);
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    const title = ts.isCallExpression(node) && /^(describe|test|it)\b/.test(node.expression.getText(file));
    const [first] = title ? node.arguments : [];
    if (first !== undefined && (ts.isStringLiteralLike(first) || ts.isTemplateExpression(first))) {
      titles.push(ts.isStringLiteralLike(first) ? first.text : first.getText(file));
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return titles;
}

/** A file of the repository, or a heading of the same document. */
function leads(document: string, target: string): boolean {
  const [path = "", heading] = target.split("#");
  const file = path === "" ? document : join(dirname(document), path);
  if (path !== "" && !ts.sys.fileExists(join(root, file)) && !ts.sys.directoryExists(join(root, file))) return false;
  if (heading === undefined) return true;
  const headings = [...textOf(file).matchAll(/^#+ (.*)$/gm)].map(([, text = ""]) =>
    text
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, "")
      .replaceAll(" ", "-"),
  );
  return headings.includes(heading);
}
