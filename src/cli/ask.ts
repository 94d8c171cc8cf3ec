/** One prompt, from the command-line arguments to the last line of the answer. */
import {
  type Answer,
  type AnswerStream,
  attach,
  isOpencodeError,
  type Session,
  type SessionTurnOptions,
} from "../index.js";
import { failureData, UsageError } from "./failures.js";
import { type Input, readInput, silence } from "./input.js";
import { answerObject, eventLine } from "./json-output.js";
import { showRun } from "./output.js";
import { askersOf } from "./prompt-handlers.js";
import { guarded } from "./run-command.js";
import { type Flags, readSettings, type Settings } from "./settings.js";
import { budgetOf, type Connected, connect, namedSession, titleFor } from "./target.js";
import { createTerminal, type Terminal } from "./terminal.js";

/** The context of every step. */
export interface Asking {
  readonly settings: Settings;
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** Sends the prompt and writes the answer. Resolves to the exit code. Shows `usage` if there is no prompt. */
export function ask(words: readonly string[], flags: Flags, usage: string): Promise<number> {
  return guarded(async (signal) => {
    const settings = await readSettings(flags);
    const asking: Asking = { settings, terminal: createTerminal(signal, settings), signal };
    const given = words
      .filter((word) => word !== "-")
      .join(" ")
      .trim();
    // A command needs no arguments: then there is no wait for input.
    const needsInput = words.includes("-") || (given === "" && settings.turn.command === undefined);
    if (needsInput) {
      const { text } = await readInput(process.stdin, { waitLimit: undefined, signal });
      signal.throwIfAborted();
      const prompt = joined(given, text);
      if (prompt === "") throw new UsageError(`there is no prompt\n\n${usage}`);
      await withConnection(asking, async () => prompt);
    } else {
      await withConnection(asking, async () => {
        const input = await readInput(process.stdin, { waitLimit: silence, signal });
        tellSilence(input, asking);
        return joined(given, input.text);
      });
    }
  }, failureWriter(flags));
}

/** Writes a failure as JSON, with `--json` and `--stream-json`. */
export function failureWriter({ json, streamJson }: Flags): (error: unknown) => Promise<void> {
  return async (error) => {
    if (json === true) process.stdout.write(`${JSON.stringify({ error: failureData(error) })}\n`);
    if (streamJson === true) {
      const message = error instanceof Error ? error.message : String(error);
      const { sessionId = "" } = isOpencodeError(error) ? error : {};
      process.stdout.write(`${JSON.stringify({ type: "error", sessionId, message, error: failureData(error) })}\n`);
    }
  };
}

function joined(words: string, input: string): string {
  return [words, input.trim() === "" ? "" : input.trimEnd()].filter((text) => text !== "").join("\n\n");
}

function tellSilence({ isSilent }: Input, { terminal, settings }: Asking): void {
  if (!isSilent || settings.quiet) return;
  terminal.note(`nothing came on standard input within ${silence / 1000} s: continuing without it ("-" waits for it)`);
}

/** The server starts while standard input is read. A started server is closed in every case. */
async function withConnection(asking: Asking, readPrompt: () => Promise<string>): Promise<void> {
  const { signal, terminal, settings } = asking;
  const connecting = connect(settings.target, { terminal, signal });
  connecting.catch(() => {}); // reported by the await below
  try {
    const prompt = await readPrompt();
    const connected = await connecting;
    if (connected.conversation !== undefined) await askKept(asking, connected, prompt);
    else await askSession(asking, connected, prompt);
  } finally {
    await connecting.then(
      (connected) => connected.close(),
      () => {}, // reported above
    );
  }
}

async function askKept(asking: Asking, connected: Connected, prompt: string): Promise<void> {
  const { conversation, opencode } = connected;
  const { target } = asking.settings;
  const named = await namedSession(opencode, target);
  if (named !== undefined) return run(asking, named, prompt);
  await conversation?.use(
    async (session) => {
      await run(asking, target.fork ? await session.fork({ budget: budgetOf(target) }) : session, prompt);
    },
    { signal: asking.signal, title: titleFor(prompt) },
  );
}

async function askSession(asking: Asking, { opencode }: Connected, prompt: string): Promise<void> {
  const { target, turn } = asking.settings;
  const named = await namedSession(opencode, target);
  if (named !== undefined) return run(asking, named, prompt);
  const { title, budget } = target;
  const isPlain = title === undefined && budget === undefined && !target.share && turn.command === undefined;
  // Only a new session may use the server's native structured output.
  if (isPlain) await show(asking, opencode.askStream(prompt, turnOptions(asking)));
  else
    await run(
      asking,
      await opencode.createSession({ title: title ?? titleFor(prompt), budget: budgetOf(target) }),
      prompt,
    );
}

async function run(asking: Asking, session: Session, prompt: string): Promise<void> {
  const { target, turn } = asking.settings;
  if (target.share) asking.terminal.note(`shared: ${await session.share()}`);
  const options = turnOptions(asking);
  if (turn.command === undefined) return show(asking, session.askStream(prompt, options));
  const { schema: _none, files: _noFiles, ...rest } = options; // refused together with a command
  const answer = await session.command(turn.command, prompt, rest);
  await finish(asking, answer);
}

/** The options of the turn: from the flags, and the handlers that answer the agent. */
export function turnOptions({ settings, terminal, signal }: Asking): SessionTurnOptions<unknown> {
  const { turn, target } = settings;
  const askers = askersOf(terminal);
  return {
    signal,
    model: turn.model,
    agent: turn.agent,
    permissionMode: target.mode,
    variant: turn.variant,
    ...(turn.fallbackModels && { fallbackModels: turn.fallbackModels }),
    timeout: turn.timeout,
    maxCost: turn.maxCost,
    maxSubagents: turn.maxSubagents,
    ...(turn.maxRepeats === undefined ? {} : { maxRepeats: turn.maxRepeats }),
    files: turn.files.map((path) => attach(path)),
    ...askers,
    onPermission: turn.park ? "park" : (turn.policy?.(askers.onPermission) ?? askers.onPermission),
    ...(turn.schema === undefined ? {} : { schema: turn.schema }),
    // A prompt in the server's own form cannot be read back, to be asked again (1.18.33).
    ...(turn.schema !== undefined && turn.park ? { structured: "prompt" as const } : {}),
  };
}

/** Writes the run, or its answer, in the format of the flags. */
export async function show(asking: Asking, stream: AnswerStream<unknown>): Promise<void> {
  const { format, quiet, turn } = asking.settings;
  const { terminal } = asking;
  if (format === "stream-json") {
    for await (const event of stream.events) {
      const line = eventLine(event);
      if (line !== undefined) await terminal.text(`${line}\n`);
    }
    await stream.answer;
  } else if (format === "json" || turn.schema !== undefined) {
    await finish(asking, await stream.answer);
  } else await showRun(stream, { terminal, quiet, thinking: turn.thinking });
}

/** Writes an answer at once: as JSON, the output of a schema, or the text of a command. */
async function finish({ settings, terminal }: Asking, answer: Answer<unknown>): Promise<void> {
  const { format, turn } = settings;
  if (format === "stream-json") {
    const { sessionId } = answer;
    await terminal.text(`${eventLine({ type: "finish", sessionId, answer }) ?? ""}\n`);
  } else if (format === "json") await terminal.text(`${JSON.stringify(answerObject(answer))}\n`);
  else if (turn.schema !== undefined) await terminal.text(`${JSON.stringify(answer.output, undefined, 2)}\n`);
  else await terminal.text(answer.text);
  await terminal.endLine();
  if (!settings.quiet) tellDenials(answer, terminal);
}

function tellDenials({ denials }: Answer<unknown>, terminal: Terminal): void {
  for (const { permission, patterns, reason } of denials) {
    terminal.note(`refused: ${permission} ${patterns.join(" ")} (${reason})`);
  }
}
