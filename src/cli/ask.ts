/** One question, from the words of the command line to the last line of the answer. */
import { type AgentEvent, type Answer, createOpencode, type Opencode } from "../index.js";
import { type AskCommand, UsageError, usage } from "./arguments.js";
import { readInput, silence } from "./input.js";
import type { Output } from "./output.js";

export interface AskParts {
  readonly stdin: NodeJS.ReadStream;
  readonly output: Output;
  /** One line for whoever sits in front of it. */
  readonly note: (line: string) => void;
  /** Ends everything. */
  readonly signal: AbortSignal;
}

/** @throws UsageError when there is nothing to ask, and whatever `createOpencode` and `Opencode.ask` throw. */
export async function ask(command: AskCommand, parts: AskParts): Promise<void> {
  if (command.needsInput) {
    const prompt = join(
      command.words,
      (await readInput(parts.stdin, { patience: undefined, signal: parts.signal })).text,
    );
    if (prompt === "") throw new UsageError(`there is no prompt\n\n${usage}`);
    await withOpencode(command, parts, async (starting) => answer(await starting, prompt, parts));
    return;
  }
  await withOpencode(command, parts, async (starting) => {
    const { text, isSilent } = await readInput(parts.stdin, { patience: silence, signal: parts.signal });
    if (isSilent)
      parts.note(`nothing came on standard input within ${silence / 1000} s: going on without it ("-" waits for it)`);
    await answer(await starting, join(command.words, text), parts);
  });
}

function join(words: string, input: string): string {
  return [words, input.trim() === "" ? "" : input.trimEnd()].filter((text) => text !== "").join("\n\n");
}

/** The server starts while standard input is read; whatever happens, it ends. */
async function withOpencode(
  { model, directory }: AskCommand,
  { signal }: AskParts,
  work: (starting: Promise<Opencode>) => Promise<void>,
): Promise<void> {
  const starting = createOpencode({ model, directory, signal });
  starting.catch(() => {}); // told when it is awaited
  try {
    await work(starting);
  } finally {
    await starting.then(
      (opencode) => opencode.close(),
      () => {}, // told above
    );
  }
}

async function answer(opencode: Opencode, prompt: string, { output, note, signal }: AskParts): Promise<void> {
  const stream = opencode.askStream(prompt, { signal });
  try {
    for await (const event of stream.events) {
      if (event.type === "text-delta") await output.write(event.text);
      else if (event.type === "step-start")
        await output.endLine(); // the texts of two steps belong on two lines
      else report(event, note);
    }
    summarize(await stream.answer, note);
  } finally {
    await output.endLine();
  }
}

/** What makes the answer wait, as it happens. */
function report(event: AgentEvent, note: (line: string) => void): void {
  if (event.type !== "retry") return;
  const seconds = Math.max(0, Math.round((event.next - Date.now()) / 1000));
  note(`the model failed (${event.message}): try ${event.attempt + 1} in ${seconds} s`);
}

/** What the text alone does not say. */
function summarize({ denials, finishReason }: Answer, note: (line: string) => void): void {
  for (const { permission, patterns } of denials) {
    note(
      `refused: ${permission} ${patterns.join(" ")} (nobody is here to allow it: see "permission" in opencode's configuration)`,
    );
  }
  if (finishReason === "length") note("the answer is cut: the model has reached its longest output");
}
