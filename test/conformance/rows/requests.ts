/** Requests of the agent: permissions, questions, and who decides them. */
import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "vitest";
import { ApprovalPendingError, openApprovals, type PermissionRequest } from "../../../src/index.js";
import type { ModelRequest } from "../../../src/testing/index.js";
import { memoryStore } from "../../support/memory-store.js";
import { type Behaviour, behaviour } from "../behaviour.js";

const bash = (command: string) => ({ name: "bash", args: { command, description: "d" } });
const question = {
  name: "question",
  args: {
    questions: [
      {
        question: "Which colour?",
        header: "Colour",
        options: [
          { label: "red", description: "a" },
          { label: "blue", description: "b" },
        ],
      },
    ],
  },
};

const refusing = { permission: { bash: "ask" }, onPermission: () => ({ reject: "no" }) } as const;

/** In the order of the table. */
export const requests: readonly Behaviour[] = [
  behaviour(
    "a request that is allowed once lets the tool run, and the next call asks again",
    async ({ oc, answer, calls }) => {
      answer("ask twice", calls(bash("echo first")), calls(bash("echo second")), "done");
      const asked: string[] = [];
      const got = await oc.ask("ask twice", {
        permission: { bash: "ask" },
        onPermission: ({ patterns }) => {
          asked.push(...patterns);
          return "once";
        },
      });
      expect(asked).toEqual(["echo first", "echo second"]);
      expect(got.toolCalls.map(({ status }) => status)).toEqual(["completed", "completed"]);
    },
  ),

  behaviour("a request that is allowed always is remembered in this client", async ({ oc, answer, calls }) => {
    answer("always allow", calls(bash("echo same")), calls(bash("echo same")), "done");
    const session = await oc.createSession({ title: "always" });
    let asked = 0;
    const options = {
      permission: { bash: "ask" },
      onPermission: () => {
        asked += 1;
        return "always" as const;
      },
    } as const;
    await session.ask("always allow", options);
    expect(asked).toBe(1);
  }),

  behaviour(
    "a request that is refused with a reason does not run, and the run goes on",
    async ({ oc, answer, calls, directory }) => {
      answer("refuse me", calls(bash("touch refused.txt")), "went on");
      const got = await oc.ask("refuse me", {
        permission: { bash: "ask" },
        onPermission: () => ({ reject: "not today" }),
      });
      expect(got.denials).toMatchObject([{ permission: "bash", patterns: ["touch refused.txt"], reason: "not today" }]);
      expect(got.text).toBe("went on");
      expect(existsSync(join(directory, "refused.txt"))).toBe(false);
    },
  ),

  behaviour("a request that nobody answers is refused and reported", async ({ oc, answer, calls }) => {
    answer("nobody answers", calls(bash("echo unanswered")), "went on");
    const got = await oc.ask("nobody answers", { permission: { bash: "ask" } });
    expect(got.denials).toMatchObject([{ permission: "bash" }]);
  }),

  behaviour("a request whose handler never settles is refused after callbackTimeout", async ({ oc, answer, calls }) => {
    answer("never settles", calls(bash("echo late")), "went on");
    const got = await oc.ask("never settles", {
      permission: { bash: "ask" },
      onPermission: () => new Promise(() => {}),
      callbackTimeout: 50,
    });
    expect(got.denials).toMatchObject([{ permission: "bash" }]);
  }),

  behaviour("rules of one turn decide, and are gone in the next turn", async ({ oc, answer, calls, directory }) => {
    answer("one turn's rules", calls(bash("touch by-rule.txt")), "went on");
    const session = await oc.createSession({ title: "rules" });
    const denied = await session.ask("one turn's rules", { permission: { bash: "deny" } });
    expect(denied.toolCalls.filter(({ tool, status }) => tool === "bash" && status === "completed")).toEqual([]);
    expect(existsSync(join(directory, "by-rule.txt"))).toBe(false);
    const free = await session.ask("one turn's rules", { permission: { bash: "allow" } });
    expect(free.toolCalls.map(({ status }) => status)).toEqual(["completed"]);
    expect(existsSync(join(directory, "by-rule.txt"))).toBe(true);
  }),

  behaviour(
    "each command of a shell line is judged by the rules of the turn",
    async ({ oc, answer, calls, directory }) => {
      answer("a compound line", calls(bash("echo fine; touch compound.txt")), "went on");
      const got = await oc.ask("a compound line", { permission: { bash: { "*": "deny", "echo *": "allow" } } });
      expect(got.toolCalls.map(({ status }) => status)).toEqual(["error"]);
      expect(existsSync(join(directory, "compound.txt"))).toBe(false);
    },
  ),

  behaviour("a mode that only reads lets the agent read and not write", async ({ oc, answer, calls, directory }) => {
    const [filePath, made] = [join(directory, "readable.txt"), join(directory, "unwanted.txt")];
    await writeFile(filePath, "readable\n");
    answer(
      "read only",
      calls({ name: "read", args: { filePath } }),
      calls({ name: "write", args: { filePath: made, content: "x" } }),
      "done",
    );
    const got = await oc.ask("read only", { permissionMode: "readOnly" });
    expect(got.toolCalls.map(({ status }) => status)).toEqual(["completed", "error"]);
    expect(existsSync(made)).toBe(false);
  }),

  behaviour("confineTo refuses to read outside of the directory", async ({ oc, answer, calls, directory, folder }) => {
    const outside = join(await folder(), "secret.txt");
    await writeFile(outside, "secret\n");
    answer("look outside", calls({ name: "read", args: { filePath: outside } }), "went on");
    const got = await oc.ask("look outside", { confineTo: directory, permission: { external_directory: "allow" } });
    expect(got.toolCalls.map(({ status }) => status)).toEqual(["error"]);
    expect(JSON.stringify(got.parts)).not.toContain("secret\\n");
  }),

  behaviour("two requests of one step get their own answers", async ({ oc, answer, calls }) => {
    answer("two at once", calls(bash("echo yes"), bash("echo no")), "went on");
    const got = await oc.ask("two at once", {
      permission: { bash: "ask" },
      onPermission: ({ patterns }) => (patterns[0] === "echo yes" ? "once" : { reject: "no" }),
    });
    expect(got.toolCalls.map(({ status }) => status)).toEqual(["completed", "error"]);
    expect(got.denials).toMatchObject([{ reason: "no" }]);
    expect(got.text).toBe("went on");
  }),

  behaviour("two requests of one step that are both refused do not end the run", async ({ oc, answer, calls }) => {
    answer("refuse both", calls(bash("echo one"), bash("echo two")), "went on");
    answer("Your last answer was interrupted", "went on"); // 2.x goes on by a second prompt
    const got = await oc.ask("refuse both", refusing);
    expect(got.text).toBe("went on");
    expect(got.denials.map(({ permission }) => permission)).toEqual(["bash", "bash"]);
  }),

  behaviour("a request has the call, the patterns and the chain of sessions", async ({ oc, answer, calls }) => {
    answer("show the request", calls(bash("echo shown")), "done");
    const asked: PermissionRequest[] = [];
    const { sessionId } = await oc.ask("show the request", {
      permission: { bash: "ask" },
      onPermission: (request) => {
        asked.push(request);
        return "once";
      },
    });
    expect(asked).toMatchObject([{ permission: "bash", patterns: ["echo shown"], sessionId, chain: [sessionId] }]);
    expect(asked[0]?.tool).toMatchObject({ name: "bash", input: { command: "echo shown" } });
  }),

  behaviour(
    "a request that is parked waits for a decision of another client, and the same prompt goes on with it",
    async ({ answer, calls, callsOf, directory, connect }) => {
      const log = join(directory, "parked.log");
      const told = ({ toolResults }: ModelRequest) => `went on: ${toolResults.at(-1)?.content ?? ""}`;
      answer("park this request", calls(bash(`echo ran >> ${log}`)), told);
      const approvalStore = memoryStore();
      const first = await connect({ approvalStore });
      const session = await first.createSession({ title: "parked" });
      const turn = { messageId: "msg_parked", permission: { bash: "ask" }, onPermission: "park" } as const;
      const error: unknown = await session.ask("park this request", turn).catch((reason: unknown) => reason);
      expect(error).toMatchObject({ name: "ApprovalPendingError", request: { permission: "bash" } });
      await first.close();
      const [entry] = await openApprovals(approvalStore).list();
      expect(entry).toMatchObject({ state: "pending", request: { messageId: turn.messageId, sessionId: session.id } });
      await openApprovals(approvalStore).approve(entry?.id ?? "", "anna");
      expect(existsSync(log)).toBe(false);
      const second = await connect({ approvalStore });
      const got = await second.session(session.id).ask("park this request", turn);
      expect(got.toolCalls.map(({ status }) => status)).toEqual(["completed"]);
      expect([await readFile(log, "utf8"), callsOf("park this request")]).toEqual(["ran\n", 2]);
      expect(await second.approvals.list()).toEqual([]);
    },
  ),

  behaviour(
    "a parked request that is denied is told to the model, and one of an earlier step is not asked again",
    async ({ answer, calls, directory, connect }) => {
      const log = join(directory, "parked-twice.log");
      const told = ({ toolResults }: ModelRequest) => `told: ${toolResults.at(-1)?.content ?? ""}`;
      answer("park two requests", calls(bash(`echo one >> ${log}`)), calls(bash(`echo two >> ${log}`)), told);
      const client = await connect({ approvalStore: memoryStore() });
      const { approvals } = client;
      const session = await client.createSession({ title: "parked twice" });
      const turn = { messageId: "msg_two", permission: { bash: "ask" }, onPermission: "park" } as const;
      const ask = () => session.ask("park two requests", turn);
      await expect(ask()).rejects.toMatchObject({ name: "ApprovalPendingError" });
      await approvals.approve((await approvals.list())[0]?.id ?? "");
      const error: unknown = await ask().catch((reason: unknown) => reason);
      expect(error).toMatchObject({ request: { patterns: [`echo two >> ${log}`] } });
      await approvals.deny(error instanceof ApprovalPendingError ? error.approvalId : "", "one is enough");
      const got = await ask();
      expect(got.denials).toMatchObject([{ by: "approval", reason: "one is enough" }]);
      expect(await readFile(log, "utf8")).toBe("one\n");
    },
  ),

  behaviour("a question is answered, and the model gets the answer", async ({ oc, answer, calls }) => {
    answer("ask me a colour", calls(question), ({ toolResults }) => `chosen: ${toolResults[0]?.content ?? ""}`);
    const got = await oc.ask("ask me a colour", { onQuestion: () => [["blue"]] });
    expect(got.text).toContain("blue");
  }),

  behaviour("a question that nobody answers does not stop the run", async ({ oc, answer, calls }) => {
    answer("ask nobody", calls(question), "went on");
    expect(await oc.ask("ask nobody")).toMatchObject({ text: "went on" });
  }),

  behaviour("a question that is rejected ends the run", async ({ oc, answer, calls, callsOf }) => {
    answer("reject the question", calls(question), "went on");
    await oc.ask("reject the question", { onQuestion: () => "reject" }).catch(() => undefined);
    expect(callsOf("reject the question")).toBe(1);
  }),

  behaviour(
    "the plan agent does not edit, whatever the rules of the turn allow",
    async ({ oc, answer, calls, directory }) => {
      const filePath = join(directory, "planned.txt");
      answer("plan and write", calls({ name: "write", args: { filePath, content: "x" } }), "planned");
      await oc.ask("plan and write", { agent: "plan" });
      expect(existsSync(filePath)).toBe(false);
    },
  ),
];
