/** Permission requests that wait in a store: the turn rejects, and the same prompt goes on when somebody has decided. */
import { existsSync } from "node:fs";
import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  ApprovalPendingError,
  type ApprovalsOptions,
  type AuditEntry,
  type BudgetLimits,
  createOpencode,
  type Opencode,
  openApprovals,
  type Session,
  type SessionTurnOptions,
} from "../../../src/index.js";
import { Parking } from "../../../src/session/permissions/parking.js";
import { type ModelRequest, type Reply, toolCall, toolCalls } from "../../../src/testing/index.js";
import { runAsker } from "../../support/asker.js";
import {
  createLookupModel,
  eventually,
  type Fixture,
  hermetic,
  startFixture,
  temporaryFolder,
} from "../../support/fixture.js";
import { startRebornServer } from "../../support/restarting-server.js";

let fixture: Fixture;
let state: string;
const stateBefore = process.env["XDG_STATE_HOME"];
const asking = { bash: "ask" } as const;
const approvals = openApprovals();
const schema = { type: "object", properties: { n: { type: "number" } }, required: ["n"] } as const;

beforeAll(async () => {
  state = await temporaryFolder();
  process.env["XDG_STATE_HOME"] = state;
  const config = { agent: { general: { permission: { bash: "ask" } } } } as const;
  fixture = await startFixture({ config }, ({ lastUserText, stepIndex, messages }) => {
    if (!lastUserText.startsWith("Your final answer does not fit the schema")) return undefined;
    const isParked = stepIndex === 0 && JSON.stringify(messages).includes("park a repair");
    return isParked ? toolCalls([bash("echo repair")]) : '{"n": 3}';
  });
});
afterAll(async () => {
  if (stateBefore === undefined) delete process.env["XDG_STATE_HOME"];
  else process.env["XDG_STATE_HOME"] = stateBefore;
  await fixture?.[Symbol.asyncDispose]();
  await rm(state, { recursive: true, force: true });
});

const bash = (command: string) => ({ name: "bash", args: { command, description: "d" } });

/** Another client of the same server. */
function another(budget?: BudgetLimits): Promise<Opencode> {
  const { server, client } = fixture.oc;
  return createOpencode({ baseUrl: client.baseUrl, password: server?.password, directory: fixture.directory, budget });
}

async function lines(path: string): Promise<number> {
  return (await readFile(path, "utf8").catch(() => "")).split("\n").length - 1;
}

/** Asks, and resolves to the error of a parked turn. */
async function parked(session: Session, prompt: string, options: SessionTurnOptions): Promise<ApprovalPendingError> {
  const error: unknown = await session
    .ask(prompt, { onPermission: "park", ...options })
    .then(({ text }) => text)
    .catch((reason: unknown) => reason);
  if (!(error instanceof ApprovalPendingError)) throw new Error(`it was not parked: ${String(error)}`);
  return error;
}

async function listed(session: Session): Promise<string[]> {
  const found = await approvals.list();
  return found.flatMap(({ request }) => (request.chain[0] === session.id ? request.patterns : []));
}

