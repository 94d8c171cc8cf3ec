/** Asks the person in front of the terminal. Loads the library for prompts, which nothing else does. */
import * as clack from "@clack/prompts";
import type {
  PermissionHandler,
  PermissionReply,
  PermissionRequest,
  PlanExitHandler,
  QuestionHandler,
  QuestionRequest,
} from "../index.js";
import { permissionText } from "./permission-text.js";
import type { Terminal } from "./terminal.js";

/** The callbacks of a turn, answered by a person. */
export interface PersonAsked {
  readonly onPermission: PermissionHandler;
  readonly onQuestion: QuestionHandler;
  readonly onPlanExit: PlanExitHandler;
}

/** Prompts go to standard error: standard output is the answer's. */
function common(signal: AbortSignal): { input: NodeJS.ReadStream; output: NodeJS.WriteStream; signal: AbortSignal } {
  return { input: process.stdin, output: process.stderr, signal };
}

/** Ctrl-C at a prompt is no signal, since the terminal is in raw mode: it is made one. */
function interruptProcess(): void {
  process.kill(process.pid, "SIGINT");
}

/** Everything is asked one after the other, while nothing else is written. `interrupt`: for Ctrl-C at a prompt. */
export function personAsked(terminal: Terminal, interrupt: () => void = interruptProcess): PersonAsked {
  return {
    onPermission: (request, { signal }) =>
      terminal.alone(() => askPermission(request, terminal, { signal, interrupt })),
    onQuestion: (question, { signal }) => terminal.alone(() => askQuestions(question, { signal, interrupt })),
    onPlanExit: (_question, { signal }) =>
      terminal.alone(() => confirm("Leave plan mode and build?", { signal, interrupt })),
  };
}

interface Asking {
  readonly signal: AbortSignal;
  readonly interrupt: () => void;
}

async function askPermission(
  request: PermissionRequest,
  { color }: Terminal,
  asking: Asking,
): Promise<PermissionReply> {
  const { signal } = asking;
  const { title, body } = permissionText(request, color);
  process.stderr.write(`${body}\n`);
  const always = request.always ?? [];
  const scope = always.length === 0 || always.includes("*") ? "every request of this kind" : always.join(", ");
  const choice = await clack.select({
    ...common(signal),
    message: title,
    options: [
      { value: "once", label: "Yes, once" },
      { value: "always", label: "Yes, always", hint: `${scope}, until the server ends` },
      { value: "no", label: "No, and say why" },
    ],
  });
  if (choice === "once" || choice === "always") return choice;
  if (clack.isCancel(choice)) return endedByPerson(asking);
  const reason = await clack.text({
    ...common(signal),
    message: "What should the agent do instead?",
    placeholder: "Enter for no reason",
    defaultValue: "",
  });
  if (clack.isCancel(reason)) return endedByPerson(asking);
  return { reject: reason.trim() === "" ? "the user said no" : `the user said no: ${reason.trim()}` };
}

function endedByPerson({ signal, interrupt }: Asking): PermissionReply {
  if (!signal.aborted) interrupt();
  return { reject: "the user interrupted the run" };
}

async function askQuestions({ questions }: QuestionRequest, asking: Asking): Promise<string[][] | "reject"> {
  const answers: string[][] = [];
  for (const question of questions) {
    const answer = await askQuestion(question, asking.signal);
    if (answer === undefined) {
      endedByPerson(asking);
      return "reject";
    }
    answers.push(answer);
  }
  return answers;
}

const other = "\u0000other";

async function askQuestion(
  { header, question, options, multiple }: QuestionRequest["questions"][number],
  signal: AbortSignal,
): Promise<string[] | undefined> {
  const message = header === "" ? question : `${header}: ${question}`;
  const choices = options.map(({ label, description }) => ({ value: label, label, hint: description }));
  if (choices.length === 0) return askText(message, signal);
  if (multiple === true) {
    const chosen = await clack.multiselect({ ...common(signal), message, options: choices, required: false });
    return clack.isCancel(chosen) ? undefined : chosen;
  }
  const all = [...choices, { value: other, label: "Something else", hint: "type it" }];
  const chosen = await clack.select({ ...common(signal), message, options: all });
  if (clack.isCancel(chosen)) return undefined;
  return chosen === other ? askText(message, signal) : [chosen];
}

async function askText(message: string, signal: AbortSignal): Promise<string[] | undefined> {
  const text = await clack.text({ ...common(signal), message });
  return clack.isCancel(text) ? undefined : [text];
}

async function confirm(message: string, asking: Asking): Promise<boolean> {
  const yes = await clack.confirm({ ...common(asking.signal), message });
  if (clack.isCancel(yes)) endedByPerson(asking);
  return yes === true;
}

/** Is it a prompt, though it looks like a command? No, when it is left open. */
export function askWhetherPrompt(
  words: string,
  meant: string,
  terminal: Terminal,
  signal: AbortSignal,
): Promise<boolean> {
  return terminal.alone(async () => {
    const message = `There is no command "${words}". Did you mean "${meant}"? Send "${words}" to the agent as a prompt?`;
    return (await clack.confirm({ ...common(signal), message, initialValue: false })) === true;
  });
}

/** The password of a server; `undefined` when the person gives none. */
export function askPassword(baseUrl: string, terminal: Terminal, signal: AbortSignal): Promise<string | undefined> {
  return terminal.alone(async () => {
    const password = await clack.password({ ...common(signal), message: `Password of ${baseUrl}` });
    return clack.isCancel(password) || password === "" ? undefined : password;
  });
}
