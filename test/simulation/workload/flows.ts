/** Strands of work: sessions, their prompts, and what is done between them. */
import type { Opencode, Session } from "../../../src/client.js";
import { Random } from "../world/random.js";
import { askPlanned, type Fixture } from "./perform.js";
import type { Deed, Flow, PlannedPrompt } from "./plan.js";
import type { SimulatedProcess } from "./process.js";
import { withoutRun } from "./process.js";
import type { DeedRecord } from "./record.js";
import { turnOf } from "./turns.js";

export interface FlowOptions {
  readonly fixture: Fixture;
  readonly seed: number;
  /** The process of this name; a new one for a name that is not known. */
  readonly process: (name: string) => SimulatedProcess;
  /** A prompt is known to the model before it is asked. */
  readonly know: (prompt: PlannedPrompt) => void;
}

/** Does all of a flow; resolves when everything has ended that can end. Never rejects. */
export async function runFlow(flow: Flow, options: FlowOptions): Promise<void> {
  const { fixture } = options;
  const { kind } = flow;
  const process = options.process(kind === "resumed" ? `first${flow.index}` : flow.process);
  try {
    if (kind === "resumed") await resumed(flow, options, process);
    else await process.start(flow.startsAt, (opencode) => strands[kind](flow, options, opencode));
  } catch (error) {
    fixture.ledger.breaches.push(`flow ${flow.index} could not be done: ${String(error)}`);
  }
}

type Strand = (flow: Flow, options: FlowOptions, opencode: Opencode) => Promise<void>;

const strands: Readonly<Record<Exclude<Flow["kind"], "resumed">, Strand>> = {
  single: async (flow, { fixture }, opencode) => {
    for (const [nth, prompt] of flow.prompts.entries()) {
      await askPlanned(fixture, opencode, prompt, place(flow, nth));
      await pause(flow);
    }
  },
  conversation: async (flow, options, opencode) => {
    let session = await created(flow, options, opencode);
    if (session === undefined) return;
    for (const [nth, prompt] of flow.prompts.entries()) {
      const deed = flow.deeds[nth];
      if (deed !== undefined) session = (await done(deed, flow, nth, options, session, opencode)) ?? session;
      await askPlanned(options.fixture, session, prompt, place(flow, nth));
      await pause(flow);
    }
    await afterwards(flow, options, session);
  },
  queue: async (flow, options, opencode) => {
    const session = await created(flow, options, opencode);
    if (session === undefined) return;
    await Promise.all(
      flow.prompts.map((prompt, nth) => askPlanned(options.fixture, session, prompt, place(flow, nth))),
    );
    await afterwards(flow, options, session);
  },
  shared: async (flow, options, opencode) => {
    const session = await created(flow, options, opencode);
    if (session === undefined) return;
    const half = Math.ceil(flow.prompts.length / 2);
    const others = `${flow.process}2`;
    const elsewhere = options.process(others).start(1, async (other) => {
      const same = other.session(session.id);
      for (const [index, prompt] of flow.prompts.slice(half).entries())
        await askPlanned(options.fixture, same, prompt, { ...place(flow, half + index), process: others });
    });
    for (const [nth, prompt] of flow.prompts.slice(0, half).entries())
      await askPlanned(options.fixture, session, prompt, place(flow, nth));
    await elsewhere;
    await afterwards(flow, options, session);
  },
  busy: async (flow, options, opencode) => {
    const session = await created(flow, options, opencode);
    if (session === undefined) return;
    const random = new Random(options.seed, "stranger", flow.index);
    const token = `tok${options.seed.toString(36)}x7${flow.index}00z`;
    const stranger = turnOf("text", { random, token, isLong: true });
    options.know({ turn: stranger, how: "ask", expect: { errors: [] } });
    const { truth, clock } = options.fixture;
    truth.prompt(session.id, stranger.text);
    const isBusy = async (): Promise<boolean> => (await truth.busy()).includes(session.id);
    for (let tries = 0; tries < 200 && !(await isBusy()); tries += 1) await clock.wait(5, flow.process);
    const foundBusy = await isBusy();
    for (const [nth, prompt] of flow.prompts.entries())
      await askPlanned(options.fixture, opencode.session(session.id), prompt, { ...place(flow, nth), foundBusy });
    await settled(options, session);
    await afterwards(flow, options, session);
  },
  foreign: async (flow, options, opencode) => {
    const session = await created(flow, options, opencode);
    if (session === undefined) return;
    const random = new Random(options.seed, "foreign", flow.index);
    for (const [nth, prompt] of flow.prompts.entries()) {
      const stranger = turnOf("text", { random, token: `tok${options.seed.toString(36)}x9${flow.index}${nth}0z` });
      options.know({ ...prompt, turn: stranger });
      const timer = setTimeout(
        () => options.fixture.truth.prompt(session.id, stranger.text),
        random.logBetween(5, 2_000),
      );
      await askPlanned(options.fixture, session, prompt, place(flow, nth));
      clearTimeout(timer);
      await pause(flow);
    }
    await settled(options, session);
    await afterwards(flow, options, session);
  },
};

