/** Prompts the user in the terminal. Only this module loads the library for prompts. */
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

/** Prompts go to standard error: standard output belongs to the answer. */
function common(signal: AbortSignal): { input: NodeJS.ReadStream; output: NodeJS.WriteStream; signal: AbortSignal } {
  return { input: process.stdin, output: process.stderr, signal };
}

/** In raw mode Ctrl-C sends no signal: this sends it. */
function interruptProcess(): void {
  process.kill(process.pid, "SIGINT");
}

/** Prompts run one after the other, without other output. `interrupt`: called for Ctrl-C at a prompt. */
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

/** Whether the words are a prompt although they resemble a command; false if the user cancels. */
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

/** The password of a server; `undefined` if the user enters none. */
export function askPassword(baseUrl: string, terminal: Terminal, signal: AbortSignal): Promise<string | undefined> {
  return terminal.alone(async () => {
    const password = await clack.password({ ...common(signal), message: `Password of ${baseUrl}` });
    return clack.isCancel(password) || password === "" ? undefined : password;
  });
}
