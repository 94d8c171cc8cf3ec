import { describe, expect, test } from "vitest";
import { Busy } from "../../src/web/page/activity.js";
import { compareTexts, countChanges, parsePatch } from "../../src/web/page/diff.js";
import type { ServerNews } from "../../src/web/page/event-source.js";
import { ago, dollars, duration, fileSize, shortNumber, shortPath } from "../../src/web/page/format.js";
import { mintMessageId } from "../../src/web/page/message-id.js";
import { gapMark, Partials } from "../../src/web/page/partials.js";
import { newsOf } from "../../src/web/page/turn-news.js";
import { asMessageInfo, asPart, asSession } from "../../src/web/page/validators.js";

describe("changes of files", () => {
  test("a patch becomes numbered lines without its headers", () => {
    const patch =
      "Index: a\n====\n--- a\n+++ a\n@@ -1,3 +1,3 @@\n one\n-two\n+2\n three\n\\ No newline at end of file\n";
    expect(parsePatch(patch)).toEqual([
      { kind: "same", text: "one", before: 1, after: 1 },
      { kind: "removed", text: "two", before: 2 },
      { kind: "added", text: "2", after: 2 },
      { kind: "same", text: "three", before: 3, after: 3 },
    ]);
  });

  test("changed lines that look like patch headers stay changed lines", () => {
    const kinds = parsePatch("@@ -1,1 +1,1 @@\n--- old\n+++ new\n@@ -9,1 +9,1 @@\n x\n").map(({ kind }) => kind);
    expect(kinds).toEqual(["removed", "added", "gap", "same"]);
  });

  test("the comparison of two texts keeps equal lines at both ends", () => {
    const lines = compareTexts("a\nb\nc\n", "a\nx\ny\nc\n");
    expect(lines.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      "same a",
      "removed b",
      "added x",
      "added y",
      "same c",
    ]);
    expect(countChanges(lines)).toEqual({ added: 2, removed: 1 });
    expect(compareTexts("", "new\n")).toEqual([{ kind: "added", text: "new" }]);
  });
});

describe("news of a turn", () => {
  test("a fallback and a loop become one sentence each, and other events are no news", () => {
    const sessionId = "ses_1";
    expect(newsOf({ type: "fallback", sessionId, from: "a/b", to: "c/d", reason: "rate-limit" })).toBe(
      "a/b has failed: its rate limit is reached. c/d goes on.",
    );
    expect(newsOf({ type: "loop", sessionId, tool: "bash", count: 10 })).toBe(
      "The agent repeats itself: bash, 10 rounds with the same result.",
    );
    expect(newsOf({ type: "compacted", sessionId })).toBeUndefined();
  });
});

describe("texts that are being written", () => {
  test("pieces of a text are joined, and a gap is marked until the text is complete", () => {
    const partials = new Partials();
    partials.begin("p");
    partials.append("p", "one ");
    partials.append("p", "two ");
    partials.gap();
    partials.append("p", "four");
    expect(partials.textOf("p")).toBe(`one two ${gapMark}four`);
    partials.end("p");
    expect(partials.textOf("p")).toBe("");
  });

  test("a text with an unseen beginning starts with the gap mark", () => {
    const partials = new Partials();
    partials.append("p", "the end");
    expect(partials.textOf("p")).toBe(`${gapMark}the end`);
  });
});

describe("activity of sessions", () => {
  test("an open request of the agent is shown until it is answered, and a session that is idle is not busy", () => {
    const busy = new Busy();
    const raw = { type: "any", properties: {} };
    const request = { id: "r", sessionId: "s", questions: [], call: { messageId: undefined, callId: undefined } };
    const events: ServerNews[] = [
      { type: "session-status", status: "busy", sessionId: "s", raw },
      { type: "question-asked", request, sessionId: "s", raw },
      { type: "question-answered", requestId: "r", sessionId: "s", raw },
      { type: "session-status", status: "idle", sessionId: "s", raw },
    ];
    const texts = events.map((event) => [busy.event(event), busy.textOf("s"), busy.isBusy("s")]);
    expect(texts).toEqual([
      [true, "Working…", true],
      [true, "Waiting for an answer…", true],
      [true, "Working…", true],
      [true, "", false],
    ]);
  });
});

describe("data of the agent", () => {
  test("data without the fields that the page reads is ignored", () => {
    for (const value of [undefined, null, 1, "x", [], {}, { id: "p" }, { id: "p", messageID: "m", type: "text" }]) {
      expect([asMessageInfo(value), asSession(value)]).toEqual([undefined, undefined]);
      expect(asPart(value)).toBeUndefined();
    }
    const tool = { id: "p", messageID: "m", type: "tool", tool: "bash" };
    expect(asPart({ ...tool, state: { status: "completed", input: {} } })).toBeUndefined();
    expect(asPart({ ...tool, state: { status: "running", input: {} } })).toBeDefined();
  });
});

describe("numbers for people", () => {
  test("tokens, durations, money, sizes, times and paths are shortened for display", () => {
    expect([0, 950, 12_340, 999_600, 1_200_000].map(shortNumber)).toEqual(["0", "950", "12.3k", "1M", "1.2M"]);
    expect([0, 120, 3_400, 60_000, 125_000].map(duration)).toEqual(["0 ms", "120 ms", "3.4 s", "1 min", "2 min 5 s"]);
    expect([0, 0.00001, 0.0042, 1.5].map(dollars)).toEqual(["$0", "< $0.0001", "$0.0042", "$1.50"]);
    expect([10, 12_000, 3_400_000].map(fileSize)).toEqual(["1 kB", "12 kB", "3.4 MB"]);
    expect([0, 5 * 60_000, 3 * 3_600_000, 50 * 3_600_000].map((past) => ago(1e12 - past, 1e12))).toEqual([
      ...["now", "5 min", "3 h", "2 d"],
    ]);
    expect([shortPath("/home/me/a/b", "/home/me"), shortPath("/home/meet", "/home/me")]).toEqual(["a/b", "/home/meet"]);
  });

  test("ids of prompts ascend and have the server's form", () => {
    const ids = [mintMessageId(5), mintMessageId(5), mintMessageId(6), mintMessageId()];
    expect([...ids].sort()).toEqual(ids);
    for (const id of ids) expect(id).toMatch(/^msg_[0-9a-f]{12}[0-9A-Za-z]{14}$/);
  });
});
