/**
 * An `AgentApi` at the other end of the simulated network: each call has its time limit, its repetitions and the signs of life that
 * the seam promises, and everything that can happen on the way.
 */
import type { AgentApi } from "../../../src/api/agent-api.js";
import type { EventReader } from "../../../src/api/event-reader.js";
import type { ApiCall } from "../../../src/api/inputs.js";
import type { OpencodeClient } from "../../../src/client/client.js";
import { abortError, startRequestTimer } from "../../../src/client/request-timer.js";
import { isAmbiguous, retryDelay, shouldRetry } from "../../../src/client/retry-rules.js";
import { APIConnectionError, APIStatusError, APITimeoutError, NotFoundError } from "../../../src/errors/index.js";
import { defaults } from "../../../src/types/options.js";
import { linkSignals } from "../../../src/util/abort.js";
import { monotonic } from "../../../src/util/clock.js";
import { delay } from "../../../src/util/delay.js";
import { type ApiGroups, type ApiMethodCall, callThrough, type Result } from "../../support/api-calls.js";
import type { AtAgent } from "../../support/memory-api.js";
import type { Network } from "./network.js";

/**
 * How a method is called: `read` and `harmless` may be repeated; after a repeated `reply` "not found" says that the first was
 * heard; `once` is repeated only when it was never sent; `run` is answered at the end of a run and has no time limit.
 */
type Kind = "read" | "harmless" | "reply" | "once" | "run";

/** Where the argument with the call's own limits is, if there is one. */
type Rule = readonly [Kind, number?];

const rules = {
  sessions: {
    create: ["once", 1],
    get: ["read", 1],
    list: ["read", 1],
    listEverywhere: ["read"],
    update: ["once", 2],
    delete: ["reply", 1],
    fork: ["once"],
    restore: ["once", 1],
    beginsWithText: ["read"],
    children: ["read", 1],
    todos: ["read"],
    share: ["once"],
    unshare: ["reply"],
    statuses: ["read", 0],
  },
  prompts: {
    submit: ["once", 2],
    steer: ["once", 2],
    dropSteer: ["harmless", 2],
    command: ["run", 2],
    shell: ["run", 2],
    compact: ["run", 2],
    abort: ["harmless", 1],
    isStored: ["read", 2],
    settings: ["read", 3],
    mayQueue: ["read", 2],
    withdraw: ["harmless", 2],
    restore: ["harmless", 1],
    clearFailure: ["harmless", 2],
  },
  messages: {
    newest: ["read", 2],
    find: ["read", 2],
    get: ["read", 2],
    ofTurn: ["read", 2],
    newestFirst: ["read"],
    oldestFirst: ["read"],
    before: ["read"],
    delete: ["reply"],
    putPart: ["once"],
    deletePart: ["reply"],
  },
  changes: { diff: ["read"], revert: ["once"], unrevert: ["once"], clearRevert: ["once"] },
  requests: {
    permissions: ["read", 0],
    questions: ["read", 0],
    answerPermission: ["reply", 2],
    answerQuestion: ["reply", 2],
    rejectQuestion: ["reply", 1],
    refuseUnlisted: ["reply", 2],
  },
  catalog: {
    agents: ["read", 0],
    providers: ["read", 0],
    commands: ["read", 0],
    toolNames: ["read"],
    config: ["read", 0],
    paths: ["read"],
    hasVersionControl: ["read"],
  },
  mcp: {
    statuses: ["read", 0],
    add: ["harmless", 2],
    connect: ["once", 1],
    disconnect: ["once", 1],
    remove: ["once", 1],
  },
  files: { list: ["read", 1], text: ["read"] },
  server: { setProviderKey: ["harmless"], disposeDirectory: ["once", 0], isDirectoryInUse: ["read", 0] },
} as const satisfies { readonly [G in keyof ApiGroups]: Readonly<Record<keyof ApiGroups[G], Rule>> };

