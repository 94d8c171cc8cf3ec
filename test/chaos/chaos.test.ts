/** The short form of the chaos suite (`npm run chaos` is the long one), and the proof that it finds what it looks for. */
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { AgentError } from "../../src/index.js";
import { mintId } from "../../src/util/ids.js";
import { testBinary } from "../support/fixture.js";
import { scaled } from "../support/slowness.js";
import { drawOutages, FaultSource } from "./faults.js";
import { HttpFraming } from "./http-framing.js";
import type { Outcome } from "./outcome.js";
import { effectsFile, type Kind, kinds, planned } from "./plan.js";
import type { ProxySetup } from "./proxy-setup.js";
import { readRequestLine } from "./routes.js";
import { runChaos } from "./run.js";
import type { MortalServer } from "./server.js";
import { Store } from "./stored.js";
import { findingText, reportText } from "./table.js";

/** Bounds a run, in ms of an idle machine. */
const limit = 240_000;

describe("a chaos run", () => {
  test(
    "forty prompts through a faulty proxy and a server's death get a right answer or one typed error",
    async () => {
      const report = await runChaos({
        binary: testBinary(),
        seed: 20,
        prompts: 40,
        concurrency: 8,
        kills: 4,
        longestText: 6_000,
        limit: scaled(limit),
        scaled,
      });
      expect(report.counts.findings, findingText(report.counts)).toEqual([]);
      expect(report.prompts).toBe(40);
      expect(report.downtimes).toHaveLength(1);
      expect(report.counts.total.right).toBeGreaterThan(20);
    },
    scaled(300_000),
  );
});

describe("checks of the chaos suite", () => {
  test(
    "the chaos suite finds every breach that is made on purpose, and no other",
    async () => {
      const options = {
        binary: testBinary(),
        seed: 5,
        prompts: 19,
        concurrency: 4,
        kills: 0,
        intensity: 0,
        limit: scaled(limit),
        scaled,
      };
      const report = await runChaos({ ...options, afterJob: sabotage });
      const found: Record<string, Set<string>> = {};
      for (const { kind = "run", breach } of report.counts.findings)
        found[kind] = (found[kind] ?? new Set()).add(breach);
      const doubled = "text lost or doubled";
      expect(found, reportText(report)).toEqual({
        text: new Set(["ran twice"]),
        stream: new Set([doubled]),
        reasoning: new Set(["ran twice", doubled]), // what is stored has the text of both
        shell: new Set(["ran twice"]),
        command: new Set(["untyped error"]),
        tool: new Set(["error without a fault"]),
        permission: new Set(["lost", doubled]), // nothing is stored of it
        schema: new Set(["wrong answer"]),
        "same id twice": new Set(["hung"]),
        subagent: new Set(["ran twice"]),
        approval: new Set(["ran twice"]),
        fallback: new Set(["ran twice"]),
        steer: new Set(["lost"]),
      });
    },
    scaled(300_000),
  );
});

describe("the chaos plan", () => {
  test("a chaos plan follows from its seed", () => {
    const jobs = planned(50, { seed: 3 });
    expect(planned(50, { seed: 3 })).toEqual(jobs);
    expect(planned(50, { seed: 4 })).not.toEqual(jobs);
    expect(jobs.flatMap(({ prompts }) => prompts)).toHaveLength(50);
    expect(new Set(jobs.map(({ kind }) => kind))).toEqual(new Set(kinds));
    const rates = { kills: 2, intensity: 1 };
    expect(drawOutages(3, 100, rates)).toEqual(drawOutages(3, 100, rates));
  });

  test("the n-th request of a kind gets the same fault with and without other requests between", () => {
    const submit = readRequestLine("POST /session/ses_1/prompt_async HTTP/1.1");
    const read = readRequestLine("GET /session/ses_1/message?limit=50 HTTP/1.1");
    expect([submit.route, read.route, read.sessionId]).toEqual(["submit", "read", "ses_1"]);
    const [alone, mixed] = [new FaultSource(9, 1), new FaultSource(9, 1)];
    const faults = Array.from({ length: 50 }, () => alone.draw(submit));
    const same = Array.from({ length: 50 }, () => {
      mixed.draw(read);
      return mixed.draw(submit);
    });
    expect(same).toEqual(faults);
    expect(new Set(faults.map(({ kind }) => kind)).size).toBeGreaterThan(5);
  });
});