/** The process dies in the middle; another one, which knows the session and the prompt's id, asks again. */
async function resumed(flow: Flow, options: FlowOptions, first: SimulatedProcess): Promise<void> {
  const { fixture } = options;
  const [prompt] = flow.prompts;
  if (prompt === undefined) return;
  let session: Session | undefined;
  let isOver = false;
  const ended = first.start(flow.startsAt, async (opencode) => {
    session = await created(flow, options, opencode);
    if (session === undefined) return;
    fixture.clock.set(() => !isOver && first.kill(), flow.diesAfter, { owner: "world" });
    await askPlanned(fixture, session, prompt, { ...place(flow, 0), process: first.name });
    isOver = true;
  });
  // Until it has ended or is dead, whatever comes first.
  await Promise.race([ended.catch(() => {}), death(fixture, first, () => isOver)]);
  for (const record of fixture.ledger.prompts)
    if (record.flow === flow && record.endedAt === undefined) record.isOrphan = true;
  const id = session?.id;
  if (id === undefined) return;
  const second = options.process(`second${flow.index}`);
  await second.start(flow.pause + 1, async (opencode) => {
    const same = opencode.session(id);
    await askPlanned(fixture, same, prompt, { ...place(flow, 0), process: second.name });
    await afterwards(flow, options, same);
  });
}

/** Resolves when the process is dead. */
async function death({ clock }: Fixture, process: SimulatedProcess, isOver: () => boolean): Promise<void> {
  while (!process.isDead && !isOver()) await clock.wait(50, "world");
}

function place(flow: Flow, nth: number): { flow: Flow; nth: number; process: string } {
  return { flow, nth, process: flow.process };
}

async function pause({ pause: ms }: Flow): Promise<void> {
  if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
}

/** Until the strangers' prompts have been answered, too. */
async function settled({ fixture }: FlowOptions, session: Session): Promise<void> {
  for (let tries = 0; tries < 100 && (await fixture.truth.busy()).includes(session.id); tries += 1) {
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

/** A session can be used, whatever has happened to it. */
async function afterwards(flow: Flow, options: FlowOptions, session: Session): Promise<void> {
  const random = new Random(options.seed, "afterwards", flow.index);
  const turn = turnOf("text", { random, token: `tok${options.seed.toString(36)}x8${flow.index}00z` });
  const expect = { text: turn.steps.at(-1)?.text.join(""), errors: [] };
  const prompt: PlannedPrompt = { turn, how: "stream", expect };
  options.know(prompt);
  await askPlanned(options.fixture, session, prompt, place(flow, flow.prompts.length));
}

async function created(flow: Flow, options: FlowOptions, opencode: Opencode): Promise<Session | undefined> {
  return noted("createSession", flow, options, () => opencode.createSession({ title: `flow ${flow.index}` }));
}

async function done(
  deed: Deed,
  flow: Flow,
  nth: number,
  options: FlowOptions,
  session: Session,
  opencode: Opencode,
): Promise<Session | undefined> {
  const { fixture } = options;
  return noted(deed, flow, options, async () => {
    switch (deed) {
      case "compact":
        await session.compact();
        return undefined;
      case "fork":
        return session.fork();
      case "revert": {
        const last = fixture.ledger.prompts.findLast((record) => record.flow === flow && record.answer !== undefined);
        if (last?.answer !== undefined && nth > 0) await session.revert(last.answer.messageId);
        return undefined;
      }
      case "messages": {
        const stored = await fixture.truth.messages(session.id);
        const read = await session.messages();
        const same =
          JSON.stringify(read.map(({ info }) => info.id)) === JSON.stringify(stored.map(({ info }) => info.id));
        if (!same && read.every(({ info }) => info.role !== "unreadable"))
          fixture.ledger.breaches.push(`messages() of flow ${flow.index} are not those of the agent`);
        return undefined;
      }
      case "usage":
        await session.usage();
        return undefined;
      case "shell":
        await shellLine(flow, nth, options, session);
        return undefined;
      case "init":
        await session.init();
        return undefined;
      case "reconnect":
        // Sessions that were there before go on with the connection that is there now.
        await opencode.reconnect({ password: `another ${nth}` });
        return undefined;
    }
  });
}

/** A shell line runs once, and says what it has said. */
async function shellLine(flow: Flow, nth: number, { fixture }: FlowOptions, session: Session): Promise<void> {
  const line = `echo line${flow.index}x${nth}`;
  const answer = await session.shell(line);
  const [call, ...others] = answer.toolCalls;
  if (call?.status !== "completed" || call.input["command"] !== line || others.length > 0)
    fixture.ledger.breaches.push(`the shell line ${line} came to ${JSON.stringify(answer.toolCalls)}`);
}

/** Does it and records how it ended; `undefined` when it failed. */
async function noted<T>(
  what: string,
  flow: Flow,
  { fixture }: FlowOptions,
  work: () => Promise<T>,
): Promise<T | undefined> {
  const { clock, trace, ledger } = fixture;
  const record: DeedRecord = { flow, what, startedAt: clock.now, endedAt: undefined, error: undefined };
  ledger.deeds.push(record);
  trace.add(flow.process, what);
  try {
    return await work();
  } catch (error) {
    record.error = error;
    trace.add(flow.process, `${what} failed: ${withoutRun(String(error))}`);
    return undefined;
  } finally {
    record.endedAt = clock.now;
  }
}
