/** Hints in the terminal. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { explain, failureData } from "../../src/cli/failures.js";
import { cliHint } from "../../src/cli/hints.js";
import * as errors from "../../src/errors/index.js";
import { sourceFolder } from "../support/root.js";

const classes = Object.values(errors).filter(
  (value): value is typeof errors.OpencodeError =>
    typeof value === "function" && value.prototype instanceof errors.OpencodeError,
);

/** Every hint that is written in the source, with the class of the error that it is given to. Values in it are "x". */
function writtenHints(): { where: string; text: string; code: string | undefined }[] {
  const files = readdirSync(sourceFolder, { recursive: true, encoding: "utf8" }).filter(
    (file) => file.endsWith(".ts") && !/^(cli|web|testing|generated)\//.test(file),
  );
  return files.flatMap((file) => {
    const found: { where: string; text: string; code: string | undefined }[] = [];
    const tree = ts.createSourceFile(
      file,
      readFileSync(join(sourceFolder, file), "utf8"),
      ts.ScriptTarget.Latest,
      true,
    );
    const visit = (node: ts.Node, code: string | undefined): void => {
      const made = ts.isNewExpression(node) ? codeOf(node.expression.getText()) : undefined;
      const named =
        (ts.isPropertyAssignment(node) || ts.isVariableDeclaration(node)) && /^(hint|hints)$/.test(node.name.getText());
      if (named && node.initializer !== undefined) {
        for (const text of textsOf(node.initializer)) found.push({ where: file, text, code });
      }
      ts.forEachChild(node, (child) => visit(child, made ?? code));
    };
    visit(tree, undefined);
    return found;
  });
}

function codeOf(name: string): string | undefined {
  return classes.map((Class) => new Class("x", {})).find((error) => error.name === name)?.code;
}

/** The texts that an expression can become. */
function textsOf(node: ts.Expression): string[] {
  if (ts.isStringLiteralLike(node)) return [node.text];
  if (ts.isTemplateExpression(node)) {
    return [node.head.text + node.templateSpans.map(({ literal }) => `x${literal.text}`).join("")];
  }
  if (ts.isParenthesizedExpression(node)) return textsOf(node.expression);
  if (ts.isConditionalExpression(node)) return [...textsOf(node.whenTrue), ...textsOf(node.whenFalse)];
  if (ts.isBinaryExpression(node)) {
    if (node.operatorToken.kind !== ts.SyntaxKind.PlusToken) return [];
    return textsOf(node.left).flatMap((left) => textsOf(node.right).map((right) => left + right));
  }
  if (ts.isObjectLiteralExpression(node)) {
    return node.properties.flatMap((one) => (ts.isPropertyAssignment(one) ? textsOf(one.initializer) : []));
  }
  return [];
}

/** A call, an option with a value, a name in camel case, or one in backquotes that is no command. */
const ofPrograms = /\w\((?!s\))|\{ \w|\b\w+: (true|false|["'{[])|\b[a-z]+[A-Z]\w+|`[a-z]\w*`/;

/** Can only be met in a program: the command does not do this. */
const onlyInPrograms = new Set(["tools/", "schema/", "node/tools/", "node/attach", "permissions/tool-filter"]);

describe("hints in the terminal", () => {
  const hints = writtenHints();

  test("a hint in the terminal names flags and commands, not the options of the API", () => {
    expect(hints.length).toBeGreaterThan(60);
    const wrong = hints
      .filter(({ where }) => ![...onlyInPrograms].some((folder) => where.startsWith(folder)))
      .map(({ text, code, where }) => ({ where, code, said: cliHint({ hint: text, code }) ?? "" }))
      .filter(({ said }) => ofPrograms.test(said));
    expect(wrong).toEqual([]);
  });

  test("cliHint has a hint for exactly those error classes that have a hint", () => {
    for (const Class of classes) {
      const error = new Class("message", {});
      const said = cliHint(error);
      expect(said === undefined, error.name).toBe(Class.hint === undefined);
      expect(said ?? "", error.name).not.toMatch(ofPrograms);
    }
  });

  test("cliHint says which options of a parked call its continuation needs again", () => {
    const said = cliHint({ code: "approval_pending", approvalId: "apr_1" });
    expect(said).toContain("approvals continue apr_1`, with the --permission-mode and the --schema");
  });

  test("cliHint keeps the details of a failure: similar models, retry time, exceeded limit", () => {
    const near = new errors.ModelNotFoundError("no", { hint: "Did you mean a/b or a/c?" });
    expect(cliHint(near)).toBe("Did you mean a/b or a/c?");
    const retryAt = new Date("2026-01-01T00:00:00Z");
    expect(cliHint(new errors.ProviderRateLimitError("no", { retryAt }))).toBe(
      "Try again after 2026-01-01T00:00:00.000Z, or with another model (-m).",
    );
    const spent = new errors.BudgetExceededError("no", { limit: "maxCost", used: 2, max: 1 });
    expect(cliHint(spent)).toBe("Raise --max-cost, or go on with -c.");
  });

  test("a hint is printed below the error message, and is part of the JSON output", () => {
    const error = new errors.AuthenticationError("refused", { status: 401 });
    expect(explain(error)).toBe("opencode-ts: refused\n  Give the server's password in OPENCODE_SERVER_PASSWORD.\n");
    expect(failureData(error)).toMatchObject({ hint: "Give the server's password in OPENCODE_SERVER_PASSWORD." });
    expect(explain(new errors.AbortedError("stopped"))).toBe("opencode-ts: stopped\n");
  });
});