describe("HTTP framing of the proxy", () => {
  const messages = [
    "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello",
    "HTTP/1.1 204 No Content\r\nx: y\r\n\r\n",
    "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nab\r\n\r\n10;x=y\r\n0123456789abcdef\r\n0\r\ntrailer: 1\r\n\r\n",
    "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n",
  ];

  test.each([1, 2, 3, 7, 1_000])(
    "HttpFraming finds every head and every end in pieces of %i bytes, and changes no byte",
    (size) => {
      const bytes = Buffer.from(messages.join(""));
      const framing = new HttpFraming(({ line }) => !line.includes("204"));
      const segments = [];
      for (let at = 0; at < bytes.length; at += size) segments.push(...framing.push(bytes.subarray(at, at + size)));
      expect(Buffer.concat(segments.map((segment) => segment.bytes)).equals(bytes)).toBe(true);
      expect(segments.filter(({ head }) => head !== undefined).map(({ head }) => head?.line)).toEqual(
        messages.map((message) => message.split("\r\n")[0]),
      );
      expect(segments.filter(({ isEnd }) => isEnd)).toHaveLength(messages.length);
      expect(segments.filter(({ isBoundary }) => isBoundary)).toHaveLength(3);
    },
  );
});

/** Breaks the promise once for most kinds of jobs. */
async function sabotage({ server }: ProxySetup, outcomes: readonly Outcome[]): Promise<readonly Outcome[]> {
  return Promise.all(outcomes.map((outcome) => sabotages[outcome.prompt.kind]?.(outcome, server) ?? outcome));
}

const sabotages: Partial<Record<Kind, (outcome: Outcome, server: MortalServer) => Promise<Outcome> | Outcome>> = {
  text: async (outcome, server) => {
    await sendAgain(outcome, server, answerOf(outcome).messageId);
    return outcome;
  },
  reasoning: async (outcome, server) => {
    await sendAgain(outcome, server, mintId("msg"));
    return outcome;
  },
  stream: (outcome) => withObserved(outcome, { streamed: outcome.prompt.streamed.slice(0, -1) }),
  shell: runAgain,
  approval: runAgain,
  fallback: runAgain,
  steer: async (outcome, server) => {
    if (outcome.prompt.steerAfter !== undefined) await new Store(server).delete(answerOf(outcome).sessionId);
    return outcome;
  },
  command: (outcome) => ({ ...outcome, result: { type: "untyped error", error: new TypeError("fetch failed") } }),
  tool: (outcome) => ({ ...outcome, result: { type: "typed error", error: new AgentError("made up") } }),
  permission: async (outcome, server) => {
    await new Store(server).delete(answerOf(outcome).sessionId);
    return outcome;
  },
  subagent: (outcome) => withObserved(outcome, { subagents: 2 }),
  schema: (outcome) => withObserved(outcome, { answer: { ...answerOf(outcome), output: {} } }),
  "same id twice": (outcome) => ({ ...outcome, result: { type: "hung" } }),
};

/** The side effect of a tool, once more. */
async function runAgain(outcome: Outcome, { directory }: MortalServer): Promise<Outcome> {
  await appendFile(join(directory, effectsFile), `${outcome.prompt.token}\n`);
  return outcome;
}

function answerOf({ result }: Outcome) {
  if (result.type !== "answer" || result.observed.answer === undefined) throw new Error(`no answer: ${result.type}`);
  return result.observed.answer;
}

function withObserved(
  outcome: Outcome,
  changes: Partial<{ streamed: string; subagents: number; answer: ReturnType<typeof answerOf> }>,
): Outcome {
  if (outcome.result.type !== "answer") throw new Error(`no answer: ${outcome.result.type}`);
  return { ...outcome, result: { type: "answer", observed: { ...outcome.result.observed, ...changes } } };
}

/** What a client does that knows nothing of ids: the same text again, its part under no id. */
async function sendAgain(outcome: Outcome, server: MortalServer, messageID: string): Promise<void> {
  const { sessionId } = answerOf(outcome);
  const response = await fetch(`${server.url}/session/${sessionId}/prompt_async`, {
    method: "POST",
    headers: {
      authorization: `Basic ${Buffer.from(`opencode:${server.password}`).toString("base64")}`,
      "content-type": "application/json",
    },
    body: JSON.stringify({ messageID, parts: [{ type: "text", text: outcome.prompt.text }] }),
  });
  if (response.status !== 204) throw new Error(`sent again: ${response.status}`);
  await new Store(server).untilIdle(scaled(60_000), (id) => id === sessionId);
}
