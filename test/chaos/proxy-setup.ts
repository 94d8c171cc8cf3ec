/** Everything that a run needs: the scripted model, the real server, the proxy in front of it, and clients behind that. */
import { type Config, createOpencode, type Opencode } from "../../src/index.js";
import { createScriptedModel, type ModelRequest } from "../../src/testing/index.js";
import { memoryStore } from "../support/memory-store.js";
import { Expectations } from "./expectations.js";
import { FaultLog } from "./fault-log.js";
import { FaultSource } from "./faults.js";
import { commandName, commandTemplate } from "./plan.js";
import { type ChaosProxy, startChaosProxy } from "./proxy.js";
import { type MortalServer, startMortalServer } from "./server.js";

/** How it is set up. */
export interface ProxySetupOptions {
  readonly seed: number;
  /** Path of the agent's binary. */
  readonly binary: string;
  /** Share of the drawn faults that are done, 0 to 1. */
  readonly intensity: number;
  /** Connections that share the work. */
  readonly clients: number;
}

/** A running set-up. */
export interface ProxySetup extends AsyncDisposable {
  readonly server: MortalServer;
  readonly proxy: ChaosProxy;
  readonly expectations: Expectations;
  readonly log: FaultLog;
  readonly clients: readonly Opencode[];
  /** Drops what the model remembers of past requests: it keeps all of them, with their whole bodies. */
  forgetRequests(): void;
}

/** Starts all of it and warms the server up; nothing breaks yet. */
export async function openProxySetup(options: ProxySetupOptions): Promise<ProxySetup> {
  const cleanups: (() => PromiseLike<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
  };
  const keep = <T extends AsyncDisposable>(thing: T): T => {
    cleanups.push(() => thing[Symbol.asyncDispose]());
    return thing;
  };
  try {
    return { ...(await build(options, keep)), [Symbol.asyncDispose]: close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function build(
  { seed, binary, intensity, clients }: ProxySetupOptions,
  keep: <T extends AsyncDisposable>(thing: T) => T,
): Promise<Omit<ProxySetup, keyof AsyncDisposable>> {
  const expectations = new Expectations();
  const model = keep(await createScriptedModel((request) => replyTo(request, expectations)));
  const server = keep(await startMortalServer(configOf(model.config), binary));
  const faults = new FaultSource(seed, intensity);
  const log = new FaultLog();
  const draw = faults.draw.bind(faults);
  const proxy = keep(await startChaosProxy({ target: { host: server.host, port: server.port }, draw, log }));
  const connected: Opencode[] = [];
  const approvalStore = memoryStore();
  for (let count = 0; count < clients; count += 1) {
    const { password, directory } = server;
    connected.push(
      keep(await createOpencode({ baseUrl: proxy.url, password, directory, approvalStore, logLevel: "off" })),
    );
  }
  await connected[0]?.ask(warmUp); // a cold server needs seconds for its first prompt
  const requests = model.requests as ModelRequest[]; // it is the array itself; only its type is read-only
  return { server, proxy, expectations, log, clients: connected, forgetRequests: () => requests.splice(0) };
}

const warmUp = "warm up";

function replyTo(request: ModelRequest, expectations: Expectations): ReturnType<Expectations["reply"]> {
  return request.lastUserText === warmUp ? "warm" : expectations.reply(request);
}

/** Bash runs unasked, except for what begins with `echo ask-`. */
function configOf(config: Config): Config {
  const { scripted } = config.provider ?? {};
  const models = { ...scripted?.models, second: { ...scripted?.models?.["model"], name: "Second" } };
  return {
    ...config,
    provider: { scripted: { ...scripted, models } },
    share: "disabled",
    permission: { bash: { "*": "allow", "echo ask-*": "ask" } },
    command: { [commandName]: { template: commandTemplate, description: "for the chaos suite" } },
  };
}
