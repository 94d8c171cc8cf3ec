/** What a turn that is over amounts to: an answer or an error. */
import { AbortedError, AgentError, type AgentErrorFacts, SessionBusyError } from "../../errors/index.js";
import type { Answer, AssistantMessage, Attempt, Denial, Part } from "../../types/answer.js";
import { serverDenials } from "../permissions/server-denials.js";
import { failureOf } from "./agent-error.js";
import { buildAnswer } from "./answer.js";
import type { Turn } from "./turn.js";

export interface OutcomeFacts {
  /** Of asks, and of sub-agents. */
  readonly denials: readonly Denial[];
  readonly ofChildren: readonly AssistantMessage[];
  /** Models that have failed before, in the turn. */
  readonly failedAttempts?: readonly Attempt[] | undefined;
}

/** The answer so far, whether or not the turn is over. */
export function answerOf(turn: Turn, facts: OutcomeFacts): Answer<undefined> {
  const messages = turn.answerMessages();
  const { afterwards } = turn;
  const refused = [...messages, ...afterwards].flatMap(({ info, parts }) => serverDenials(info, parts));
  return buildAnswer({
    sessionId: turn.sessionId,
    messageId: turn.messageId,
    messages,
    afterwards,
    denials: [...facts.denials, ...refused],
    interruptions: turn.interruptions,
    others: [...turn.summaries, ...facts.ofChildren],
    failedAttempts: facts.failedAttempts,
    output: undefined,
  });
}

/**
 * The reason why a turn that is over has no answer; `undefined` when it has one. `wasCut`: it was found to have stopped in
 * the middle, between two steps.
 */
export function failureOfTurn(turn: Turn, answer: Answer<undefined> | undefined, wasCut: boolean): Error | undefined {
  const { sessionId } = turn;
  const facts = { sessionId, answer };
  // The step of the model before says nothing about the one that the run was passed on to.
  const final = turn.isPassedOn ? undefined : turn.answerMessages().at(-1);
  const last = final?.info;
  const error = last?.error ?? turn.announced;
  if (error?.name === "MessageAbortedError" && turn.wasDisposed && !turn.isAborting) return disposed(facts);
  if (last === undefined) {
    if (turn.announced !== undefined) return failureOf(turn.announced, facts);
    if (turn.wasDisposed) return disposed(facts);
    if (turn.foreignMessages.length > 0) return merged(turn);
    if (turn.isDisplaced) return displaced(facts);
    if (wasCut) return interrupted(facts);
    return new AgentError("the server took the prompt but made no answer", {
      ...facts,
      hint: "The server's log may say why; a model or agent that it does not know is the usual reason.",
    });
  }
  if (last.error !== undefined) return failureOf(last.error, facts);
  if (last.time.completed === undefined) {
    // The last word about the message may come late, or never: what was announced is the reason all the same.
    if (turn.announced !== undefined) return failureOf(turn.announced, facts);
    if (turn.wasDisposed) return disposed(facts);
    return interrupted(facts);
  }
  if (turn.isMixed) return merged(turn);
  // The server went on with another client's prompt instead of ours.
  if (last.finish === "tool-calls" && last.structured === undefined && turn.foreignMessages.length > 0)
    return merged(turn);
  if (wasCut && !turn.isAnswered) return interrupted(facts);
  // A prompt that did not fit leaves such a step, too: the server has ended while it made room (1.18.33).
  if (last.finish === undefined && last.structured === undefined && turn.isFollowedUp) return interrupted(facts);
  // Aborted while the server waited for a retry: neither a finish nor an error (1.18.33). A shell line has none, too.
  if (last.finish === undefined && last.structured === undefined && !isShell(final?.parts ?? []))
    return new AbortedError("the run was aborted", facts);
  return undefined;
}

/** The message of a shell line: a tool that no model step has called. */
function isShell(parts: readonly Part[]): boolean {
  return parts.some((part) => part.type === "tool") && !parts.some((part) => part.type === "step-start");
}

function interrupted(facts: AgentErrorFacts): AgentError {
  return new AgentError("the run was interrupted: the server has ended or was restarted in the middle of it", {
    ...facts,
    retryable: true,
  });
}

/** The same ids again would be answered in their old place, in front of the other prompt (1.18.33). */
function displaced(facts: AgentErrorFacts): AgentError {
  const message = "the server made up for an earlier prompt, which its end had cut, and did not answer this one";
  return new AgentError(message, { ...facts, hint: "Ask again: the session can be used." });
}

function disposed(facts: AgentErrorFacts): AbortedError {
  return new AbortedError("the server ended the directory's instance, and the run with it", {
    ...facts,
    retryable: true,
    hint: "It was set up anew: ask again, or tell the agent to go on.",
  });
}

/** Two prompts at once on one session become one run on the server, and only the last one is answered. */
function merged(turn: Turn): SessionBusyError {
  return new SessionBusyError(
    "another client prompted this session at the same time: the server answered both prompts at once",
    {
      status: 409,
      sessionId: turn.sessionId,
      body: { messageId: turn.messageId, mergedInto: turn.foreignMessages },
      hint: "messages() has the common answer. Use one session per client.",
      retryable: false,
    },
  );
}
