/** The work that is done in a world, drawn from its seed. What a prompt is does not depend on which others there are. */
import { Random } from "../world/random.js";
import type { World } from "../world/worlds.js";
import type { Deed, Flow, Limit, PlannedPrompt, PlannedWatchers, Workload } from "./plan.js";
import { endsAt, type Shape, turnOf } from "./turns.js";

/** Seeds below have less work: those among them that failed once are kept, and mean what they meant. */
export const firstSeed = 50_000_000;

const flowKinds: Readonly<Record<Exclude<Flow["kind"], "busy">, number>> = {
  single: 8,
  conversation: 6,
  queue: 3,
  shared: 1,
  foreign: 1,
  resumed: 2,
};
const allFlowKinds: Readonly<Record<Flow["kind"], number>> = { ...flowKinds, busy: 1 };

type FirstDeed = Exclude<Deed, "shell" | "init" | "reconnect">;
const deeds: Readonly<Record<FirstDeed, number>> = { compact: 2, fork: 2, revert: 2, messages: 2, usage: 2 };
const allDeeds: Readonly<Record<Deed, number>> = { ...deeds, shell: 3, init: 1, reconnect: 2 };

const shapes: Readonly<Record<Shape, number>> = {
  text: 12,
  reasoning: 4,
  tools: 8,
  permission: 10,
  question: 4,
  "plan exit": 1,
  "sub-agent": 5,
  retries: 6,
  refused: 3,
  "odd end": 2,
  structured: 6,
  compaction: 3,
  overflow: 1,
};

const limits: Readonly<Record<Limit["kind"], number>> = {
  signal: 6,
  break: 4,
  timeout: 4,
  idle: 2,
  steps: 2,
  cost: 1,
  tokens: 1,
  "retry wait": 1,
  "abort()": 2,
};

/** The workload of a seed. */
export function workloadOf(seed: number, world: World): Workload {
  const random = new Random(seed, "workload", world.name);
  const flows = Array.from({ length: random.int(1, 6) }, (_, index) => flowOf(seed, index));
  return { flows, listens: random.chance(0.3) };
}

function flowOf(seed: number, index: number): Flow {
  const random = new Random(seed, "flow", index);
  const isFull = seed >= firstSeed;
  const kind: Flow["kind"] = random.weighted(isFull ? allFlowKinds : (flowKinds as typeof allFlowKinds));
  const count = kind === "queue" ? random.int(2, 4) : kind === "shared" ? 4 : kind === "resumed" ? 1 : random.int(1, 3);
  const prompts = Array.from({ length: count }, (_, nth) => promptOf(seed, index, nth, kind));
  const done: Record<number, Deed> = {};
  if (kind === "conversation" && count > 1 && random.chance(0.5)) {
    done[random.int(1, count - 1)] = random.weighted(isFull ? allDeeds : (deeds as typeof allDeeds));
  }
  return {
    index,
    kind,
    startsAt: random.pick([1, random.between(1, 2_000)]),
    // One flow in three is of another process.
    process: random.chance(0.3) ? "beta" : "alpha",
    prompts,
    deeds: done,
    pause: random.pick([0, 0, random.between(1, 6_000)]),
    diesAfter: random.logBetween(20, 8_000),
  };
}

function promptOf(seed: number, flow: number, nth: number, kind: Flow["kind"]): PlannedPrompt {
  const random = new Random(seed, "prompt", flow, nth);
  const isOwn = kind === "single";
  const limited = (isOwn || kind === "conversation") && random.chance(0.2) ? limitOf(random) : undefined;
  const shape = shapeFor(random, kind, limited);
  // The last digit tells the generations of sub-agents apart.
  const token = `tok${(seed >>> 0).toString(36)}x${flow}${nth}0z`;
  const turn = turnOf(shape, { random, token, isLong: limited !== undefined || kind === "resumed" });
  const isPlan = shape === "plan exit";
  const how = limited?.kind === "break" ? "stream" : random.weighted({ ask: 4, stream: 3, events: 3 } as const);
  const isCommand = kind === "conversation" && shape === "text" && limited === undefined && random.chance(0.3);
  const watchers = isCommand ? undefined : watchersFor(seed, flow, nth, kind, shape, limited);
  const structured =
    shape === "structured" ? (isOwn ? random.pick(["auto", "native", "prompt"] as const) : "prompt") : undefined;
  const isImpatient =
    (kind === "queue" && nth > 0 && random.chance(0.15)) || (kind === "busy" && nth === 0 && random.chance(0.25));
  const whenBusy = isImpatient ? "reject" : undefined;
  return {
    turn: limitedTurn(turn, limited),
    how: isCommand ? "command" : how,
    agent: isPlan ? "plan" : undefined,
    limit: limited,
    structured,
    messageId: kind === "resumed" ? `msg_${token}` : undefined,
    whenBusy,
    watchers,
    expect:
      watchers?.prompt === "refuses"
        ? { errors: ["AbortedError", ...(whenBusy === "reject" ? ["SessionBusyError"] : [])] }
        : expectationOf(shape, turn, limited, kind, whenBusy),
  };
}

