/** The phases of a turn: the table of legal transitions, alone and with the events of real runs. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toApiEvent } from "../../../src/api/v1/events.js";
import type { ServerEvent } from "../../../src/index.js";
import { Turn } from "../../../src/session/turn/turn.js";
import {
  nextPhase,
  type PhaseName,
  type SignalName,
  type TurnPhase,
  type TurnSignal,
  transitions,
} from "../../../src/session/turn/turn-phase.js";
import { eventually, type Fixture, startFixture } from "../../support/fixture.js";
import { type Recording, recordAll } from "../../support/recordings.js";

const error = { name: "UnknownError", data: { message: "database is locked" } };
const signals: readonly TurnSignal[] = [
  { type: "prompt-stored" },
  { type: "answer-stored" },
  { type: "idle" },
  { type: "busy" },
  { type: "failed", error },
  { type: "disposed" },
  { type: "resent" },
  { type: "resumed" },
  { type: "passed-on" },
  { type: "proven" },
  { type: "unproven" },
];

interface Step {
  readonly from: TurnPhase;
  readonly signal: SignalName;
  readonly to: TurnPhase;
}

/** Every step from every phase that can be reached. */
function allSteps(): Step[] {
  const steps: Step[] = [];
  const open: TurnPhase[] = [{ name: "waiting" }];
  const seen = new Set<string>();
  for (const from of open) {
    for (const signal of signals) {
      const to = nextPhase(from, signal);
      steps.push({ from, signal: signal.type, to });
      if (!seen.has(JSON.stringify(to))) open.push(to);
      seen.add(JSON.stringify(to));
    }
  }
  return steps;
}

const arrow = (from: PhaseName, signal: SignalName, to: PhaseName): string => `${from} --${signal}--> ${to}`;

const legal = Object.entries(transitions).flatMap(([from, bySignal]) =>
  Object.entries(bySignal).flatMap(([signal, targets]) =>
    targets.map((to) => arrow(from as PhaseName, signal as SignalName, to)),
  ),
);

describe("the table of transitions between the phases of a turn", () => {
  test("the table of phase transitions has every transition that can happen, and no other", () => {
    const steps = allSteps().filter(({ from, signal }) => transitions[from.name][signal] !== undefined);
    const happened = new Set(steps.map(({ from, signal, to }) => arrow(from.name, signal, to.name)));
    expect([...happened].sort()).toEqual([...legal].sort());
  });

  test("a signal that the table does not name for a phase leaves the phase of a turn unchanged", () => {
    const unnamed = allSteps().filter(({ from, signal }) => transitions[from.name][signal] === undefined);
    expect(unnamed.length).toBeGreaterThan(0);
    expect(unnamed.filter(({ from, to }) => from !== to)).toEqual([]);
  });

  test("no transition settles a turn that is not idle or whose prompt is not stored", () => {
    const settled = allSteps().filter(({ to }) => to.name === "settled");
    expect(settled.length).toBeGreaterThan(0);
    expect(settled.filter(({ to }) => to.name === "settled" && !to.signs.isIdle)).toEqual([]);
    expect(settled.filter(({ from }) => from.name === "uncertain" && !from.isStored)).toEqual([]);
  });

  test("a failure that is announced twice keeps its first error", () => {
    const failed = nextPhase({ name: "streaming" }, { type: "failed", error });
    const again = nextPhase(failed, { type: "failed", error: { name: "Other", data: {} } });
    expect(again).toEqual({
      name: "uncertain",
      isStored: true,
      signs: { isIdle: false, error, isDisposed: false },
    });
  });
});

let fixture: Fixture;
let recordings: Recording[];
let disposal: ServerEvent;
beforeAll(async () => {
  fixture = await startFixture();
  recordings = await recordAll(fixture, ["plain", "refused"]);
  disposal = await recordDisposal();
});
afterAll(() => fixture[Symbol.asyncDispose]());

/** Disposes the directory's instance until the event of it was heard. */
async function recordDisposal(): Promise<ServerEvent> {
  let heard: ServerEvent | undefined;
  const listening = (async () => {
    for await (const { raw } of fixture.oc.events()) {
      if (raw?.type !== "server.instance.disposed") continue;
      heard = raw;
      return raw;
    }
    throw new Error("the events have ended");
  })();
  await eventually("the disposal is heard", async () => {
    if (heard === undefined) await fixture.oc.client.POST("/instance/dispose");
    return heard !== undefined;
  });
  return listening;
}

/** What happens to a turn: an event of the recording, all of them, or a call of the engine. */
type Happening =
  | "prompt"
  | "answer"
  | "last answer"
  | "busy"
  | "idle"
  | "error"
  | "disposed"
  | "all"
  | "gap"
  | "resend"
  | "resume";

