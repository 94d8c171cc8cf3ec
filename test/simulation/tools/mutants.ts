/**
 * Deliberate faults in the engine: each must be found by the simulation. Small changes of the source, checked to apply; a
 * change of the engine that moves one of the places is told by the test that applies them all.
 */
import type { Patch } from "./bundle.js";

/** One fault. */
export interface Mutant {
  readonly name: string;
  readonly patches: readonly Patch[];
  /** Worlds that look promising are tried first. */
  readonly worlds?: string | undefined;
}

function mutant(name: string, file: string, from: string, to: string, worlds?: string): Mutant {
  return { name, patches: [{ file: `src/${file}`, from, to }], worlds };
}

export const mutants: readonly Mutant[] = [
  mutant(
    "no look before a repeated prompt",
    "session/turn/submit.ts",
    "  const read = (call",
    "  if (lost !== undefined) return false;\n  const read = (call",
    "no-streams",
  ),
  {
    name: "another id for a repeated prompt",
    patches: [
      {
        file: "src/session/turn/prompt-request.ts",
        from: "    const body = this.#next;\n",
        to: "    const body = this.#next;\n    this.#tries += 1;\n",
      },
      {
        file: "src/session/turn/prompt-request.ts",
        from: "  #wasTaken = false;\n",
        to: "  #wasTaken = false;\n  #tries = 0;\n",
      },
      {
        file: "src/session/turn/prompt-request.ts",
        from: "submit(this.#sessionId, body,",
        to: "submit(this.#sessionId, this.#tries > 1 ? { ...body, messageID: body.messageID + this.#tries } : body,",
      },
    ],
    worlds: "faults-30,faults-15",
  },
  mutant(
    "a prompt is repeated by the client itself",
    "client/retry-rules.ts",
    "if (repeatableMethods.has(method)) return true;",
    'if (repeatableMethods.has(method) || path.endsWith("/prompt_async")) return true;',
    "faults-30,faults-15",
  ),
  mutant(
    "new ids for the parts of a repeated prompt",
    "session/turn/prompt-request.ts",
    "submit(this.#sessionId, body,",
    "submit(this.#sessionId, { ...body, parts: body.parts.map((part) => ({ ...part, id: part.id + String(Math.random()) })) },",
    "faults-30,faults-15",
  ),
  {
    name: "a gap is not marked",
    patches: [
      { file: "src/session/turn/turn-listener.ts", from: "onGap: () => turn.gap(),", to: "onGap: () => {}," },
      { file: "src/session/turn/turn-listener.ts", from: "if (isSubmitted()) turn.gap();", to: "" },
    ],
    worlds: "bad-streams,faults-30",
  },
  mutant(
    "idle is taken for the end",
    "session/turn/step-state.ts",
    "  if (last?.time.completed === undefined) return false;\n  return last.error !== undefined ||",
    "  return last?.error === undefined ||",
    "calm,faults-15",
  ),
  mutant(
    "a step that calls tools is taken for the end",
    "session/turn/step-state.ts",
    '|| (last.finish ?? "tool-calls") !== "tool-calls";',
    "|| true;",
    "calm,overtaking",
  ),
  mutant(
    "heartbeats are not counted",
    "events/event-stream.ts",
    "          watchdog.reset(now);\n",
    "",
    "calm,late-events",
  ),
  mutant(
    "a permission is answered twice",
    "session/permissions/permission-responder.ts",
    'await reply({ reply: "once" });',
    'await Promise.all([reply({ reply: "once" }), reply({ reply: "once" })]);',
    "calm",
  ),
  mutant(
    "a handler is asked again",
    "session/permissions/permission-decisions.ts",
    "const decision = this.#decisions.get(request.id) ?? this.#decide(request, taken, known);",
    "const decision = this.#decide(request, taken, known);",
    "faults-30,outages",
  ),
  mutant(
    "a reply that failed is not sent again",
    "session/permissions/taken-requests.ts",
    "this.#taken.delete(id); //",
    "//",
    "outages,faults-30",
  ),
  mutant(
    "an allowed call is refused",
    "session/permissions/permission-responder.ts",
    'await reply({ reply: "once" });',
    'await reply({ reply: "reject", message: "no" });',
    "calm",
  ),
  mutant(
    "an abort is not repeated",
    "session/turn/abort-run.ts",
    '        if ((await check.poll(call)) === "over" && !isOnItsWay()) return true;',
    "        return true;",
    "overtaking,calm",
  ),
  mutant(
    "a caller's abort does not end the run",
    "session/turn/abort-run.ts",
    "        const request = abortAll(scope, turn, {",
    "        const request: Promise<void> = turn.isStored ? Promise.resolve() : abortAll(scope, turn, {",
    "calm",
  ),
  mutant(
    "sub-agents are not aborted",
    "session/turn/abort-run.ts",
    "new Set([turn.sessionId, ...turn.subAgents.ids, ...called])",
    "new Set([turn.sessionId].slice(1))",
    "calm",
  ),
  mutant(
    "text that ends during a cut is dropped",
    "events/part-tracker.ts",
    "state.pending = untold(state, part.text);",
    "if (state.synced) state.pending = untold(state, part.text);",
    "bad-streams",
  ),
  mutant(
    "text is told again after a cut",
    "events/part-tracker.ts",
    "state.pending = untold(state, part.text);",
    "state.pending = part.text;",
    "bad-streams,calm",
  ),
  {
    name: "deltas go on after a gap",
    patches: [
      {
        file: "src/events/part-tracker.ts",
        from: "if (state.ended || !(state.synced || state.isTail || this.#isJoining)) return [];",
        to: "if (state.ended) return [];",
      },
      {
        file: "src/events/part-tracker.ts",
        from: 'if ((state.synced || state.isTail) && state.pending !== "") {',
        to: 'if (state.pending !== "") {',
      },
    ],
    worlds: "bad-streams",
  },
  mutant(
    "a gap leaves what is known as it is",
    "events/part-tracker.ts",
    "      state.synced = false;\n      state.isTail = false;\n",
    "",
    "bad-streams",
  ),
  mutant(
    "asks that were missed are not looked for",
    "session/turn/poller.ts",
    "if (!isDue || turn.isAborting || turn.isQueued) return;",
    "if (isDue || !isDue) return;",
    "no-streams,bad-streams",
  ),
  mutant(
    "the asks of others are answered, too",
    "session/turn/poller.ts",
    "if (sessionId === turn.sessionId) return messageId === undefined || turn.hasMessage(messageId);",
    'if (sessionId !== "") return true;',
    "no-streams,bad-streams",
  ),
  mutant(
    "a run that was cut is taken for over",
    "session/turn/poller.ts",
    '? "interrupted" : "running";',
    '? "over" : "running";',
    "crashes",
  ),
  mutant(
    "a running answer is taken for stored",
    "session/turn/turn-messages.ts",
    "if (before === undefined || !isFinal(before) || isFinal(part))",
    "if (before === undefined || isFinal(before))",
    "overtaking,bad-streams,no-streams",
  ),
  mutant(
    "prompts of one session do not wait for each other",
    "session/turn/turn-context.ts",
    "if (before !== undefined) await raceAbort(before, signal);",
    "",
    "calm",
  ),
  mutant(
    "nobody looks whether the session is busy",
    "session/turn/run-request.ts",
    '    return await clock.during("queue", () => idle);\n',
    '    return "idle";\n',
    "calm",
  ),
  mutant(
    "a stored prompt is sent again",
    "session/turn/prompt-request.ts",
    "if (!this.#isNamed) return false;",
    'if (!this.#isNamed || this.body.messageID !== "") return false;',
    "faults-15,calm",
  ),
  mutant(
    "the texts of all steps are the answer",
    "session/turn/answer.ts",
    ".slice(start + 1)",
    ".slice(0)",
    "calm,faults-15",
  ),
  mutant(
    "sub-agents are not counted",
    "session/turn/turn-facts.ts",
    "ofChildren: children.infos",
    "ofChildren: []",
    "calm",
  ),
  mutant(
    "an output is not checked",
    "session/output/structured.ts",
    "const result = await checkOutput(format, raw);",
    "const result = { isValid: true as const, value: raw as never };",
    "calm",
  ),
  mutant(
    "the budget is not looked at",
    "session/turn/turn-limits.ts",
    "if (error !== undefined) this.#stop.abort(error);",
    "",
    "calm",
  ),
  mutant(
    "the time limit of a turn is forgotten",
    "session/turn/turn-clock.ts",
    "turnTooLong(timeout, clock)), timeout);",
    "turnTooLong(timeout, clock)), timeout + 100_000_000);",
    "calm",
  ),
  mutant(
    "the timer of a turn is left behind",
    "session/turn/turn-clock.ts",
    "      clearTimeout(timer);\n",
    "",
    "calm",
  ),
  mutant(
    "leaving a stream lets the run go on",
    "session/answer-stream.ts",
    "isDetached(options) ? undefined : () => this.abort();",
    "undefined;",
    "calm",
  ),
  mutant(
    "a character that is cut in two is lost",
    "util/utf8.ts",
    "const end = endOfWhole(all);",
    "const end = endOfWhole(all.subarray(0, 0)) + all.length;",
    "chunked",
  ),
  mutant(
    "the hub stays open",
    "connection.ts",
    "for (const { hub } of [...this.#scopes.values(), ...this.#former.splice(0)]) hub.close();",
    "",
    "calm",
  ),
  mutant(
    "a delay leaves its timer behind",
    "util/delay.ts",
    "      clearTimeout(timer);\n      reject(signal.reason);",
    "      reject(signal.reason);",
    "calm",
  ),
  mutant(
    "a gateway's answer is taken for the server's",
    "client/retry-transient.ts",
    "[502, 503, 504].includes(error.status)",
    "[502].includes(error.status)",
    "faults-30",
  ),
  mutant(
    "a lost answer to a new session makes another error",
    "session/create-session.ts",
    "if (!isOutcomeUnknown(error) ||",
    "if (isLost(error) ||",
    "faults-15,faults-30",
  ),
  mutant(
    "the answer to a continued run is taken for the answer",
    "session/turn/turn-messages.ts",
    "if (isAnswered && (this.#continues(info) || info.summary === true)) {",
    "if (isAnswered && info.summary === true) {",
    "calm",
  ),
  mutant(
    "the texts of a summary are told",
    "session/turn/turn-messages.ts",
    "if (info === undefined || info.summary === true || !this.#asking.has(info.parentID)) return false;",
    "if (info === undefined || !this.#asking.has(info.parentID)) return false;",
    "calm",
  ),
  mutant(
    "late events of the prompt before are another client's",
    "session/turn/turn-messages.ts",
    "if (isNew && created !== undefined && this.#askedAt !== undefined && created < this.#askedAt) return;",
    "",
    "crashes-git",
  ),
  mutant(
    "a tool call goes back in its state",
    "events/tool-parts.ts",
    "if (before !== undefined && progressOf[state.status] <= progressOf[before]) return [];",
    'if (before === state.status || before === "completed" || before === "error") return [];',
    "faults-15",
  ),
  mutant(
    "a gap is not marked for who listens to all events",
    "events/listen.ts",
    "onGap: () => map.gap(),",
    "onGap: () => {},",
    "bad-streams,faults-30",
  ),
  mutant(
    "the error hook is not called",
    "session/turn/turn-hooks.ts",
    '    await callHooks("error", hooksFor(hooks.error), [error] as const, options);\n    throw error;',
    "    throw error;",
    "calm",
  ),
  mutant(
    "what a reviewer allows is asked all the same",
    "permissions/policy/deciders.ts",
    'if (reply === "allow") return allowed("the reviewer allows it");',
    'if (reply === "allow") return undefined;',
    "calm",
  ),
];
