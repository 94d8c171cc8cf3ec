import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { repositoryRoot, sourceFolder } from "../support/root.js";

interface Step {
  readonly file: string;
  /** Columns from the left. */
  readonly indent: number;
  readonly isImplementation: boolean;
}

/** The drawing in docs/architecture.md, one step a line. */
function drawnSteps(): Step[] {
  const document = readFileSync(join(repositoryRoot, "docs/architecture.md"), "utf8");
  const drawing = /### From `session\.ask\(\)` to the first byte\n+```text\n([\s\S]*?)```/.exec(document)?.[1] ?? "";
  return drawing
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [, lead = "", file = ""] = /^([^a-z]*)(\S+\.ts)/.exec(line) ?? [];
      return { file, indent: lead.length, isImplementation: lead.includes("◂") };
    });
}

/** The files of src that a file of src imports, type imports included. */
function importsOf(file: string): string[] {
  const { importedFiles } = ts.preProcessFile(readFileSync(join(sourceFolder, file), "utf8"), true, true);
  return importedFiles
    .map(({ fileName }) => fileName)
    .filter((name) => name.startsWith("."))
    .map((name) => join(dirname(file), name.replace(/\.js$/, ".ts")));
}

/** The arrows of the drawing as imports: `from` imports `to`. */
function drawnImports(steps: readonly Step[]): { readonly from: string; readonly to: string }[] {
  const above: Step[] = [];
  let last: Step | undefined;
  return steps.flatMap((step) => {
    if (step.isImplementation) {
      const arrow = { from: step.file, to: last?.file ?? "" };
      last = step;
      return [arrow];
    }
    while (above.length > 0 && (above.at(-1)?.indent ?? 0) >= step.indent) above.pop();
    // Below an implementation the calls are its.
    const caller = last?.isImplementation === true ? last : above.at(-1);
    above.push(step);
    last = step;
    return caller === undefined ? [] : [{ from: caller.file, to: step.file }];
  });
}

describe("the drawing in docs/architecture.md", () => {
  const steps = drawnSteps();

  test("every step of the drawing in docs/architecture.md is a file of src", () => {
    expect(steps.length).toBeGreaterThan(5);
    expect(steps.filter(({ file }) => !existsSync(join(sourceFolder, file)))).toEqual([]);
  });

  test("the drawing in docs/architecture.md goes from Session.ask to the client in at most 16 steps", () => {
    expect(steps[0]?.file).toBe("session/session.ts");
    expect(steps.at(-1)?.file).toBe("client/client.ts");
    expect(steps.length).toBeLessThanOrEqual(16);
  });

  test("the drawing in docs/architecture.md names each file once", () => {
    expect(new Set(steps.map(({ file }) => file)).size).toBe(steps.length);
  });

  test("each arrow of the drawing in docs/architecture.md is an import", () => {
    const missing = drawnImports(steps).filter(({ from, to }) => !importsOf(from).includes(to));
    expect(missing).toEqual([]);
  });
});
