/** The machinery of the bench, on small sizes: its turns, its checks and its page. No time is asserted. */
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startStub } from "../../bench/agents.js";
import { svgOf } from "../../bench/plot.js";
import { compilePrograms, Worker } from "../../bench/processes.js";
import type { Setting } from "../../bench/question.js";
import { deltas } from "../../bench/questions/p4-deltas.js";
import { delay } from "../../bench/questions/p5-delay.js";
import { type Results, withGenerated } from "../../bench/results.js";
import { measureInTurns } from "../../bench/runner.js";
import { pairRatios } from "../../bench/statistics.js";
import { testBinary } from "../support/fixture.js";
import { repositoryRoot } from "../support/root.js";

// In the repository: the programs load packages from its node_modules.
const programs = join(repositoryRoot, ".build", `bench-${process.pid}`);
let setting: Setting;
beforeAll(async () => {
  await compilePrograms("source", programs);
  setting = { runs: 2, quick: true, programs, binary: testBinary(), report: () => {} };
});
afterAll(() => rm(programs, { recursive: true, force: true, maxRetries: 5 }));

describe("measureInTurns()", () => {
  test("measureInTurns() runs the contestants A B A B, and leaves out the first round", async () => {
    const order: string[] = [];
    const contestant = (name: string) => async () => {
      order.push(name);
      return { value: order.length };
    };
    const samples = await measureInTurns({ a: contestant("a"), b: contestant("b") }, 3);
    expect(order.join("")).toBe("abababab");
    expect(samples).toEqual({ a: { value: [3, 5, 7] }, b: { value: [4, 6, 8] } });
  });

  test("measureInTurns() rejects with the error of a contestant, also when the others wait for their turn", async () => {
    const fine = async () => ({ value: 1 });
    const failing = async () => Promise.reject(new Error("a delta is missing"));
    await expect(measureInTurns<string, string>({ fine, failing, idle: fine }, 3)).rejects.toThrow(
      "a delta is missing",
    );
  });

  test("measureInTurns() rejects a value that is not a number", async () => {
    await expect(measureInTurns({ a: async () => ({ value: Number.NaN }) }, 1)).rejects.toThrow("value is NaN");
  });
});

test("pairRatios() divides round by round, and gives the median and the middle half", () => {
  expect(pairRatios([2, 6, 12, 20, 30], [2, 3, 4, 5, 6])).toEqual({ median: 3, low: 2, high: 4, runs: 5 });
});

describe("the questions", () => {
  test("P4 compares the cost of a delta of the three clients on the stub", async () => {
    const { findings, plots = [], steps = [] } = await deltas.run(setting);
    expect(findings.map(({ label, value }) => [label, value.runs])).toEqual([
      ["client CPU per delta ÷ official", 2],
      ["client CPU per delta ÷ bare parse", 2],
      ["client CPU per delta, largest ÷ smallest answer", 2],
    ]);
    expect(findings.filter(({ value }) => !(value.median > 0))).toEqual([]);
    const names = plots.flatMap(({ series }) => series.map(({ name, points }) => [name, points.length]));
    expect(names).toEqual([
      ["ours", 2],
      ["official", 2],
      ["bare", 2],
    ]);
    // A sampling profiler may have seen fewer functions than the table has places.
    expect(steps.map(({ name, rows }) => [name, rows.length > 0 && rows.length <= 10])).toEqual([["deltas", true]]);
  });

  test("P5 reads the times of the writes from the deltas", async () => {
    const { findings } = await delay.run(setting);
    expect(findings).toHaveLength(2);
    expect(findings.filter(({ value }) => !(value.median > 0))).toEqual([]);
  });
});

test("the bench fails when a client misses a delta", async () => {
  await using stub = await startStub(setting);
  await using worker = new Worker("client-bare", programs);
  await worker.do({ type: "connect", server: stub.url });
  await worker.do({ type: "stream", deltas: 20 });
  await expect(worker.do({ type: "stream", deltas: 20, lost: 7 })).rejects.toThrow("deltas: expected 20, got 19");
  const { requests } = await stub.counts();
  expect(requests).toEqual({ "POST /session/": 2, "GET /event/": 2, "POST /session/{id}/prompt_async": 2 });
});

describe("the page", () => {
  const value = { median: 0.5, low: 0.4, high: 0.61234, runs: 7 };
  const plot = { name: "p", title: "A < B", x: "x", y: "y", series: [{ name: "ours", points: [[1, 1] as const] }] };
  const results: Results = {
    machine: { cpu: "A processor", cores: 2, node: "v20.0.0", v: 0.5 },
    questions: [
      {
        name: "P4",
        title: "deltas",
        date: "2026-11-29",
        findings: [
          { label: "a ÷ b", value, goal: 0.8, before: 1.2 },
          { label: "c ÷ d", value, goal: 0.3 },
        ],
        plots: [plot],
        steps: [{ name: "warm", rows: [["sends", 0.25]] }],
      },
    ],
  };

  test("the page gets the table, the steps and the plots between its markers, and keeps the rest", () => {
    const page = ["table", "warm", "plots"].map((name) => `${name}: <!-- bench:${name} -->old<!-- /bench:${name} -->`);
    const text = withGenerated(`${page.join("\n")}\nend`, results, [plot]);
    expect(text).toContain("| P4 | a ÷ b | **0.5** | 0.4–0.612 | 7 | ≤ 0.8 | 1.2 |");
    expect(text).toContain("| P4 | c ÷ d | **0.5** | 0.4–0.612 | 7 | ≤ 0.3 (missed) | – |");
    expect(text).toContain("| sends | 25 % |");
    expect(text).toContain("![A < B](plots/p.svg)");
    expect(text).toMatch(/^table: .*\n[\s\S]*\nend$/);
    expect(text).not.toContain("old");
    expect(withGenerated(text, results, [plot])).toBe(text);
  });

  test("the page without a marker is an error", () => {
    expect(() => withGenerated("nothing", results, [])).toThrow("<!-- bench:table -->");
  });

  test("a plot escapes its texts, and has colours for dark pages", () => {
    expect(svgOf(plot)).toContain("A &lt; B");
    expect(svgOf(plot)).toContain("prefers-color-scheme: dark");
  });
});
