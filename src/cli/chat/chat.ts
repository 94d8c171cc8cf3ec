/** `opencode-ts chat`: an interactive chat of many turns. */
import type { Session, SessionTurnOptions } from "../../index.js";
import { explain } from "../failures.js";
import { showRun } from "../output.js";
import { askersOf } from "../prompt-handlers.js";
import { guarded } from "../run-command.js";
import { type Flags, readSettings, type Settings } from "../settings.js";
import { connect, titleFor } from "../target.js";
import { createTerminal, type Terminal } from "../terminal.js";
import { type Chat, help, runCommand } from "./commands.js";
import { type Keys, takeKeys } from "./keys.js";
import { createMessageReader } from "./lines.js";
import { ChatSession } from "./session.js";
import { steerByKeys } from "./steer.js";

/** Runs the chat until the end of the input. Resolves to the exit code. */
export function chat(flags: Flags): Promise<number> {
  return guarded(async (signal) => {
    const settings = await readSettings(flags);
    const keys = takeKeys();
    keys.onInterrupt = interruptProcess;
    try {
      const terminal = leavingKeys(createTerminal(signal, settings), keys);
      const connected = await connect(settings.target, { terminal, signal });
      try {
        const session = new ChatSession(connected, settings.target);
        await session.open();
        const { opencode } = connected;
        const state: Chat = { opencode, session, terminal, model: settings.turn.model };
        if (terminal.isInteractive) await terminal.detail(help());
        await talk(state, { settings, keys, signal });
      } finally {
        keys.onInterrupt = interruptProcess;
        await connected.close();
      }
    } finally {
      keys.stop();
    }
  });
}

/** In raw mode Ctrl-C is a key and sends no signal: this sends it. */
function interruptProcess(): void {
  process.kill(process.pid, "SIGINT");
}

/** Releases the keys while a prompt is shown. */
function leavingKeys(terminal: Terminal, keys: Keys): Terminal {
  return { ...terminal, alone: (work) => terminal.alone(() => keys.lent(work)) };
}

interface Talk {
  readonly settings: Settings;
  readonly keys: Keys;
  readonly signal: AbortSignal;
}

async function talk(state: Chat, { settings, keys, signal }: Talk): Promise<void> {
  const reader = createMessageReader(keys);
  signal.addEventListener("abort", () => reader.close(), { once: true });
  try {
    for (let isOn = true; isOn; ) {
      const message = await reader.next();
      signal.throwIfAborted();
      if (message === undefined) return;
      if (message.trim() === "") continue;
      isOn = await interruptible(state, { keys, signal }, async (stop) => {
        if (message.startsWith("/")) return runCommand(state, message);
        const work = (session: Session): Promise<void> => answer(session, message, { state, settings, stop, keys });
        await state.session.use(work, { signal: stop.signal, title: titleFor(message) });
        return true;
      });
    }
  } finally {
    reader.close();
  }
}

/** Runs `work`. Ctrl-C aborts it, errors are printed, and the chat continues. */
async function interruptible(
  { terminal }: Chat,
  { keys, signal }: Pick<Talk, "keys" | "signal">,
  work: (stop: AbortController) => Promise<boolean>,
): Promise<boolean> {
  const stop = new AbortController();
  const onAbort = (): void => stop.abort(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  keys.onInterrupt = () => stop.abort(new Error("interrupted"));
  try {
    return await work(stop);
  } catch (error) {
    signal.throwIfAborted();
    await terminal.endLine();
    await terminal.detail(stop.signal.aborted ? "(interrupted)\n" : explain(error));
    return true;
  } finally {
    signal.removeEventListener("abort", onAbort);
  }
}

interface Turn {
  readonly state: Chat;
  readonly settings: Settings;
  readonly stop: AbortController;
  readonly keys: Keys;
}

async function answer(session: Session, message: string, turn: Turn): Promise<void> {
  const { state, settings, keys, stop } = turn;
  const { terminal } = state;
  const { quiet } = settings;
  const showing = { terminal, quiet, thinking: settings.turn.thinking, typed: () => keys.typed() };
  const stream = session.askStream(message, turnOptions(turn));
  const steering = steerByKeys(stream, { keys, terminal, stop: stop.signal });
  try {
    const onFailure = async (error: unknown): Promise<void> => {
      if (steering.isEmpty || stop.signal.aborted) throw error;
      await terminal.detail(explain(error));
    };
    await showRun(stream, showing).catch(onFailure);
    // Those that came too late are turns of their own.
    for await (const { events, answer: next } of steering.turns())
      if (events !== undefined && next !== undefined) await showRun({ events, answer: next }, showing).catch(onFailure);
  } finally {
    await steering.end();
  }
}

function turnOptions({ state, settings, stop }: Turn): SessionTurnOptions {
  const { turn, target } = settings;
  const askers = askersOf(state.terminal, () => stop.abort(new Error("interrupted")));
  const others = turn.fallbackModels?.filter((name) => name !== state.model) ?? []; // "/model" may have named one of them
  return {
    signal: stop.signal,
    model: state.model,
    agent: turn.agent,
    permissionMode: target.mode,
    variant: turn.variant,
    maxSubagents: turn.maxSubagents,
    fallbackModels: others.length > 0 ? others : undefined,
    ...askers,
    onPermission: turn.policy?.(askers.onPermission) ?? askers.onPermission,
  };
}
