/** Notices of settled turns: to functions, to receivers over real HTTP, and to programs. */
import { createHmac, timingSafeEqual } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, expectTypeOf, test } from "vitest";
import { createOpencode as connect } from "../../../src/client.js";
import {
  ApprovalPendingError,
  ConfigError,
  createOpencode,
  type Logger,
  type OpencodeOptions,
  type SettledNotice,
  TurnTimeoutError,
} from "../../../src/index.js";
import { runProgram } from "../../../src/node/run-program.js";
import { checkOnSettled } from "../../../src/session/settled/check.js";
import { type NoticeIntent, TurnIntent } from "../../../src/session/settled/intent.js";
import { noticeOf } from "../../../src/session/settled/notice.js";
import { createMemoryAgent, hold } from "../../../src/testing/index.js";
import { callbacks } from "../../../src/util/open-callbacks.js";
import { eventually, type Fixture, shared, startFixture } from "../../support/fixture.js";
import { type SeenRequest, startHttpServer } from "../../support/http-server.js";

let fixture: Fixture;
beforeAll(async () => {
  fixture = await startFixture();
});
afterAll(() => fixture[Symbol.asyncDispose]());

const secret = `whsec_${Buffer.from("0123456789abcdef0123456789abcdef").toString("base64")}`;

interface Receiver extends AsyncDisposable {
  readonly url: string;
  readonly deliveries: readonly SeenRequest[];
}

