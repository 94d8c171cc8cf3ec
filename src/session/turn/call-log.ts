/**
 * The tool calls of one session in the order in which they were made, folded from events and from reads in whatever mixture they come:
 * no I/O, no clock. It finds the repetition at the end.
 */
import type { Part, ReadableMessage, ToolPart } from "../../types/answer.js";
import { fingerprint } from "../../util/fingerprint.js";
import { stableStringify, stringProperty } from "../../util/json.js";
import { longestCycle, type RepeatableEntry, repetitionOf } from "./repetition.js";
import { isFinal } from "./step-state.js";

/** The name of a compaction among the calls. */
export const compaction = "compaction";

/** In a refusal of ours, which the server stores as the call's error. */
export const refusalMark = "The run goes round in circles";

/** Tools whose `description` is a label for readers. */
const labelled: ReadonlySet<string> = new Set(["bash", "task"]);

/** What goes round at the end of a log. */
export interface Round {
  /** Name of the tool of the last call; `"compaction"` for compactions. */
  readonly tool: string;
  /** Arguments of the last call. */
  readonly input: ToolPart["state"]["input"];
  /** Rounds without a break. */
  readonly count: number;
  /** Calls of one round. */
  readonly period: number;
  /** Id of the first call of the first round. */
  readonly firstCallId: string;
  /** Id of the last call. */
  readonly lastCallId: string;
  /** The call, as `callKey()` names it, would go on with the round. */
  readonly isContinuedBy: (key: string) => boolean;
}

interface Call {
  readonly id: string;
  readonly tool: string;
  readonly input: ToolPart["state"]["input"];
  readonly key: string;
  /** `undefined` until it has ended. */
  readonly result: string | undefined;
}

interface LoggedMessage {
  readonly id: string;
  /** By the id of the part. */
  readonly calls: Map<string, Call>;
  isOver: boolean;
  isCompaction: boolean;
  /** A read has found it, with all in front of it. */
  isRead: boolean;
}

/** An entry of the sequence in which repetition is looked for. */
interface Entry extends RepeatableEntry {
  readonly calls: readonly Call[];
}

/** The calls of one session. */
export class CallLog {
  readonly #limit: number;
  readonly #refused = new Set<string>();
  #messages: LoggedMessage[] = [];
  #byId = new Map<string, LoggedMessage>();

  /** `limit`: no more rounds are counted. */
  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Takes in a part that is stored. Returns whether a repetition may have come to its next round. */
  part(part: Part): boolean {
    if (part.type === "step-finish") return this.#ended(this.#messageOf(part.messageID));
    if (part.type !== "tool") return false;
    const { calls } = this.#messageOf(part.messageID);
    const before = calls.get(part.id);
    if (before?.result !== undefined || part.state.status === "pending") return false; // what is old is told again
    calls.set(part.id, callOf(part));
    return isFinal(part);
  }

  /** A summary of a compaction is stored. Returns whether it is a new one. */
  compacted(messageId: string): boolean {
    const message = this.#messageOf(messageId);
    if (message.isCompaction) return false;
    message.isCompaction = true;
    return true;
  }

  /** Takes in stored messages, oldest first and without a gap between them. */
  read(messages: readonly ReadableMessage[]): void {
    const before = this.#messages;
    const ids = new Set(messages.map(({ info }) => info.id));
    const found = before.findIndex(({ id }) => ids.has(id));
    const split = found < 0 ? before.length : found;
    const others = (part: readonly LoggedMessage[]): LoggedMessage[] => part.filter(({ id }) => !ids.has(id));
    const read = messages.map(({ info, parts }) => {
      const message = this.#byId.get(info.id) ?? newMessage(info.id);
      this.#byId.set(info.id, message);
      message.isRead = true;
      for (const part of parts) this.part(part);
      if (info.role === "assistant" && info.time.completed !== undefined) {
        message.isOver = true;
        if (info.summary === true && info.error === undefined) message.isCompaction = true;
      }
      return message;
    });
    this.#messages = [...others(before.slice(0, split)), ...read, ...others(before.slice(split))];
  }

  /** The message and all in front of it need not be read again. */
  isSettled(messageId: string): boolean {
    const message = this.#byId.get(messageId);
    if (message === undefined || !message.isRead || !message.isOver) return false;
    return [...message.calls.values()].every(({ result }) => result !== undefined);
  }

  /** We have refused the call: its error is no other result. */
  refused(callId: string): void {
    this.#refused.add(callId);
  }

