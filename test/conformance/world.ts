/** What a behaviour is shown with: one server of the target, a scripted model, and further clients of both. */
import { realpath, rm } from "node:fs/promises";
import { createOpencode, type Opencode, type OpencodeOptions } from "../../src/index.js";
import {
  createScriptedModel,
  type ModelRequest,
  type Reply,
  type ScriptedModel,
  type SpokenReply,
  toolCalls,
} from "../../src/testing/index.js";
import { temporaryFolder } from "../support/fixture.js";
import { unhurriedConnection } from "../support/slowness.js";
import { startTcpProxy, type TcpProxy } from "../support/tcp-proxy.js";
import type { Target, ToolUse } from "./targets.js";

/** The server, the model and the clients of one target. */
export interface World extends AsyncDisposable {
  readonly target: Target;
  readonly model: ScriptedModel;
  /**
   * What the model answers, step by step, when the last user text contains `prompt`: a server may put further text into the same
   * message. The last reply is repeated.
   */
  answer(prompt: string, ...replies: (Reply | ((request: ModelRequest) => Reply))[]): void;
  /** The server's own directory. */
  readonly directory: string;
  /** The client that has started the server. */
  readonly oc: Opencode;
  /** A reply that calls tools; names and arguments are those of 1.x. */
  calls(...uses: ToolUse[]): SpokenReply;
  /** The same of one shell line. */
  bash(command: string): SpokenReply;
  /** Another client of the same server, until the world ends. */
  connect(options?: Partial<OpencodeOptions>): Promise<Opencode>;
  /** A client whose connection goes through a proxy, until the world ends. */
  connectThroughProxy(): Promise<{ readonly oc: Opencode; readonly proxy: TcpProxy }>;
  /** A server of the same kind, with its own directory, for a behaviour that ends it. */
  startOwn(options?: Partial<OpencodeOptions>): Promise<{ readonly oc: Opencode; readonly directory: string }>;
  /** A new directory, removed with the world. */
  folder(): Promise<string>;
  /** How many model steps were asked for with that prompt in the last user text. */
  callsOf(prompt: string): number;
}

/** Starts it. */
export async function startWorld(target: Target): Promise<World> {
  const scripts = new Map<string, (Reply | ((request: ModelRequest) => Reply))[]>();
  const scriptOf = (text: string): string | undefined =>
    [...scripts.keys()].filter((key) => text.includes(key)).sort((a, b) => b.length - a.length)[0];
  const model = await createScriptedModel(
    (request) => {
      const { lastUserText, stepIndex } = request;
      const replies = scripts.get(scriptOf(lastUserText) ?? "") ?? [`echo: ${lastUserText}`];
      const reply = replies[Math.min(stepIndex, replies.length - 1)] ?? "";
      return typeof reply === "function" ? reply(request) : reply;
    },
    {
      model: {
        attachment: true,
        modalities: { input: ["text", "image"], output: ["text"] },
        cost: { input: 1, output: 2 },
        variants: { high: { reasoningEffort: "high" } },
      },
    },
  );
  const disposals: (() => PromiseLike<unknown>)[] = [() => model.close()];
  const dispose = async (): Promise<void> => {
    for (const end of disposals.splice(0).reverse()) await end();
  };
  const folder = async (): Promise<string> => {
    const path = await realpath(await temporaryFolder());
    disposals.push(() => rm(path, { recursive: true, force: true, maxRetries: 3 }));
    return path;
  };
  const kept = (oc: Opencode): Opencode => {
    disposals.push(() => oc.close());
    return oc;
  };
  try {
    const directory = await folder();
    const oc = kept(await target.start(model, directory));
    const connectTo = async (baseUrl: string, options: Partial<OpencodeOptions>): Promise<Opencode> => {
      const password = oc.server?.password;
      const given = { ...unhurriedConnection(), baseUrl, password, directory, ...options };
      return kept(await createOpencode(given as OpencodeOptions)); // the union's two sides
    };
    const calls: World["calls"] = (...uses) => toolCalls(uses.map((use) => target.toolUse(use)));
    return {
      target,
      model,
      answer: (prompt, ...replies) => void scripts.set(prompt, replies),
      directory,
      oc,
      folder,
      calls,
      bash: (command) => calls({ name: "bash", args: { command, description: "d" } }),
      connect: (options = {}) => connectTo(oc.client.baseUrl, options),
      connectThroughProxy: async () => {
        const proxy = await startTcpProxy(oc.client.baseUrl);
        disposals.push(() => proxy[Symbol.asyncDispose]());
        return { proxy, oc: await connectTo(proxy.url, {}) };
      },
      startOwn: async (options = {}) => {
        const own = await folder();
        return { directory: own, oc: kept(await target.start(model, own, options as OpencodeOptions)) };
      },
      callsOf: (prompt) =>
        model.requests.filter(({ kind, lastUserText }) => kind === "chat" && lastUserText.includes(prompt)).length,
      [Symbol.asyncDispose]: dispose,
    };
  } catch (error) {
    await dispose();
    throw error;
  }
}