test("a parked turn goes on under its messageId when its call is approved, and the call runs once", async () => {
  const [prompt, log] = ["park and approve", join(fixture.directory, "approved.log")];
  fixture.answer(prompt, toolCall("bash", { command: `echo ran >> ${log}`, description: "d" }), "it ran");
  const session = await fixture.oc.createSession({ permission: asking });
  const audited: AuditEntry[] = [];
  const audit = (line: AuditEntry): void => void audited.push(line);
  const options = { messageId: "msg_park_approve", onPermission: "park", audit } as const;
  const error = await parked(session, prompt, options);
  expect(error).toMatchObject({ code: "approval_pending", sessionId: session.id, retryable: false });
  const { request } = error;
  expect(request).toMatchObject({
    permission: "bash",
    patterns: [`echo ran >> ${log}`],
    tool: { name: "bash", input: { command: `echo ran >> ${log}` } },
    sessionId: session.id,
    chain: [session.id],
    directory: fixture.directory,
    messageId: options.messageId,
  });
  const entry = (await approvals.list()).find(({ id }) => id === error.approvalId);
  expect(entry).toMatchObject({ state: "pending", request, version: 1 });
  expect(await parked(session, prompt, options)).toMatchObject({ approvalId: error.approvalId });
  expect([await lines(log), fixture.model.calls(prompt)]).toEqual([0, 1]);
  const decided = await fixture.oc.approvals.approve(error.approvalId, "anna");
  expect(decided).toMatchObject({ state: "approved", decidedBy: "anna", version: 2 });
  await expect(fixture.oc.approvals.deny(error.approvalId, "no")).rejects.toMatchObject({ name: "ConflictError" });
  expect(await session.ask(prompt, options)).toMatchObject({ text: "it ran", denials: [] });
  expect([await lines(log), fixture.model.calls(prompt)]).toEqual([1, 2]);
  expect(audited).toMatchObject([
    {
      by: "approval",
      decision: "allow",
      approvalId: error.approvalId,
      decidedBy: "anna",
      reason: expect.stringContaining("anna"),
    },
  ]);
  expect(await listed(session)).toEqual([]);
  const [used] = (await approvals.list({ all: true })).filter(({ id }) => id === error.approvalId);
  expect(used).toMatchObject({ state: "approved", decidedBy: "anna", usedAt: expect.any(String) });
});

test("list() has the requests without a decision, and with all also those that are decided, expired or withdrawn", async () => {
  const log = join(fixture.directory, "states.log");
  const words = ["approve", "deny", "leave"];
  const session = await fixture.oc.createSession({ permission: asking });
  const other = await fixture.oc.createSession({ permission: asking });
  const ofBoth = async (options?: ApprovalsOptions): Promise<string[]> => {
    const found = await approvals.list(options);
    const mine = found.filter(({ request }) => [session.id, other.id].includes(request.sessionId));
    return mine.map(({ state }) => state).sort();
  };
  fixture.answer("park four", toolCalls(words.map((word) => bash(`echo ${word} >> ${log}`))), "never");
  fixture.answer("park to withdraw", toolCalls([bash(`echo withdraw >> ${log}`)]), "never");
  await parked(session, "park four", { messageId: "msg_park_states" });
  await parked(other, "park to withdraw", { messageId: "msg_park_withdrawn" });
  expect(await ofBoth()).toEqual(Array(4).fill("pending"));
  const [first, second] = (await approvals.list()).filter(({ request }) => request.sessionId === session.id);
  await approvals.approve(first?.id ?? "");
  await approvals.deny(second?.id ?? "", "no");
  await other.abort();
  expect(await ofBoth()).toEqual(["pending"]);
  expect(await ofBoth({ all: false })).toEqual(["pending"]);
  expect(await ofBoth({ all: true })).toEqual(["approved", "denied", "pending", "withdrawn"]);
  await session.abort();
  expect(await ofBoth()).toEqual([]);
});

test("a denied call is told to the model with the reason, and the run goes on", async () => {
  const prompt = "park and deny";
  const told = ({ toolResults }: ModelRequest): Reply => `told: ${toolResults[0]?.content}`;
  fixture.answer(prompt, toolCall("bash", { command: "echo denied", description: "d" }), told);
  const session = await fixture.oc.createSession({ permission: asking });
  const options = { messageId: "msg_park_deny", onPermission: "park" } as const;
  const { approvalId } = await parked(session, prompt, options);
  await approvals.deny(approvalId, "not on a Friday", "ben");
  const { text, denials } = await session.ask(prompt, options);
  expect(text).toContain("not on a Friday");
  expect(denials).toMatchObject([{ by: "approval", reason: "not on a Friday" }]);
  expect(fixture.model.calls(prompt)).toBe(2);
});

