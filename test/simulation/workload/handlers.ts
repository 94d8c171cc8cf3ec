/** Handlers that answer as planned: at once, late, never, or by throwing. */
import type { PermissionReply, SessionTurnOptions } from "../../../src/client.js";
import type { VirtualClock } from "../world/clock.js";
import type { AskPlan, PlannedTurn } from "./plan.js";
import { turnsIn } from "./plan.js";
import type { PromptRecord } from "./record.js";
import { askedCommand } from "./turns.js";

/** Longer than a handler that is very late (ms). */
const callbackTimeout = 60_000;
const late = 1_500;
/** Longer than the agent's heartbeats need to be missed. */
const veryLate = 40_000;

type Handlers = Pick<SessionTurnOptions, "onPermission" | "onQuestion" | "onPlanExit" | "callbackTimeout">;

/** The handlers of a prompt; each call is recorded. */
export function handlersOf(record: PromptRecord, clock: VirtualClock): Handlers {
  const answered = answerer(clock);
  const plans = asksOf(record.prompt.turn);
  const given: { -readonly [Name in keyof Handlers]: Handlers[Name] } = { callbackTimeout };
  if (hasHandler(record.prompt.turn, "permission")) {
    given.onPermission = async ({ id, sessionId, chain, patterns }) => {
      const about = patterns[0]?.replace(`${askedCommand} `, "") ?? "";
      record.asked.push({ type: "permission", id, sessionId, chain, about });
      return answered(plans.get(about), replyTo(plans.get(about)));
    };
  }
  if (hasHandler(record.prompt.turn, "question")) {
    given.onQuestion = async ({ id, sessionId, questions }) => {
      record.asked.push({ type: "question", id, sessionId, chain: [], about: questions[0]?.question ?? "" });
      const plan = [...plans.values()].find(({ type }) => type === "question");
      return answered(plan, plan?.reply === "reject" ? "reject" : [["Blue"]]);
    };
  }
  if (hasHandler(record.prompt.turn, "plan exit")) {
    given.onPlanExit = async ({ id, sessionId }) => {
      record.asked.push({ type: "plan exit", id, sessionId, chain: [], about: "plan exit" });
      const plan = [...plans.values()].find(({ type }) => type === "plan exit");
      return answered(plan, plan?.reply === "yes");
    };
  }
  return given;
}

/** One that has no handler has none for the whole prompt. */
export function hasHandler(turn: PlannedTurn, type: AskPlan["type"]): boolean {
  const plans = [...asksOf(turn).values()].filter((plan) => plan.type === type);
  return plans.length > 0 && plans[0]?.manner !== "no handler";
}

/** What is planned for each ask of a turn and its sub-agents, by the name of the call. */
export function asksOf(turn: PlannedTurn): Map<string, AskPlan> {
  const plans = new Map<string, AskPlan>();
  for (const { steps } of turnsIn(turn)) {
    for (const { calls } of steps) {
      for (const { id, ask } of calls) if (ask !== undefined) plans.set(id.replace(/^call_/, ""), ask);
    }
  }
  return plans;
}

function replyTo(plan: AskPlan | undefined): PermissionReply {
  if (plan?.reply === "once" || plan?.reply === "always") return plan.reply;
  return plan?.reply === "reject" ? "reject" : { reject: "not this one" };
}

/** A handler's own waiting is its own: nobody takes it for a timer of the client's. */
function answerer(clock: VirtualClock): <T>(plan: AskPlan | undefined, reply: T) => Promise<T> {
  const wait = (ms: number): Promise<void> => new Promise((resolve) => clock.set(resolve, ms, { isOfWorld: true }));
  return async (plan, reply) => {
    if (plan?.manner === "throws") throw new Error("a handler that throws");
    if (plan?.manner === "never answers") await new Promise(() => {});
    if (plan?.manner === "late") await wait(late);
    if (plan?.manner === "very late") await wait(veryLate);
    return reply;
  };
}
