/** The output of a running command in the rendering of a run. */
import { describe, expect, test } from "vitest";
import type { AgentEvent } from "../../src/index.js";
import { Renderer } from "../../src/render/renderer.js";

const call = { tool: "bash", callId: "call_1", sessionId: "ses_1" } as const;
const begun: AgentEvent = { type: "tool-call", input: { command: "make" }, ...call };
const ended: AgentEvent = { type: "tool-result", output: "all", durationMs: 5_000, ...call };
const progress = (text: string): AgentEvent => ({ type: "tool-progress", text, total: text.length, ...call });

/** What a run shows; `at`: the time of each event in ms. */
function shown(...events: readonly (readonly [at: number, event: AgentEvent])[]): string {
  let time = 0;
  const renderer = new Renderer({ color: false, now: () => time });
  return events
    .flatMap(([at, event]) => {
      time = at;
      return renderer.render(event).map(({ text }) => text);
    })
    .join("");
}

describe("the rendered output of a command", () => {
  test("a command that writes for longer than a second has its lines shown while it runs", () => {
    const text = shown(
      [0, begun],
      [9_000, progress("one\ntw")],
      [9_500, progress("o\nthree\n")],
      [10_200, progress("four\nfi")],
      [10_300, progress("ve")],
      [10_400, ended],
    );
    expect(text).toBe("… bash make\n  one\n  two\n  three\n  four\n  five\n✓ bash make (5.0 s)\n");
  });

  test("a command that writes for a moment is one line", () => {
    expect(shown([0, begun], [5_000, progress("one\n")], [5_001, progress("two\n")], [9_000, ended])).toBe(
      "✓ bash make (5.0 s)\n",
    );
  });

  test("a burst of lines is cut to its last forty", () => {
    const lines = Array.from({ length: 100 }, (_, index) => `line ${index}\n`).join("");
    const text = shown([0, begun], [0, progress("first\n")], [2_000, progress(lines)]);
    expect(text).toContain("… 61 more lines\n  line 60\n");
    expect(text.split("\n")).toHaveLength(43);
  });
});