test("a decision of another process within parkAfter is seen by the turn that waits", async () => {
  const prompt = "wait for it";
  fixture.answer(prompt, toolCall("bash", { command: "echo waited", description: "d" }), "it has waited");
  const session = await fixture.oc.createSession({ permission: asking });
  const answer = session.ask(prompt, { onPermission: "park", parkAfter: 600_000, idleTimeout: 60_000 });
  await eventually("it is listed", async () => (await listed(session)).length === 1);
  const [entry] = (await approvals.list()).filter(({ request }) => request.sessionId === session.id);
  await approvals.approve(entry?.id ?? "");
  expect(await answer).toMatchObject({ text: "it has waited" });
});

test("several requests of one step are all listed when the turn rejects, and each has its own decision", async () => {
  const prompt = "park three";
  const log = join(fixture.directory, "three.log");
  const commands = ["one", "two", "two"].map((name) => bash(`echo ${name} >> ${log}`));
  fixture.answer(prompt, toolCalls(commands), "all decided");
  const session = await fixture.oc.createSession({ permission: asking });
  const options = { messageId: "msg_park_three" };
  await parked(session, prompt, options);
  expect((await listed(session)).sort()).toEqual(commands.map(({ args }) => args.command));
  const mine = (await approvals.list()).filter(({ request }) => request.sessionId === session.id);
  const [one, two, same] = mine.sort((a, b) =>
    (a.request.patterns[0] ?? "") < (b.request.patterns[0] ?? "") ? -1 : 1,
  );
  await approvals.approve(one?.id ?? "");
  await approvals.approve(two?.id ?? "");
  expect(await parked(session, prompt, options)).toMatchObject({ approvalId: same?.id });
  await approvals.deny(same?.id ?? "", "once is enough");
  const { denials } = await session.ask(prompt, { ...options, onPermission: "park" });
  expect(denials).toMatchObject([{ by: "approval", reason: "once is enough" }]);
  expect((await readFile(log, "utf8")).split("\n").sort()).toEqual(["", "one", "two"]);
});

test("a parked turn does not end while the model still writes another call of the step", async () => {
  let looks = 0;
  const ended: Error[] = [];
  const parking = new Parking({
    park: (error) => void ended.push(error),
    takeOpen: async () => {
      looks += 1;
    },
    isCalling: () => looks < 3,
    signal: new AbortController().signal,
  });
  parking.begin("per_1");
  parking.park("per_1", new Error("it waits"));
  await eventually("the turn has ended", () => ended.length > 0);
  expect([looks, ended.length]).toEqual([3, 1]);
});

test("a refusal that waits for another request of its step is not used before the agent is told, and told once", async () => {
  const [prompt, log] = ["park a refusal", join(fixture.directory, "refusal.log")];
  const commands = ["no", "yes"].map((name) => bash(`echo ${name} >> ${log}`));
  fixture.answer(prompt, toolCalls(commands), "both decided");
  const options = { messageId: "msg_park_refusal", onPermission: "park" } as const;
  await using first = await another();
  const session = await first.createSession({ permission: asking });
  await parked(session, prompt, options);
  const entryOf = async (name: string) =>
    (await approvals.list({ all: true })).find((one) => one.request.patterns[0] === `echo ${name} >> ${log}`);
  await approvals.deny((await entryOf("no"))?.id ?? "", "not this one");
  await parked(session, prompt, options);
  expect((await entryOf("no"))?.usedAt).toBeUndefined();
  await first.close();
  await approvals.approve((await entryOf("yes"))?.id ?? "");
  await using second = await another();
  const { text, denials } = await second.session(session.id).ask(prompt, options);
  expect(text).toBe("both decided");
  expect(denials).toMatchObject([{ by: "approval", reason: "not this one" }]);
  expect(await readFile(log, "utf8")).toBe("yes\n");
});

