/** The pieces of a running command's output, from its states as the server tells them. */
import { describe, expect, test } from "vitest";
import { LiveOutput, type OutputPiece } from "../../src/events/live-output.js";
import type { ToolPart } from "../../src/index.js";

const time = { start: 0, end: 1 };
const running = (output: string): ToolPart["state"] => ({
  status: "running",
  input: {},
  metadata: { output },
  time: { start: 0 },
});
const completed = (output: string, metadata: Record<string, unknown>): ToolPart["state"] => ({
  status: "completed",
  input: {},
  output,
  title: "",
  metadata,
  time,
});

/** What the states tell, one after the other. */
function pieces(...states: readonly ToolPart["state"][]): OutputPiece[] {
  const output = new LiveOutput();
  return states.flatMap((state) => output.next({ tool: "bash", state }) ?? []);
}
const textOf = (told: readonly OutputPiece[]): string => told.map(({ text }) => text).join("");

/** As the server keeps it: the last 30,000 characters behind a mark. */
const windowOf = (output: string): string => (output.length > 30_000 ? `...\n\n${output.slice(-30_000)}` : output);
const lines = (count: number): string =>
  Array.from({ length: count }, (_, index) => `line ${index} ${"x".repeat(80)}\n`).join("");

describe("the pieces of an output", () => {
  test("pieces are the growth of the output, and states that repeat add nothing", () => {
    const told = pieces(
      running(""),
      running("one\n"),
      running("one\n"),
      running("one\ntwo"),
      completed("one\ntwo\n", { output: "one\ntwo\n" }),
    );
    expect(told).toEqual([
      { text: "one\n", total: 4 },
      { text: "two", total: 7 },
      { text: "\n", total: 8 },
    ]);
  });

  test("an output longer than the server keeps comes whole as long as the states overlap", () => {
    const whole = lines(2_000);
    const states = Array.from({ length: whole.length / 5_000 }, (_, index) =>
      running(windowOf(whole.slice(0, 5_000 * (index + 1)))),
    );
    const told = pieces(...states, completed("...output truncated...", { output: windowOf(whole), truncated: true }));
    expect(textOf(told)).toBe(whole);
    expect(told.at(-1)?.total).toBe(whole.length);
  });

  test("a part that the server has not kept is missing, and the total says so", () => {
    const whole = lines(2_000);
    const told = pieces(running(whole.slice(0, 1_000)), running(windowOf(whole.slice(0, 100_000))));
    expect(textOf(told)).toBe(whole.slice(0, 1_000) + whole.slice(70_000, 100_000));
    expect(told.at(-1)?.total).toBeGreaterThan(31_000);
  });

  test("the result fills in the rest when the states between were not heard", () => {
    const whole = lines(400);
    expect(whole.length).toBeGreaterThan(30_000);
    const told = pieces(running(whole.slice(0, 500)), completed(whole, { output: windowOf(whole), truncated: false }));
    expect(textOf(told)).toBe(whole);
  });

  test("an older state that comes late is not told again", () => {
    const whole = lines(2_000);
    const told = pieces(running(windowOf(whole.slice(0, 60_000))), running(windowOf(whole.slice(0, 50_000))));
    expect(told).toHaveLength(1);
    expect(pieces(running("one two"), running("one"))).toHaveLength(1);
  });

  test("pieces of a repetitive output are its growth, as long as the states tell it", () => {
    const whole = "waiting for the server to come up\n".repeat(2_000) + lines(500);
    const states = Array.from({ length: Math.ceil(whole.length / 7_000) }, (_, index) =>
      running(windowOf(whole.slice(0, 7_000 * (index + 1)))),
    );
    const told = textOf(pieces(...states));
    expect(told.length).toBeGreaterThan(30_000);
    expect(whole.endsWith(told.slice(-30_000))).toBe(true);
  });

  test("the remarks that the server adds for the model are no output", () => {
    const remark = "\n\n<shell_metadata>\nUser aborted the command\n</shell_metadata>";
    expect(textOf(pieces(completed(`begun\n${remark}`, {})))).toBe("begun\n");
    expect(pieces(completed("(no output)", { output: "(no output)" }))).toEqual([]);
    const silent = `(no output)${remark}`;
    expect(pieces(completed(silent, { output: silent }))).toEqual([]);
  });
});