const ruleOf: ReadonlyMap<string, Rule> = new Map(
  Object.entries(rules).flatMap(([group, methods]) =>
    Object.entries<Rule>(methods).map(([name, rule]): [string, Rule] => [`${group}.${name}`, rule]),
  ),
);

export interface SeamOptions {
  /** At the agent: no fault is made there. */
  readonly api: AtAgent;
  readonly network: Network;
  /** Who calls. */
  readonly process: string;
  /** Has the address of the connection, its logger and its signs of life. */
  readonly client: OpencodeClient;
}

/** The `AgentApi` of a process. */
export function distant(options: SeamOptions): AgentApi {
  const { api, client, network, process } = options;
  const { baseUrl: address, logger, liveness } = client;
  const readEvents: EventReader = async (reading) => {
    const timer = startRequestTimer({ ...timed("readEvents", options), timeout: 0, signals: [reading.signal] });
    try {
      unwrap(await network.events(process, reading, api.readEvents));
    } catch (error) {
      throw timer.explain(error);
    } finally {
      timer.release();
    }
  };
  const { sessions, prompts, messages, changes, requests, catalog, mcp, files, server } = api;
  const groups = { sessions, prompts, messages, changes, requests, catalog, mcp, files, server };
  return { ...api, address, logger, liveness, readEvents, ...callThrough(groups, (call) => repeated(options, call)) };
}

async function repeated<T>(options: SeamOptions, call: ApiMethodCall<T>): Promise<T> {
  const [kind, at] = ruleOf.get(call.name) ?? ["once"];
  const limits: ApiCall = (at === undefined ? undefined : (call.args[at] as ApiCall | undefined)) ?? {}; // as the rule says
  const { signal, release } = linkSignals(limits.signal);
  const { maxRetries = defaults.maxRetries } = limits;
  let mayHaveHappened = false;
  try {
    for (let tries = 1; ; tries += 1) {
      try {
        return await tried(options, call, kind, limits);
      } catch (error) {
        // Of a reply nothing is left to be told.
        if (kind === "reply" && mayHaveHappened && error instanceof NotFoundError) return undefined as T;
        if (tries > maxRetries || !shouldRetry(error, requestLike[kind])) throw error;
        if (isAmbiguous(error)) mayHaveHappened = true;
        await delay(retryDelay(tries, undefined), signal).catch((reason: unknown) => {
          throw abortError(timed(call.name, options), reason);
        });
      }
    }
  } finally {
    release();
  }
}

/** Requests that may be repeated as a call of this kind may. */
const requestLike: Readonly<Record<Kind, { readonly method: string; readonly path: string }>> = {
  read: { method: "GET", path: "" },
  harmless: { method: "PUT", path: "" },
  reply: { method: "DELETE", path: "" },
  once: { method: "POST", path: "" },
  run: { method: "POST", path: "" },
};

async function tried<T>(
  options: SeamOptions,
  { name, args, work }: ApiMethodCall<T>,
  kind: Kind,
  { timeout = kind === "run" ? 0 : defaults.requestTimeout, signal }: ApiCall,
): Promise<T> {
  const { network, process, client } = options;
  const { liveness } = client;
  const timer = startRequestTimer({ ...timed(name, options), timeout, signals: [signal] });
  const began = monotonic();
  try {
    timer.signal.throwIfAborted();
    const value = unwrap(await network.call(process, { name, args, work }, timer.signal));
    liveness.beat();
    if (kind === "read") liveness.answered(monotonic() - began);
    return value;
  } catch (error) {
    const explained = timer.explain(error);
    if (explained instanceof APITimeoutError) {
      if (kind === "read") liveness.late(timeout);
    } else if (explained instanceof APIConnectionError) liveness.lost();
    else if (explained instanceof APIStatusError && ![502, 503, 504].includes(explained.status)) liveness.beat();
    throw explained;
  } finally {
    timer.release();
  }
}

function timed(name: string, { client }: SeamOptions) {
  return { method: "call", path: name, origin: client.baseUrl, conceal: (text: string) => text };
}

function unwrap<T>(result: Result<T>): T {
  if (result.ok) return result.value;
  throw result.error;
}
