import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type Documented, docsCoverage } from "../../scripts/docs-coverage.js";

let folder = "";
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "docs-coverage-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

function coverageOf(source: string): { exports: string[]; members: string[] } {
  writeFileSync(join(folder, "index.ts"), source);
  const { exports, members } = docsCoverage(folder, ["index.ts"], { noLib: true, types: [] });
  const shown = (all: readonly Documented[]): string[] =>
    all.map(({ name, isDocumented }) => `${name}${isDocumented ? "" : " is missing"}`);
  return { exports: shown(exports), members: shown(members) };
}

test("an export without a doc comment is missing from the documentation", () => {
  expect(coverageOf(`/** One. */ export const one = 1; export const two = 2;`).exports).toEqual([
    "one",
    "two is missing",
  ]);
});

test("members of exported classes and interfaces need doc comments, private ones do not", () => {
  const { members } = coverageOf(`
    export interface Options {
      /** ms. */ wait: number;
      name: string;
    }
    export class Thing {
      /** Its id. */ id = 1;
      size = 2;
      #secret = 3;
      private hidden = 4;
      run(): void {}
      static make(): void {}
    }`);
  const expected = ["Options.wait", "Options.name is missing", "Thing.id", "Thing.size is missing"];
  expect(members).toEqual([...expected, "Thing.run is missing", "Thing.make is missing"]);
});

test("a member that several exports inherit from a type that is not exported needs its doc comment once", () => {
  const { members } = coverageOf(`
    interface Base { shared: string }
    export interface A extends Base {
      /** A. */ a: string;
    }
    export interface B extends Base {
      /** B. */ b: string;
    }`);
  expect(members).toEqual(["A.a", "Base.shared is missing", "B.b"]);
});

test("each alternative of a union and each object type inside of a member needs doc comments", () => {
  const { members } = coverageOf(`
    export type Event =
      | {
          /** Begin. */ type: "begin";
          at: number;
        }
      | { type: "end" };
    export interface Call {
      /** The tool. */ tool: { name: string } | undefined;
    }`);
  const events = ["Event.type", "Event.at is missing", "Event.type is missing"];
  expect(members).toEqual([...events, "Call.tool", "Call.tool.name is missing"]);
});

test("a member that overrides a documented member needs no doc comment of its own", () => {
  const { members } = coverageOf(`
    export class Base {
      /** Its name. */ name = "Base" as string;
    }
    export class Derived extends Base { override name = "Derived" }`);
  expect(members).toEqual(["Base.name", "Derived.name"]);
});