  /** What goes round at the end. `undefined` without any call. */
  get round(): Round | undefined {
    const messages = this.#recent();
    const calls = messages.flatMap((message) => (message.isCompaction ? [] : this.#callsOf(message)));
    const candidates = [roundOf(calls)];
    if (messages.some((message) => message.calls.size > 1)) candidates.push(roundOf(this.#steps(messages)));
    if (messages.some((message) => message.isCompaction))
      candidates.push(roundOf(this.#withCompactions(messages), compaction));
    return candidates.reduce((best, one) => ((one?.count ?? 0) > (best?.count ?? 0) ? one : best));
  }

  /** The newest messages, which have all calls that can count. */
  #recent(): LoggedMessage[] {
    const most = longestCycle * (this.#limit + 1);
    return this.#messages.filter(({ calls, isCompaction }) => isCompaction || calls.size > 0).slice(-most);
  }

  /** The calls that have ended; of the newest message those in front of the first that has not. */
  #callsOf(message: LoggedMessage): Entry[] {
    const calls = [...message.calls.values()];
    const open = message === this.#messages.at(-1) ? calls.findIndex(({ result }) => result === undefined) : -1;
    const ended = calls.slice(0, open < 0 ? calls.length : open).filter(({ result }) => result !== undefined);
    return ended.map((call) => ({ what: call.key, result: this.#resultOf(call), calls: [call] }));
  }

  /** One entry for each step that has ended: its calls may come in another order each time. */
  #steps(messages: readonly LoggedMessage[]): Entry[] {
    return messages.flatMap((message): Entry[] => {
      if (message.isCompaction || (!message.isOver && message === this.#messages.at(-1))) return [];
      const ended = this.#callsOf(message);
      if (ended.length === 0) return [];
      const sorted = ended.toSorted((a, b) => (a.what < b.what ? -1 : a.what > b.what ? 1 : 0));
      const isRefused = ended.some(({ result }) => result === undefined);
      return [
        {
          what: sorted.map(({ what }) => what).join(),
          result: isRefused ? undefined : sorted.map(({ result }) => result).join(),
          calls: ended.flatMap(({ calls }) => calls),
        },
      ];
    });
  }

  #withCompactions(messages: readonly LoggedMessage[]): Entry[] {
    return messages.flatMap((message): Entry[] => {
      if (!message.isCompaction) return this.#callsOf(message);
      const call: Call = { id: message.id, tool: compaction, input: {}, key: compaction, result: "" };
      return [{ what: compaction, result: "", calls: [call] }];
    });
  }

  #resultOf({ id, result }: Call): string | undefined {
    return this.#refused.has(id) || result === refusalMark ? undefined : result;
  }

  #ended(message: LoggedMessage): boolean {
    if (message.isOver) return false;
    message.isOver = true;
    return message.calls.size > 1; // of a single one its own end tells as much
  }

  #messageOf(id: string): LoggedMessage {
    const known = this.#byId.get(id);
    if (known !== undefined) return known;
    const message = newMessage(id);
    this.#byId.set(id, message);
    this.#messages.push(message);
    return message;
  }
}

function newMessage(id: string): LoggedMessage {
  return { id, calls: new Map(), isOver: false, isCompaction: false, isRead: false };
}

/** The round at the end of the entries; with `needed`, only one in which it takes part. */
function roundOf(entries: readonly Entry[], needed?: string): Round | undefined {
  const { period, count } = repetitionOf(entries);
  const cycle = entries.slice(-period);
  const repeated = entries.slice(-period * count);
  const last = entries.at(-1)?.calls.at(-1);
  const first = repeated[0]?.calls[0];
  if (last === undefined || first === undefined) return undefined;
  const named = needed === undefined ? last : cycle.flatMap(({ calls }) => calls).find(({ key }) => key === needed);
  if (named === undefined) return undefined;
  return {
    tool: named.tool,
    input: named.input,
    count,
    period,
    firstCallId: first.id,
    lastCallId: last.id,
    isContinuedBy: (key) => cycle[0]?.calls.some((call) => call.key === key) === true,
  };
}

/** Equal for calls of one tool with the same arguments, whatever the order of their fields and the label for readers. */
export function callKey(tool: string, input: Readonly<Record<string, unknown>>): string {
  const { description: _label, ...meant } = input;
  return fingerprint(`${tool}\n${stableStringify(labelled.has(tool) ? meant : input)}`);
}

function callOf(part: ToolPart): Call {
  const { callID: id, tool, state } = part;
  return { id, tool, input: state.input, key: callKey(tool, state.input), result: resultOf(part) };
}

/** Without what is new in every call: the session of a sub-agent, and the file that keeps a long output. */
function resultOf({ state }: ToolPart): string | undefined {
  if (state.status === "error")
    return state.error.includes(refusalMark) ? refusalMark : fingerprint(`error\n${state.error}`);
  if (state.status !== "completed") return undefined;
  const { metadata } = state;
  const paths = metadata["outputPaths"];
  const names = [
    stringProperty(metadata, "sessionId"),
    stringProperty(metadata, "outputPath"),
    ...(Array.isArray(paths) ? paths : []),
  ];
  const output = names.reduce<string>(
    (text, name) => (typeof name === "string" && name !== "" ? text.replaceAll(name, "") : text),
    state.output,
  );
  return fingerprint(`completed\n${output}`);
}
