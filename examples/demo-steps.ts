/** The steps of the demo. Each prints its result, and throws if the result is wrong. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  AbortedError,
  createOpencode,
  ModelNotFoundError,
  type Opencode,
  type Session,
  SessionNotFoundError,
} from "opencode-ts";
import { z } from "zod";
import { prompts } from "./demo-script.js";
import type { Setup } from "./setup.js";

export const modes = ["smoke", "demo", "full"] as const;
export type Mode = (typeof modes)[number];

export function isMode(mode: string): mode is Mode {
  return modes.some((one) => one === mode);
}

export interface DemoContext {
  readonly opencode: Opencode;
  readonly setup: Setup;
  /** The conversation of the step "session". */
  session?: Session;
}

export interface Step {
  readonly name: string;
  readonly modes: readonly Mode[];
  readonly run: (context: DemoContext) => Promise<void>;
}

/** Prints text below the step's name. */
export function say(text: string): void {
  console.log(text.replace(/^/gm, "    "));
}

async function ready({ opencode }: DemoContext): Promise<void> {
  assert.equal((await opencode.health()).healthy, true);
  const { text } = await opencode.ask(prompts.ready);
  say(text);
  assert.match(text, /READY/);
}

async function ask({ opencode }: DemoContext): Promise<void> {
  say(`> ${prompts.hello}`);
  const { text, model, usage } = await opencode.ask(prompts.hello);
  say(`${text}\n(${model}, ${usage.total} tokens)`);
  assert.notEqual(text, "");
}

async function stream({ opencode, setup }: DemoContext): Promise<void> {
  say(`> ${prompts.count}`);
  const times: number[] = [];
  let text = "";
  const answering = opencode.askStream(prompts.count);
  for await (const piece of answering) {
    process.stdout.write(`${text === "" ? "    " : ""}${piece.replaceAll("\n", "\n    ")}`);
    times.push(performance.now());
    text += piece;
  }
  console.log();
  say(`(${times.length} pieces in ${Math.round((times.at(-1) ?? 0) - (times[0] ?? 0))} ms)`);
  assert.equal(text, (await answering.answer).text);
  assert.match(text, /ten/i);
  if (setup.scripted) assert.ok(times.length > 1, "the text came in one piece");
}

async function session(context: DemoContext): Promise<void> {
  const { opencode, setup } = context;
  const conversation = await opencode.createSession({ title: "Demo" });
  context.session = conversation;
  for (const prompt of [prompts.remember, prompts.recall]) {
    say(`> ${prompt}`);
    const { text } = await conversation.ask(prompt);
    say(text);
    if (prompt === prompts.recall) assert.match(text, /teal/i);
  }
  const sent = setup.scripted?.requests.at(-1)?.messages.filter((message) => message["role"] !== "system");
  if (sent) say(`(the last request to the model contained ${sent.length} messages of the conversation)`);
}

async function structured({ opencode }: DemoContext): Promise<void> {
  const schema = z.object({ name: z.string(), city: z.string(), born: z.number().int() });
  say(`> ${prompts.extract}`);
  const { output } = await opencode.ask(prompts.extract, { schema });
  say(JSON.stringify(output));
  assert.deepEqual(output, { name: "Ada Lovelace", city: "London", born: 1815 });
}

/** Connects a second client to the demo's server, as if another program had started it. */
async function connect({ opencode, session }: DemoContext): Promise<void> {
  assert.ok(opencode.server && session, "needs the server and the session of the previous steps");
  const { url: baseUrl, password, directory } = opencode.server;
  const second = await createOpencode({ baseUrl, password, directory });
  const messages = await second.session(session.id).messages();
  say(`connected to ${baseUrl}: the session has ${messages.length} messages`);
  assert.equal(messages.length, 4);
  const { text } = await second.session(session.id).ask(prompts.recall);
  say(`> ${prompts.recall}\n${text}`);
  assert.match(text, /teal/i);
  await second.close();
  assert.equal((await opencode.health()).healthy, true);
  say("disconnected: the server still runs");
}