test("a request that nobody decides within approvalTimeout is refused, and cannot be approved any more", async () => {
  const prompt = "park and expire";
  const told = ({ toolResults }: ModelRequest): Reply => `told: ${toolResults[0]?.content}`;
  fixture.answer(prompt, toolCall("bash", { command: "echo expired", description: "d" }), told);
  const session = await fixture.oc.createSession({ permission: asking });
  const answer = session.ask(prompt, { onPermission: "park", parkAfter: Number.POSITIVE_INFINITY, approvalTimeout: 1 });
  const { text, denials } = await answer;
  expect(text).toContain("nobody has decided in time");
  expect(denials).toMatchObject([{ by: "approval" }]);
  const found = await approvals.list({ all: true });
  const entry = found.find(({ request }) => request.sessionId === session.id);
  expect(entry).toMatchObject({ state: "expired", decidedAt: entry?.expiresAt });
  await expect(approvals.approve(entry?.id ?? "")).rejects.toMatchObject({ name: "ConflictError" });
});

test("the request of a sub-agent is parked with its chain, and the parent's turn goes on after the decision", async () => {
  const [prompt, inner] = ["park a sub-agent", "the inner prompt"];
  const log = join(fixture.directory, "sub-agent.log");
  fixture.answer(prompt, toolCall("task", { description: "d", prompt: inner, subagent_type: "general" }), "it is back");
  fixture.answer(inner, toolCall("bash", { command: `echo inner >> ${log}`, description: "d" }), "inner done");
  const session = await fixture.oc.createSession({ title: "t" });
  const options = { messageId: "msg_park_inner", permission: { task: "allow" } } as const;
  const { approvalId, request } = await parked(session, prompt, options);
  expect(request.chain).toEqual([session.id, request.sessionId]);
  await approvals.approve(approvalId);
  expect(await session.ask(prompt, { ...options, onPermission: "park" })).toMatchObject({ text: "it is back" });
  expect([await lines(log), fixture.model.calls(prompt), fixture.model.calls(inner)]).toEqual([1, 2, 2]);
});

test("closing a client leaves its parked run to wait on a server of others, and another client goes on", async () => {
  const [prompt, log] = ["park and close", join(fixture.directory, "closed.log")];
  fixture.answer(prompt, toolCall("bash", { command: `echo ran >> ${log}`, description: "d" }), "after the close");
  const options = { messageId: "msg_park_close" };
  const first = await another();
  const session = await first.createSession({ permission: asking });
  const { approvalId } = await parked(session, prompt, options);
  await first.close();
  await approvals.approve(approvalId);
  await using second = await another();
  const again = await second.session(session.id).ask(prompt, { ...options, onPermission: "park" });
  expect(again).toMatchObject({ text: "after the close" });
  expect([await lines(log), fixture.model.calls(prompt)]).toEqual([1, 2]);
});

test("a parked turn goes on under its messageId while reload() waits for its run", async () => {
  const [prompt, directory] = ["park and reload", await temporaryFolder(fixture.directory)];
  fixture.answer(prompt, toolCall("bash", { command: "echo before", description: "d" }), "before the reload");
  const options = { messageId: "msg_park_reload" };
  const first = await another();
  const session = await first.createSession({ permission: asking, directory });
  const { approvalId } = await parked(session, prompt, options);
  await first.close(); // nobody follows the run
  const reloaded = fixture.oc.reload({ directory });
  await approvals.approve(approvalId);
  const again = await fixture.oc.session(session.id).ask(prompt, { ...options, onPermission: "park" });
  expect(again).toMatchObject({ text: "before the reload" });
  await reloaded;
});

test("a steer that a run was sent before it was parked rejects as the turn, and the continued turn answers it", async () => {
  const prompt = "park and steer";
  fixture.answer(prompt, toolCall("bash", { command: "echo steered", description: "d" }), "without the steer");
  const session = await fixture.oc.createSession({ permission: asking });
  const options = { messageId: "msg_park_steer", onPermission: "park" } as const;
  const stream = session.askStream(prompt, { ...options, parkAfter: 5_000 });
  await eventually("it is listed", async () => (await listed(session)).length === 1);
  const steered = stream.steer("with the steer");
  const error = await stream.answer.catch((reason: unknown) => reason);
  if (!(error instanceof ApprovalPendingError)) throw new Error(`it was not parked: ${String(error)}`);
  await expect(steered).rejects.toMatchObject({ name: "ApprovalPendingError", approvalId: error.approvalId });
  await approvals.approve(error.approvalId);
  expect(await session.ask(prompt, options)).toMatchObject({ text: "echo: with the steer" });
});