function eventsOf({ events }: Recording, happening: Happening): readonly ServerEvent[] {
  const isHead = ({ type, properties }: ServerEvent, role: string): boolean =>
    type === "message.updated" && JSON.stringify(properties).includes(`"role":"${role}"`);
  const isStatus = ({ type, properties }: ServerEvent, status: string): boolean =>
    type === "session.status" && JSON.stringify(properties).includes(`"type":"${status}"`);
  const pick = (found: ServerEvent | undefined): ServerEvent[] => {
    if (found === undefined) throw new Error(`the recording has no ${happening}`);
    return [found];
  };
  switch (happening) {
    case "prompt":
      return pick(events.find((event) => isHead(event, "user")));
    case "answer":
      return pick(events.find((event) => isHead(event, "assistant")));
    case "last answer":
      return pick(events.findLast((event) => isHead(event, "assistant")));
    case "busy":
    case "idle":
      return pick(events.find((event) => isStatus(event, happening)));
    case "error":
      return pick(events.find(({ type }) => type === "session.error"));
    case "disposed":
      return [disposal];
    case "all":
      return events;
    default:
      return [];
  }
}

function happen(turn: Turn, recording: Recording, happening: Happening): PhaseName {
  if (happening === "gap") turn.gap();
  if (happening === "resend") turn.resend();
  if (happening === "resume") turn.resume();
  for (const event of eventsOf(recording, happening)) turn.event(toApiEvent(event));
  return turn.phase.name;
}

/** Of which run; what happens, and the phase after it. */
type Row = readonly ["plain" | "refused", ...(readonly [Happening, PhaseName])[]];

const rows: readonly Row[] = [
  ["plain", ["prompt", "streaming"], ["busy", "streaming"], ["answer", "streaming"], ["idle", "uncertain"]],
  ["plain", ["answer", "streaming"], ["prompt", "streaming"]],
  ["plain", ["busy", "waiting"], ["idle", "waiting"], ["resume", "waiting"], ["resend", "waiting"]],
  ["plain", ["all", "settled"], ["idle", "settled"], ["gap", "uncertain"], ["busy", "streaming"]],
  ["plain", ["all", "settled"], ["busy", "streaming"], ["idle", "settled"]],
  ["plain", ["all", "settled"], ["resume", "streaming"]],
  ["plain", ["all", "settled"], ["disposed", "settled"], ["busy", "uncertain"], ["idle", "settled"]],
  ["plain", ["gap", "waiting"], ["all", "uncertain"]],
  ["plain", ["prompt", "streaming"], ["answer", "streaming"], ["idle", "uncertain"], ["last answer", "settled"]],
  ["plain", ["prompt", "streaming"], ["idle", "uncertain"], ["resume", "streaming"], ["disposed", "uncertain"]],
  ["plain", ["disposed", "uncertain"], ["idle", "uncertain"], ["prompt", "streaming"]],
  ["plain", ["disposed", "uncertain"], ["answer", "uncertain"], ["prompt", "uncertain"]],
  ["refused", ["error", "uncertain"], ["prompt", "streaming"]],
  ["refused", ["error", "uncertain"], ["resend", "waiting"], ["prompt", "streaming"]],
  ["refused", ["error", "uncertain"], ["idle", "uncertain"], ["resend", "uncertain"], ["busy", "waiting"]],
  ["refused", ["prompt", "streaming"], ["error", "uncertain"], ["busy", "uncertain"], ["resume", "uncertain"]],
  ["refused", ["all", "settled"], ["error", "settled"], ["resume", "uncertain"], ["idle", "settled"]],
];

const titleOf = ([name, ...steps]: Row): string => `${name}: ${steps.map((step) => step.join(" → ")).join(", ")}`;

describe("the phase of a turn over the events of real runs", () => {
  test.each(rows.map((row) => [titleOf(row), row] as const))("a run has the phases %s", (_title, [name, ...steps]) => {
    const recording = recordings.find((one) => one.name === name);
    if (recording === undefined) throw new Error(`${name} was not recorded`);
    const turn = new Turn(recording.sessionId, recording.messageId);
    turn.begin();
    expect(turn.phase.name).toBe("waiting");
    expect(steps.map(([happening]) => happen(turn, recording, happening))).toEqual(steps.map(([, phase]) => phase));
  });

  test("the listed runs take every way between two phases that the table allows", () => {
    const taken = rows.flatMap(([, ...steps]) =>
      steps.map(([, to], index) => `${steps[index - 1]?.[1] ?? "waiting"} > ${to}`),
    );
    const ways = Object.entries(transitions).flatMap(([from, bySignal]) =>
      Object.values(bySignal).flatMap((targets) => targets.map((to) => `${from} > ${to}`)),
    );
    expect([...new Set(ways)].filter((way) => !taken.includes(way))).toEqual([]);
  });
});
