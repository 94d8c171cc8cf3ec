/** `opencode-ts chat`: a dialog of many turns. */
import type { Session, SessionTurnOptions } from "../../index.js";
import { showRun } from "../answer.js";
import { type Askers, askersOf } from "../askers.js";
import { explain } from "../failures.js";
import { guarded } from "../guarded.js";
import { type Flags, readSettings, type Settings } from "../settings.js";
import { connect, titleFor } from "../target.js";
import { createTerminal } from "../terminal.js";
import { type Chat, help, runCommand } from "./commands.js";
import { type InterruptKeys, interruptKeys } from "./interrupt.js";
import { createMessageReader } from "./lines.js";
import { ChatSession } from "./session.js";

/** Talks until the end of the input. Resolves to the exit code. */
export function chat(flags: Flags): Promise<number> {
  return guarded(async (signal) => {
    const settings = await readSettings(flags);
    const terminal = createTerminal(signal);
    const connected = await connect(settings.target, { terminal, signal });
    try {
      const session = new ChatSession(connected, settings.target);
      await session.open();
      const { opencode } = connected;
      const state: Chat = { opencode, session, terminal, model: settings.turn.model };
      if (terminal.isInteractive) await terminal.detail(help());
      await talk(state, settings, signal);
    } finally {
      await connected.close();
    }
  });
}

async function talk(state: Chat, settings: Settings, signal: AbortSignal): Promise<void> {
  const reader = createMessageReader();
  signal.addEventListener("abort", () => reader.close(), { once: true });
  try {
    for (let isOn = true; isOn; ) {
      const message = await reader.next();
      signal.throwIfAborted();
      if (message === undefined) return;
      if (message.trim() === "") continue;
      isOn = await interruptible(state, signal, async (stop, keys) => {
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

/** Ctrl-C ends what runs, and what fails is told: the chat goes on. */
async function interruptible(
  { terminal }: Chat,
  signal: AbortSignal,
  work: (stop: AbortController, keys: InterruptKeys) => Promise<boolean>,
): Promise<boolean> {
  const stop = new AbortController();
  const onAbort = (): void => stop.abort(signal.reason);
  signal.addEventListener("abort", onAbort, { once: true });
  const keys = interruptKeys(() => stop.abort(new Error("interrupted")));
  try {
    return await work(stop, keys);
  } catch (error) {
    signal.throwIfAborted();
    await terminal.endLine();
    await terminal.detail(stop.signal.aborted ? "(interrupted)\n" : explain(error));
    return true;
  } finally {
    keys.stop();
    signal.removeEventListener("abort", onAbort);
  }
}

interface Turn {
  readonly state: Chat;
  readonly settings: Settings;
  readonly stop: AbortController;
  readonly keys: InterruptKeys;
}

async function answer(session: Session, message: string, turn: Turn): Promise<void> {
  const { terminal } = turn.state;
  const { quiet, turn: given } = turn.settings;
  const stream = session.askStream(message, turnOptions(turn));
  await showRun(stream, { terminal, quiet, thinking: given.thinking });
}

function turnOptions({ state, settings, stop, keys }: Turn): SessionTurnOptions {
  const { turn, target } = settings;
  const askers = chatAskers(state, stop, keys);
  return {
    signal: stop.signal,
    model: state.model,
    agent: turn.agent,
    permissionMode: target.mode,
    variant: turn.variant,
    ...askers,
    onPermission: turn.policy?.(askers.onPermission) ?? askers.onPermission,
  };
}

/** Prompts take the keys while they ask. */
function chatAskers({ terminal }: Chat, stop: AbortController, keys: InterruptKeys): Askers {
  const alone: typeof terminal.alone = (work) =>
    terminal.alone(async () => {
      keys.pause();
      try {
        return await work();
      } finally {
        if (!stop.signal.aborted) keys.resume();
      }
    });
  return askersOf({ ...terminal, alone }, () => stop.abort(new Error("interrupted")));
}