test("a prompt that is continued counts with all its steps in the budget of its client", async () => {
  const prompt = "park in a budget";
  const [free, asked] = ["true", "echo counted"].map((command) => toolCall("bash", { command, description: "d" }));
  fixture.answer(prompt, free ?? "", asked ?? "", "counted");
  await using client = await another({ steps: 50 });
  const session = await client.createSession({ permission: { bash: { "*": "ask", true: "allow" } } });
  const options = { messageId: "msg_park_budget", onPermission: "park" } as const;
  const { approvalId } = await parked(session, prompt, options);
  expect((await client.budget()).spent.steps).toBe(1);
  await approvals.approve(approvalId);
  expect(await session.ask(prompt, options)).toMatchObject({ text: "counted" });
  expect((await client.budget()).spent.steps).toBe(3);
});

test("an output in the server's own format is read when its parked prompt is asked again", async () => {
  const prompt = "park a native output";
  fixture.answer(prompt, toolCall("bash", { command: "echo native", description: "d" }), { structured: { n: 7 } });
  const turn = { schema, permission: asking, onPermission: "park" } as const;
  const error = await fixture.oc.ask(prompt, turn).catch((reason: unknown) => reason);
  if (!(error instanceof ApprovalPendingError)) throw new Error(`it was not parked: ${String(error)}`);
  await approvals.approve(error.approvalId);
  const session = fixture.oc.session(error.sessionId ?? "");
  const again = await session.ask(prompt, { ...turn, messageId: error.request.messageId });
  expect(again.output).toEqual({ n: 7 });
  expect(fixture.model.calls(prompt)).toBe(2);
});

test("a parked prompt in words goes on under the id of the native one that the provider has refused", async () => {
  const prompt = "park in words";
  const inWords = ({ toolResults }: ModelRequest): Reply =>
    toolResults.length === 0 ? toolCalls([bash("echo in words")]) : '{"n": 5}';
  const refused = { status: 400, message: "tool_choice forces tool use" };
  fixture.answer(prompt, (request) => (request.toolChoice === "required" ? refused : inWords(request)));
  const turn = { schema, permission: asking, onPermission: "park" } as const;
  const error = await fixture.oc.ask(prompt, turn).catch((reason: unknown) => reason);
  if (!(error instanceof ApprovalPendingError)) throw new Error(`it was not parked: ${String(error)}`);
  await approvals.approve(error.approvalId);
  const session = fixture.oc.session(error.sessionId ?? "");
  const again = await session.ask(prompt, { ...turn, messageId: error.request.messageId });
  expect(again.output).toEqual({ n: 5 });
  expect(fixture.model.calls(prompt)).toBe(3);
});

test("a parked repair of a structured output goes on under the id of the first prompt, without its own", async () => {
  const prompt = "park a repair";
  fixture.answer(prompt, "no output");
  const session = await fixture.oc.createSession({ permission: asking });
  const error = await parked(session, prompt, { schema });
  const { messageId } = error.request;
  expect((await session.messages())[0]?.info.id).toBe(messageId);
  await approvals.deny(error.approvalId, "not needed");
  const again = await session.ask(prompt, { schema, messageId, onPermission: "park" });
  expect(again).toMatchObject({ output: { n: 3 }, denials: [{ by: "approval", reason: "not needed" }] });
  expect(again.denials).toHaveLength(1);
  expect(fixture.model.calls(prompt)).toBe(1);
});