/** Drawn from a source of its own: a prompt is the same with and without them. */
function watchersFor(
  seed: number,
  flow: number,
  nth: number,
  kind: Flow["kind"],
  shape: Shape,
  limit: Limit | undefined,
): PlannedWatchers | undefined {
  const random = new Random(seed, "watchers", flow, nth);
  const isOrdinary = kind === "single" || kind === "conversation" || kind === "queue";
  if (seed < firstSeed || !isOrdinary || !random.chance(0.25)) return undefined;
  const reviewer = random.weighted({ none: 4, allows: 2, refuses: 1, leaves: 1 });
  const tools = random.weighted({ none: 3, sees: 3, refuses: 1 });
  // With a hook for tools sub-agents are refused: what they do could not be seen.
  const canSee = shape === "text" || shape === "tools" || shape === "permission" || shape === "reasoning";
  return {
    audit: random.chance(0.5),
    reviewer: reviewer === "none" ? undefined : reviewer,
    tools: tools === "none" || !canSee ? undefined : tools,
    prompt: limit === undefined && random.chance(0.1) ? "refuses" : undefined,
  };
}

function shapeFor(random: Random, kind: Flow["kind"], limit: Limit | undefined): Shape {
  if (limit?.kind === "steps" || limit?.kind === "cost" || limit?.kind === "tokens") return "tools";
  if (limit !== undefined) return random.pick(["text", "tools", "permission", "sub-agent"] as const);
  if (kind === "shared" || kind === "foreign" || kind === "busy") return random.pick(["text", "tools"] as const);
  if (kind === "resumed") return random.weighted({ text: 4, tools: 3, permission: 3, "sub-agent": 1, structured: 1 });
  return random.weighted(shapes);
}

function limitOf(random: Random): Limit {
  const kind = random.weighted(limits);
  switch (kind) {
    case "break":
      return { kind, value: random.int(1, 5) };
    case "steps":
      return { kind, value: 1 };
    case "cost":
      return { kind, value: 0.000001 };
    case "tokens":
      return { kind, value: 10 };
    case "idle":
      return { kind, value: random.pick([3_000, 10_000]) };
    case "retry wait":
      return { kind, value: 5_000 };
    case "timeout":
      return { kind, value: random.logBetween(1, 60_000) };
    default:
      return { kind, value: random.logBetween(1, 8_000) };
  }
}

/** What makes the limit reached. */
function limitedTurn(turn: PlannedPrompt["turn"], limit: Limit | undefined): PlannedPrompt["turn"] {
  const [first, ...rest] = turn.steps;
  if (first === undefined) return turn;
  if (limit?.kind === "idle") return { ...turn, steps: [{ ...first, calls: [], end: "hang" }] };
  if (limit?.kind !== "retry wait") return turn;
  return { ...turn, steps: [{ ...first, stumbles: [{ type: "status", status: 429, retryAfter: 120 }] }, ...rest] };
}

const limitErrors: Readonly<Record<Limit["kind"], string>> = {
  signal: "AbortedError",
  break: "AbortedError",
  "abort()": "AbortedError",
  timeout: "TurnTimeoutError",
  idle: "IdleTimeoutError",
  steps: "BudgetExceededError",
  cost: "BudgetExceededError",
  tokens: "BudgetExceededError",
  "retry wait": "ProviderRateLimitError",
};

function expectationOf(
  shape: Shape,
  turn: PlannedPrompt["turn"],
  limit: Limit | undefined,
  kind: Flow["kind"],
  whenBusy: PlannedPrompt["whenBusy"],
): PlannedPrompt["expect"] {
  const errors: string[] = [];
  if (limit !== undefined) errors.push(limitErrors[limit.kind]);
  if (kind === "shared" || kind === "foreign" || kind === "queue") errors.push("SessionBusyError");
  if (whenBusy === "reject" && !errors.includes("SessionBusyError")) errors.push("SessionBusyError");
  const last = endsAt(turn) ?? turn.steps.at(-1);
  if (turn.refusal !== undefined) return { errors: [...errors, "AgentError", "ProviderAuthError"] };
  if (last?.end === "content_filter") return { errors: [...errors, "ContentFilterError"] };
  if (
    limit !== undefined &&
    limit.kind !== "signal" &&
    limit.kind !== "timeout" &&
    limit.kind !== "abort()" &&
    limit.kind !== "break"
  )
    return { errors };
  if (shape === "structured") return { output: turn.values?.at(-1), errors };
  return { text: last?.text.join(""), errors };
}