async function abort({ opencode }: DemoContext): Promise<void> {
  const answering = opencode.askStream(prompts.story);
  for await (const piece of answering.events) if (piece.type === "text-delta") break; // leaving aborts the run
  const error: unknown = await answering.answer.catch((reason: unknown) => reason);
  assert.ok(error instanceof AbortedError, `expected an AbortedError, got ${String(error)}`);
  say(`${error.name} after ${JSON.stringify(error.answer?.text.slice(0, 60))}`);
}

async function fork({ session }: DemoContext): Promise<void> {
  assert.ok(session, "needs the session of a step before");
  const before = (await session.messages()).length;
  const copy = await session.fork();
  const { text } = await copy.ask(prompts.recall);
  say(`the copy ${copy.id} remembers: ${text}`);
  assert.match(text, /teal/i);
  assert.equal((await session.messages()).length, before);
}

async function compact({ session }: DemoContext): Promise<void> {
  assert.ok(session, "needs the session of a step before");
  await session.compact();
  const [all, seen] = [await session.messages(), await session.context()];
  say(`${all.length} messages are stored, the model still sees ${seen.length}`);
  assert.ok(seen.length < all.length);
}

async function diff({ opencode, setup }: DemoContext): Promise<void> {
  const directory = join(setup.options.directory ?? ".", "repository");
  mkdirSync(directory);
  writeFileSync(join(directory, "README.md"), "# demo\n");
  const git = (...args: string[]): void => {
    execFileSync("git", ["-c", "user.name=demo", "-c", "user.email=demo@localhost", ...args], {
      cwd: directory,
      stdio: "pipe",
    });
  };
  git("init", "--quiet");
  git("add", ".");
  git("commit", "--quiet", "--message", "first");
  const editing = await opencode.createSession({ directory });
  await editing.ask(prompts.write);
  const changes = await editing.diff();
  for (const { file, status, additions, deletions } of changes) say(`${status} ${file} +${additions} -${deletions}`);
  assert.deepEqual(
    changes.map(({ file }) => file),
    ["hello.txt"],
  );
}

async function errors({ opencode }: DemoContext): Promise<void> {
  const model: unknown = await opencode.ask("Hello.", { model: "scripted/modell" }).catch((reason: unknown) => reason);
  assert.ok(model instanceof ModelNotFoundError);
  say(`${model.name}: ${model.message}. ${model.hint}`);
  const missing: unknown = await opencode
    .session("ses_nope")
    .messages()
    .catch((reason: unknown) => reason);
  assert.ok(missing instanceof SessionNotFoundError);
  say(`${missing.name}: ${missing.message}`);
}

/** No process and no folder may remain. */
async function close({ opencode }: DemoContext): Promise<void> {
  const { server } = opencode;
  await opencode.close();
  assert.ok(server);
  const { signal, exitCode } = await server.exited;
  say(`process ${server.pid} has ended (${signal ?? exitCode})`);
  assert.throws(() => process.kill(server.pid, 0), { code: "ESRCH" });
  if (server.home) assert.equal(existsSync(server.home.root), false);
}

const always = modes;
const mostly = ["demo", "full"] as const;
const full = ["full"] as const;

export const steps: readonly Step[] = [
  { name: "a first answer", modes: ["smoke"], run: ready },
  { name: "ask", modes: mostly, run: ask },
  { name: "askStream: streamed text", modes: mostly, run: stream },
  { name: "a session remembers", modes: mostly, run: session },
  { name: "structured output", modes: mostly, run: structured },
  { name: "connect to a running server", modes: mostly, run: connect },
  { name: "abort", modes: full, run: abort },
  { name: "fork", modes: full, run: fork },
  { name: "compact", modes: full, run: compact },
  { name: "diff", modes: full, run: diff },
  { name: "errors", modes: full, run: errors },
  { name: "close", modes: always, run: close },
];