test("the refusals of a continued prompt are not those of its repair", async () => {
  const prompt = "park before a repair";
  fixture.answer(prompt, toolCall("bash", { command: "echo refused", description: "d" }), "no output");
  const session = await fixture.oc.createSession({ permission: asking });
  const options = { schema, messageId: "msg_park_before_repair" };
  const { approvalId } = await parked(session, prompt, options);
  await approvals.deny(approvalId, "not needed");
  const again = await session.ask(prompt, { ...options, onPermission: "park" });
  expect(again.output).toEqual({ n: 3 });
  expect(again.denials).toMatchObject([{ by: "approval", reason: "not needed" }]);
  expect(again.denials).toHaveLength(1);
});

test.each([
  ["the same client", false],
  ["a client that is closed, and another one", true],
])("the rules of a parked turn end with the turn: asked again by %s", async (_case, isClosed) => {
  const prompt = `park with rules ${isClosed}`;
  fixture.answer(prompt, toolCall("bash", { command: "echo parked", description: "d" }), "answered");
  fixture.answer("run it", toolCall("bash", { command: "echo free", description: "d" }), "it ran");
  const turn = { messageId: `msg_rules_${isClosed}`, permission: asking, onPermission: "park" } as const;
  await using first = await another();
  await using second = await another();
  const session = await first.createSession({ title: "t" });
  const { approvalId } = await parked(session, prompt, turn);
  if (isClosed) await first.close();
  await approvals.approve(approvalId);
  const again = (isClosed ? second : first).session(session.id);
  expect(await again.ask(prompt, turn)).toMatchObject({ text: "answered" });
  expect(await again.ask("run it")).toMatchObject({ text: "it ran", denials: [] });
});

test("the request of an aborted turn is withdrawn from the store", async () => {
  const prompt = "park and abort";
  fixture.answer(prompt, toolCall("bash", { command: "echo aborted", description: "d" }), "never");
  const session = await fixture.oc.createSession({ permission: asking });
  const stop = new AbortController();
  const answer = session.ask(prompt, { onPermission: "park", parkAfter: 600_000, signal: stop.signal });
  await eventually("it is listed", async () => (await listed(session)).length === 1);
  stop.abort();
  await expect(answer).rejects.toMatchObject({ name: "AbortedError" });
  await eventually("it is not listed", async () => (await listed(session)).length === 0);
});

test.each(["the client that has parked it", "another client"])(
  "a parked run that is aborted by %s is over, and its request is withdrawn",
  async (who) => {
    const prompt = `park and abort by ${who}`;
    fixture.answer(prompt, toolCall("bash", { command: "echo aborted", description: "d" }), "never");
    const session = await fixture.oc.createSession({ permission: asking });
    const options = { messageId: `msg_abort_${prompt.length}`, onPermission: "park" } as const;
    const { approvalId } = await parked(session, prompt, options);
    await using other = await another();
    await (who === "another client" ? other.session(session.id) : session).abort();
    await eventually("it is not listed", async () => (await listed(session)).length === 0);
    await expect(approvals.approve(approvalId)).rejects.toMatchObject({ name: "ConflictError" });
    await expect(session.ask(prompt, options)).rejects.toMatchObject({ name: "AbortedError" });
    expect(fixture.model.calls(prompt)).toBe(1);
  },
);

test("a prompt whose run was aborted after its client had ended does not bring the run back", async () => {
  const prompt = "park, end and abort";
  fixture.answer(prompt, toolCall("bash", { command: "echo aborted", description: "d" }), "never");
  const options = { messageId: "msg_park_end_abort", onPermission: "park" } as const;
  await using first = await another();
  const session = await first.createSession({ permission: asking });
  const { approvalId } = await parked(session, prompt, options);
  await first.close();
  {
    await using other = await another();
    await other.session(session.id).abort();
  }
  await approvals.approve(approvalId);
  await using second = await another();
  const again = second.session(session.id);
  await expect(again.ask(prompt, options)).rejects.toMatchObject({ name: "AbortedError" });
  expect(await listed(again)).toEqual([]);
  expect(fixture.model.calls(prompt)).toBe(1);
});