/** Answers with these statuses in turn, and then with 204. */
async function receiver(...statuses: readonly number[]): Promise<Receiver> {
  const server = await startHttpServer((_request, response, count) => {
    response.writeHead(statuses[count - 1] ?? 204, { location: "/elsewhere" }).end();
  });
  const url = `${server.url}/hook/path-secret?token=query-secret`;
  return { url, deliveries: server.requests, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

/** By the text of Standard Webhooks 1.0, section "Verifying webhook authenticity". Gives the payload. */
function verified({ headers, body }: SeenRequest): SettledNotice {
  const id = String(headers["webhook-id"]);
  const timestamp = String(headers["webhook-timestamp"]);
  expect(Math.abs(Date.now() / 1_000 - Number(timestamp))).toBeLessThan(5 * 60);
  expect(id).not.toContain(".");
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const expected = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest();
  const signatures = String(headers["webhook-signature"]).split(" ");
  const own = signatures.filter((one) => one.startsWith("v1,")).map((one) => Buffer.from(one.slice(3), "base64"));
  expect(own.some((one) => one.length === expected.length && timingSafeEqual(one, expected))).toBe(true);
  const notice = JSON.parse(body) as SettledNotice;
  expect(notice.id).toBe(id);
  return notice;
}

/** A second client on the agent of the fixture, and what it logs. */
async function client(
  options: Partial<OpencodeOptions>,
): Promise<Awaited<ReturnType<typeof connect>> & { lines: string[] }> {
  const lines: string[] = [];
  const write = (line: string): void => void lines.push(line);
  const logger: Logger = { error: write, warn: write, info: write, debug: write };
  const own = await createOpencode({
    ...shared(fixture.model, fixture.directory),
    logger,
    ...options,
  } as OpencodeOptions);
  return Object.assign(own, { lines });
}

describe("onSettled", () => {
  test("onSettled tells a function once per turn: of answers, failures, commands and shell lines", async () => {
    const notices: SettledNotice[] = [];
    await using oc = await client({ onSettled: (notice: SettledNotice) => void notices.push(notice) });
    fixture.answer("settle me", { text: "with sk-ant-REDACTED", usage: { input: 7, output: 3 } });
    fixture.answer("refused", { status: 400, message: "no" });
    const answer = await oc.ask("settle me");
    const session = await oc.createSession({ title: "settled" });
    await expect(session.ask("refused")).rejects.toThrow();
    await session.shell("echo hello");
    await eventually("three notices", () => notices.length === 3);
    expect(notices[0]).toMatchObject({
      id: `${answer.messageId}-answered`,
      type: "turn.settled",
      data: {
        sessionId: answer.sessionId,
        messageId: answer.messageId,
        outcome: "answered",
        text: "with [redacted]",
        finishReason: "stop",
        model: answer.model,
        usage: { total: 10 },
        error: undefined,
      },
    });
    expect(Date.parse(notices[0]?.timestamp ?? "")).toBeLessThanOrEqual(Date.now());
    expect(notices[1]).toMatchObject({
      data: { sessionId: session.id, outcome: "failed", error: { code: expect.any(String) } },
    });
    expect(notices[2]).toMatchObject({ data: { sessionId: session.id, outcome: "answered" } });
    expectTypeOf<NonNullable<OpencodeOptions["onSettled"]>>().toExtend<object>();
  });

  test("onSettled tells of a turn once, however many readers join it", async () => {
    const notices: SettledNotice[] = [];
    const last = hold("done");
    fixture.answer("joined", { text: ["begun, ", last] });
    const session = await fixture.oc.createSession({ title: "joined" });
    const options = { messageId: "msg_settled_join", onSettled: (notice: SettledNotice) => void notices.push(notice) };
    const first = session.ask("joined", options);
    const second = session.askStream("joined", options);
    for await (const event of second.events) if (event.type === "text-delta") last.release();
    await Promise.all([first, second.answer]);
    await session.ask("something else");
    expect(notices).toMatchObject([{ id: "msg_settled_join-answered" }]);
  });

  test("onSettled tells of an abort and of a time limit, with the text so far", async () => {
    const notices: SettledNotice[] = [];
    const onSettled = (notice: SettledNotice): void => void notices.push(notice);
    fixture.answer("cut me", { text: ["so far", hold("never")] });
    const stream = fixture.oc.askStream("cut me", { onSettled });
    for await (const _ of stream) break;
    await eventually("the notice of the abort", () => notices.length === 1);
    expect(notices[0]?.data).toMatchObject({ outcome: "aborted", text: "so far", error: { code: "aborted" } });
    fixture.answer("too slow", { text: [hold("never")] });
    await expect(fixture.oc.ask("too slow", { timeout: 300, onSettled })).rejects.toBeInstanceOf(TurnTimeoutError);
    await eventually("the notice of the limit", () => notices.length === 2);
    expect(notices[1]?.data).toMatchObject({ outcome: "failed", error: { name: "TurnTimeoutError" } });
  });

  test("onSettled has one id for each approval that a prompt waits for, and tells the approval", () => {
    const noticeOfPending = (approvalId: string): SettledNotice => {
      const request = {} as ApprovalPendingError["request"]; // nothing of it is told
      const error = new ApprovalPendingError("it waits", { approvalId, request });
      return noticeOf({ sessionId: "ses_1", messageId: "msg_1", startedAt: Date.now(), result: { error } });
    };
    const [first, again, second] = ["apr_one", "apr_one", "apr_two"].map(noticeOfPending);
    expect(first?.data).toMatchObject({
      outcome: "failed",
      error: { code: "approval_pending", approvalId: "apr_one" },
    });
    expect(first?.id).toBe("msg_1-failed-approval_pending-apr_one");
    expect(again?.id).toBe(first?.id);
    expect(second?.id).toBe("msg_1-failed-approval_pending-apr_two");
  });

  test("a function that throws or hangs fails no turn and is logged", async () => {
    await using oc = await client({
      callbackTimeout: 100,
      onSettled: ({ data }: SettledNotice) =>
        data.text.includes("throw") ? Promise.reject(new Error("it broke")) : new Promise(() => {}),
    });
    expect((await oc.ask("throw")).text).toBe("echo: throw");
    expect((await oc.ask("hang")).text).toBe("echo: hang");
    await eventually("both are logged", () => oc.lines.filter((line) => line.includes("not delivered")).length === 2);
    expect(oc.lines.join("\n")).toContain("it broke");
  });
});

describe("a web hook", () => {
  test("a web hook that fails first gets the same id again, each time with a valid signature", async () => {
    await using hook = await receiver(500, 302);
    await using oc = await client({ onSettled: { url: hook.url, secret } });
    const answer = await oc.ask("hooked");
    await eventually("the third attempt", () => hook.deliveries.length === 3);
    const notices = hook.deliveries.map(verified);
    expect(new Set(notices.map(({ id }) => id))).toEqual(new Set([`${answer.messageId}-answered`]));
    expect(notices[0]?.data).toMatchObject({ sessionId: answer.sessionId, text: "echo: hooked", outcome: "answered" });
    expect(hook.deliveries[0]?.headers["content-type"]).toBe("application/json");
    expect(new Set(hook.deliveries.map(({ body }) => body)).size).toBe(1);
  });

  test("close() of a client waits for a notice that is on its way", async () => {
    const order: string[] = [];
    let answer = (): void => {};
    await using server = await startHttpServer((_request, response) => {
      answer = () =>
        void response
          .on("finish", () => order.push("delivered"))
          .writeHead(204)
          .end();
    });
    const oc = await client({ onSettled: { url: server.url, secret } });
    const { open } = callbacks;
    await oc.ask("closing");
    await server.arrived(1);
    expect(callbacks.open).toBe(open); // it is no callback of the application, which a reload lets ask
    const closed = oc.close().then(() => order.push("closed"));
    answer();
    await closed;
    expect(order).toEqual(["delivered", "closed"]);
    expect(oc.lines.join("\n")).not.toContain("not delivered");
  });

  test("a receiver that is gone gets no second attempt, and the log has neither secret nor path", async () => {
    await using hook = await receiver(410);
    await using oc = await client({ logLevel: "debug", onSettled: { url: hook.url, secret } });
    await oc.ask("gone");
    await eventually("it is logged", () => oc.lines.some((line) => line.includes("not delivered")));
    expect(hook.deliveries).toHaveLength(1);
    const log = oc.lines.join("\n");
    expect(log).toContain("410");
    for (const hidden of [secret.slice(6), "path-secret", "query-secret"]) expect(log).not.toContain(hidden);
  });

  test("a web hook whose secret has no prefix is signed with the same key", async () => {
    await using hook = await receiver();
    await using agent = createMemoryAgent("signed");
    const onSettled = { url: hook.url, secret: secret.slice("whsec_".length) };
    await using oc = await connect({ baseUrl: agent.baseUrl, fetch: agent.fetch, onSettled });
    await oc.ask("without a prefix");
    await eventually("the delivery", () => hook.deliveries.length === 1);
    expect(hook.deliveries.map(verified)).toMatchObject([{ data: { text: "signed" } }]);
  });

  test("a web hook works without Node's modules, from the client entry", async () => {
    await using hook = await receiver();
    await using agent = createMemoryAgent("from memory");
    await using oc = await connect({
      baseUrl: agent.baseUrl,
      fetch: agent.fetch,
      onSettled: { url: hook.url, secret },
    });
    await oc.ask("in a browser");
    await eventually("the delivery", () => hook.deliveries.length === 1);
    expect(hook.deliveries.map(verified)).toMatchObject([{ data: { text: "from memory" } }]);
  });
});

describe("a command", () => {
  test("a command gets the notice as JSON on its standard input", async () => {
    const file = join(fixture.directory, "notice.json");
    const program = `process.stdin.pipe(require("fs").createWriteStream(process.argv[1]))`;
    await using oc = await client({ onSettled: { command: [process.execPath, "-e", program, file] } });
    const { messageId } = await oc.ask("tell a program");
    await oc.close();
    expect(JSON.parse(await readFile(file, "utf8"))).toMatchObject({
      type: "turn.settled",
      data: { messageId, outcome: "answered", text: "echo: tell a program" },
    });
  });

  test("a command that fails, or that does not exist, is logged with the end of its standard error", async () => {
    await using oc = await client({
      onSettled: { command: [process.execPath, "-e", "console.error('no luck'); process.exit(3)"] },
    });
    await oc.ask("fail");
    await oc.ask("missing", { onSettled: { command: ["/nowhere/at/all"] } });
    await eventually("both are logged", () => oc.lines.filter((line) => line.includes("not delivered")).length === 2);
    expect(oc.lines.join("\n")).toMatch(/code 3: no luck/);
    expect(oc.lines.join("\n")).toMatch(/ENOENT/);
  });

  test("a command that leaves a child in the background does not hold the process of the client", async () => {
    const file = join(fixture.directory, "background.pid");
    const pipes = (): number => process.getActiveResourcesInfo().filter((name) => name === "PipeWrap").length;
    const before = pipes();
    await runProgram(["sh", "-c", 'sleep 600 & echo $! > "$0"', file], "{}", new AbortController().signal);
    try {
      await eventually("its standard error is closed", () => pipes() <= before);
    } finally {
      process.kill(Number(await readFile(file, "utf8")));
    }
  });

  test("a command is not started once its signal has aborted", async () => {
    const file = join(fixture.directory, "never.txt");
    const stopped = AbortSignal.abort(new Error("the client was closed"));
    await expect(runProgram(["touch", file], "", stopped)).rejects.toThrow("the client was closed");
    await expect(readFile(file)).rejects.toThrow("ENOENT");
  });

  test("a command is a ConfigError where there is no Node", async () => {
    await using agent = createMemoryAgent("never");
    await using oc = await connect({ baseUrl: agent.baseUrl, fetch: agent.fetch });
    await expect(oc.ask("x", { onSettled: { command: ["true"] } })).rejects.toBeInstanceOf(ConfigError);
  });
});

test("an intent whose file cannot be changed throws nothing and says so", async () => {
  const warnings: unknown[] = [];
  const fail = (): never => {
    throw new Error("no space left on device");
  };
  const note = { write: async () => {}, settled: fail, remove: fail, handOver: fail };
  const facts = { target: { command: ["true"] }, startedAt: Date.now() };
  const intent = new TurnIntent(
    async () => ({ note: () => note }),
    facts,
    (error) => warnings.push(error),
  );
  expect(await intent.handOver()).toBe(false); // no prompt was sent
  await intent.sending({ sessionId: "ses_1", messageId: "msg_1", directory: undefined });
  await intent.settled(
    noticeOf({ sessionId: "ses_1", messageId: "msg_1", startedAt: 0, result: { error: new Error("x") } }),
  );
  expect(await intent.handOver()).toBe(false);
  await intent.end();
  expect(warnings).toHaveLength(3);
});

test("onSettled says of a wrong secret which form it expects", () => {
  const expected = '24 to 64 bytes in base64, with or without "whsec_" before them';
  expect(() => checkOnSettled({ url: "https://example.com", secret: "not base64!" })).toThrow(expected);
});

test("an intent whose turn settles while it is being written is removed, and none is written after the end", async () => {
  const done: string[] = [];
  let [begin, finish] = [(): void => {}, (): void => {}];
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const note = {
    write: async ({ messageIds }: NoticeIntent) => {
      begin();
      await finished;
      done.push(`write ${messageIds}`);
    },
    settled: async () => void done.push("settled"),
    remove: () => void done.push("remove"),
    handOver: async () => void done.push("hand over"),
  };
  const facts = { target: { command: ["true"] }, startedAt: Date.now() };
  const intent = new TurnIntent(
    async () => ({ note: () => note }),
    facts,
    () => {},
  );
  const prompt = { sessionId: "ses_1", directory: undefined };
  const sending = intent.sending({ ...prompt, messageId: "msg_1" });
  await begun;
  const notice = noticeOf({ ...prompt, messageId: "msg_1", startedAt: 0, result: { error: new Error("aborted") } });
  const after = [intent.settled(notice), intent.end()];
  finish();
  await Promise.all([sending, ...after]);
  await intent.sending({ ...prompt, messageId: "msg_2" });
  expect(done).toEqual(["write msg_1", "settled", "remove"]);
});

test.each<[string, unknown]>([
  ["a text", "https://example.com"],
  ["null", null],
  ["no secret", { url: "https://example.com" }],
  ["a secret with another prefix", { url: "https://example.com", secret: "wh_c2VjcmV0LW9mLXNvbWVib2R5LWVsc2UtMTIz" }],
  ["a short secret without a prefix", { url: "https://example.com", secret: "c2VjcmV0" }],
  ["a short secret", { url: "https://example.com", secret: "whsec_dG9vLXNob3J0" }],
  ["another protocol", { url: "ftp://example.com", secret }],
  ["no URL", { url: "example", secret }],
  ["a URL with a password", { url: "https://user:hunter22@example.com/path-secret", secret }],
  ["a URL with a user", { url: "https://hunter22@example.com/path-secret", secret }],
  ["an empty command", { command: [] }],
  ["a command that is a text", { command: "notify" }],
  ["a command with a number", { command: ["notify", 1] }],
  ["an unknown name", { url: "https://example.com", secret, retries: 3 }],
])("onSettled refuses %s with a ConfigError that names the option and no secret", async (_what, onSettled) => {
  let told = "";
  try {
    checkOnSettled(onSettled as never);
  } catch (error) {
    if (error instanceof ConfigError) told = `${error.message} ${error.hint}`;
  }
  expect(told).toMatch(/onSettled/);
  expect(told).not.toMatch(/whsec_[A-Za-z0-9]|c2VjcmV0|hunter22|path-secret/);
  await expect(createOpencode({ onSettled } as never)).rejects.toBeInstanceOf(ConfigError);
});