test("opencode.reply() decides a parked request, and its entry says so", async () => {
  const prompt = "park and reply";
  fixture.answer(prompt, toolCall("bash", { command: "echo replied", description: "d" }), "replied to");
  const session = await fixture.oc.createSession({ permission: asking });
  const stream = session.askStream(prompt, { onPermission: "park", parkAfter: 600_000 });
  for await (const event of stream.events) {
    if (event.type === "permission-request") await fixture.oc.reply(event.id, "once");
  }
  expect(await stream.answer).toMatchObject({ text: "replied to" });
  const found = (await approvals.list({ all: true })).find(({ request }) => request.sessionId === session.id);
  expect(found).toMatchObject({ state: "approved", decidedBy: "reply()" });
});

test("a wrong decision is a ConfigError, and an unknown id a NotFoundError", async () => {
  await expect(approvals.approve("per_x")).rejects.toMatchObject({ name: "ConfigError" });
  await expect(approvals.approve("apr_unknown")).rejects.toMatchObject({ name: "NotFoundError" });
  await expect(approvals.approve("apr_../../x")).rejects.toMatchObject({ name: "NotFoundError" });
  await expect(approvals.approve("apr_x", "")).rejects.toMatchObject({ name: "ConfigError" });
  await expect(approvals.deny("apr_x", "")).rejects.toMatchObject({ name: "ConfigError" });
  const wrong = { onPermission: "park", parkAfter: -1 } as const;
  await expect(fixture.oc.ask("x", wrong)).rejects.toThrow("`parkAfter`");
  await expect(fixture.oc.ask("x", { approvalTimeout: 0 })).rejects.toThrow("`approvalTimeout`");
  const { baseUrl } = fixture.oc.client;
  await expect(createOpencode({ baseUrl, approvalStore: {} as never })).rejects.toThrow("`approvalStore`");
});

test("a parked turn of a killed process goes on in another one, and its call runs once", async () => {
  const [prompt, log] = ["park and die", join(fixture.directory, "killed.log")];
  fixture.answer(prompt, toolCall("bash", { command: `echo ran >> ${log}`, description: "d" }), "after the death");
  const { server, client } = fixture.oc;
  const options = { baseUrl: client.baseUrl, password: server?.password, directory: fixture.directory };
  const turn: SessionTurnOptions = { permission: asking, onPermission: "park", parkAfter: 3_600_000 };
  const task = { options, messageId: "msg_park_die", prompt, turn };
  const first = runAsker(task);
  const { sessionId } = (await first.report) as { sessionId: string };
  const waiting = async () => (await approvals.list()).find(({ request }) => request.sessionId === sessionId);
  await eventually("it is listed", async () => (await waiting()) !== undefined);
  first.child.kill("SIGKILL");
  await first.exit;
  await approvals.approve((await waiting())?.id ?? "", "carla");
  expect(existsSync(log)).toBe(false);
  const session = fixture.oc.session(sessionId);
  const audited: AuditEntry[] = [];
  const audit = (entry: AuditEntry): void => void audited.push(entry);
  expect(await session.ask(prompt, { ...turn, messageId: task.messageId, audit })).toMatchObject({
    text: "after the death",
    interruptions: 0,
  });
  expect([await lines(log), fixture.model.calls(prompt)]).toEqual([1, 2]);
  expect(audited).toMatchObject([{ by: "approval", decision: "allow", decidedBy: "carla" }]);
});

test("a parked turn goes on after the death of its server, and the approved call runs once without a second request", async () => {
  const { model, answer } = await createLookupModel();
  await using server = await startRebornServer(model.config);
  const connect = () => createOpencode({ baseUrl: server.url, password: server.password, directory: server.directory });
  const [prompt, log] = ["the server dies", join(server.directory, "ran.log")];
  const call = toolCall("bash", { command: `echo ran >> ${log}`, description: "d" });
  answer(prompt, call, call, "after the death of the server");
  const options = { messageId: "msg_server_dies" };
  let sessionId: string;
  {
    await using oc = await connect();
    const session = await oc.createSession({ permission: asking });
    sessionId = session.id;
    const first = await parked(session, prompt, options);
    await approvals.approve(first.approvalId);
    await parked(session, prompt, options);
    expect(await lines(log)).toBe(1);
    await server.kill();
  }
  const [waiting] = (await approvals.list()).filter(({ request }) => request.sessionId === sessionId);
  await approvals.approve(waiting?.id ?? "", "dora");
  await server.start();
  await using oc = await connect();
  const { text, toolCalls: calls } = await oc.session(sessionId).ask(prompt, { ...options, onPermission: "park" });
  expect(text).toBe("after the death of the server");
  expect(calls.map(({ status }) => status)).toEqual(["completed", "completed"]);
  expect([await lines(log), model.calls(prompt)]).toEqual([2, 4]);
  expect(await listed(oc.session(sessionId))).toEqual([]);
  await model.close();
});

test("a call that another program has allowed does not run again when the server dies in the same step", async () => {
  const { model, answer } = await createLookupModel();
  await using server = await startRebornServer(model.config);
  const connect = () => createOpencode({ baseUrl: server.url, password: server.password, directory: server.directory });
  const [prompt, log] = ["half of the step is done", join(server.directory, "ran.log")];
  const [one, two] = [bash(`echo one >> ${log}`), bash(`echo two >> ${log}`)];
  answer(prompt, toolCalls([one, two]), toolCalls([two]), "both ran");
  const options = { messageId: "msg_half_done", onPermission: "park" } as const;
  let sessionId: string;
  {
    await using oc = await connect();
    const session = await oc.createSession({ permission: asking });
    sessionId = session.id;
    await parked(session, prompt, options);
  }
  const entries = (await approvals.list()).filter(({ request }) => request.sessionId === sessionId);
  const entryOf = ({ args }: typeof one) => entries.find(({ request }) => request.patterns[0] === args.command);
  {
    await using oc = await connect();
    const path = { requestID: entryOf(one)?.request.id ?? "" };
    await oc.client.POST("/permission/{requestID}/reply", { params: { path }, body: { reply: "once" } });
    await eventually("the first call has run", async () => {
      const parts = (await oc.session(sessionId).messages()).flatMap((message) => message.parts);
      return parts.some((part) => part.type === "tool" && part.state.status === "completed");
    });
    await server.kill();
  }
  await approvals.approve(entryOf(two)?.id ?? "");
  await server.start();
  await using oc = await connect();
  expect(await oc.session(sessionId).ask(prompt, options)).toMatchObject({ text: "both ran" });
  expect(await readFile(log, "utf8")).toBe("one\ntwo\n");
  expect(await listed(oc.session(sessionId))).toEqual([]);
  await model.close();
});

test("a parked turn goes on after its own server was closed with its client", async () => {
  const { model, answer } = await createLookupModel();
  const home = await temporaryFolder();
  const directory = await temporaryFolder();
  const start = () =>
    createOpencode({ ...hermetic(model, directory), isolation: { home }, permission: asking, onPermission: "park" });
  const [prompt, log] = ["its server is closed", join(directory, "ran.log")];
  answer(prompt, toolCall("bash", { command: `echo ran >> ${log}`, description: "d" }), "after the close");
  let sessionId: string;
  let approvalId: string;
  {
    await using oc = await start();
    const session = await oc.createSession();
    sessionId = session.id;
    ({ approvalId } = await parked(session, prompt, { messageId: "msg_closed" }));
  }
  await approvals.approve(approvalId);
  {
    await using oc = await start();
    const { text } = await oc.session(sessionId).ask(prompt, { messageId: "msg_closed" });
    expect(text).toBe("after the close");
    expect([await lines(log), model.calls(prompt)]).toEqual([1, 3]);
  }
  await model.close();
  await Promise.all([home, directory].map((folder) => rm(folder, { recursive: true, force: true, maxRetries: 5 })));
});
