/** Defines the command line. Each command is loaded when it is called. */
import { Command, CommanderError, Option } from "commander";
import { exitCodes, explain, UsageError } from "./failures.js";
import { nearlyCommand } from "./misspelled-command.js";
import { packageVersion } from "./package-files.js";
import { addServerOptions, collect, fallbackModelFlag, type Settle, serverCommand } from "./server-options.js";
import { addServiceCommands } from "./service-commands.js";
import type { Flags } from "./settings.js";

/** Runs the command. Resolves to its exit code. */
export async function runProgram(args: readonly string[]): Promise<number> {
  let code = 0;
  const settle = (result: number): void => {
    code = result;
  };
  // Arguments after "--" are a prompt: commander would still take the first one for a command.
  const words = args.indexOf("--");
  const program = createProgram(settle, words >= 0);
  if (words < 0 || args.slice(0, words).some((arg) => names.includes(arg))) addAllCommands(program, settle);
  try {
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0; // help or version
    const usage = error instanceof CommanderError ? new UsageError(sentence(error, program, args)) : error;
    process.stderr.write(explain(usage));
    return 2;
  }
}

function sentence({ code, message }: CommanderError, program: Command, args: readonly string[]): string {
  const group = program.commands.find((one) => one.commands.length > 0 && args.includes(one.name()));
  if (code === "commander.help" && group !== undefined)
    return `"opencode-ts ${group.name()}" needs one of ${group.commands.map((one) => one.name()).join(", ")}`;
  return message.replace(/^error: /, "").replace(/\n/g, " ");
}

/** `isLiteral`: the arguments are a prompt in any case. */
function createProgram(settle: Settle, isLiteral: boolean): Command {
  const program = new Command("opencode-ts");
  program
    .description("Asks the opencode agent and streams the answer.")
    .usage(
      "[options] [--] <prompt>...\n       command | opencode-ts [options] [<prompt>...]\n       opencode-ts <command> [options]",
    )
    .argument("[prompt...]", 'the prompt; piped input is appended to it, and "-" waits for the pipe')
    .version(packageVersion(), "-v, --version", "print the version of opencode-ts")
    .helpOption("-h, --help", "print this help")
    .configureOutput({ writeErr: () => {} }) // explain() writes our own message
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText("after", afterHelp);
  addTargetOptions(program);
  addTurnOptions(program);
  program
    .option("-k, --keep", "use a server that outlives the call, and continue its conversation")
    .option("-f, --file <path>", "attach a file; may be repeated", collect)
    .option("--schema <file>", "JSON Schema that the answer must match; prints the output as JSON")
    .option("--json", "print one JSON object")
    .option("--stream-json", "print the events of the run, one JSON object per line")
    .option("-q, --quiet", "print only the answer and errors")
    .option("--timeout <seconds>", "abort the run after that time")
    .option("--max-cost <usd>", "abort a run that costs more than that")
    .option("--max-repeats <n>", 'abort a run that makes the same calls twice as often in a row; "off" for no limit')
    .option("--command <name>", "run a command of the agent with the prompt as its arguments")
    .option("--share", "publish the session and print its address")
    .option("--park", 'leave permission requests to "opencode-ts approvals": the call ends, and the run waits')
    .action(async (words: string[], flags: Flags) => {
      if (!isLiteral && flags.command === undefined) await requirePrompt(words);
      const { ask } = await import("./ask.js");
      settle(await ask(words, flags, program.helpInformation()));
    });
  return program;
}

/** Asks for confirmation if the prompt resembles a command: a typo must not start an agent. Throws `UsageError`. */
async function requirePrompt(words: readonly string[]): Promise<void> {
  const meant = nearlyCommand(words, names);
  if (meant === undefined) return;
  const { createTerminal } = await import("./terminal.js");
  const stop = new AbortController();
  const terminal = createTerminal(stop.signal);
  if (terminal.isInteractive) {
    const { askWhetherPrompt } = await import("./prompts.js");
    if (await askWhetherPrompt(words.join(" "), meant, terminal, stop.signal)) return;
  }
  throw new UsageError(
    `there is no command "${words[0]}"; did you mean "opencode-ts ${meant}"? If these words are a prompt, it goes after "--".`,
  );
}

const names: readonly string[] = [
  "approvals",
  "chat",
  "sessions",
  "models",
  "install",
  "doctor",
  "prune",
  "serve",
  "stop",
  "status",
  "web",
];

function addAllCommands(program: Command, settle: Settle): void {
  addChat(program, settle);
  addCommands(program, settle);
  addServiceCommands(program, settle);
}

/** Options for the server and the session. */
function addTargetOptions(command: Command): Command {
  return addServerOptions(command)
    .option("--session <id>", "continue a session")
    .option("-c, --continue", "continue the newest session of the directory")
    .option("--fork", "continue a copy of the session")
    .option("--title <title>", "title of a new session")
    .option("--budget <usd>", "limit of what a new session may cost, over all its runs");
}

function addTurnOptions(command: Command): Command {
  return command
    .option("-m, --model <provider/model>", "the model (default: the agent's default model)")
    .option("--agent <name>", "the agent that answers: build, plan, …")
    .option("--variant <name>", "a variant of the model, for example high")
    .option(...fallbackModelFlag, collect)
    .option("--thinking", "show the model's reasoning")
    .option("--max-subagents <number>", "sub-agents that a run may call; 0: none")
    .option("--auto-tools", "allow write, edit, read, glob and grep; ask for bash")
    .addOption(new Option("--permission-mode <mode>", "default, plan, readOnly, acceptEdits, autoTools or bypass"))
    .option("--policy <file>", "JSON file with rules that answer permission requests");
}

function addChat(program: Command, settle: Settle): void {
  const chat = program.command("chat").description("chat in the terminal");
  addTurnOptions(addTargetOptions(chat))
    .option("-k, --keep", "use a server that outlives the call, and continue its conversation")
    .action(async (_own, command: Command) => {
      const { chat: run } = await import("./chat/chat.js");
      settle(await run(command.optsWithGlobals<Flags>()));
    });
}

function addCommands(program: Command, settle: Settle): void {
  const sessions = program.command("sessions").description("list, show, move and delete sessions");
  const load = () => import("./commands/sessions.js");
  serverCommand(sessions, "list", "list the sessions of the directory, newest first")
    .option("-n, --limit <number>", "maximum number of sessions")
    .action(async (_own, command: Command) => settle(await (await load()).listSessions(command.optsWithGlobals())));
  serverCommand(sessions, "show <id>", "print the messages of a session as text").action(
    async (id: string, _own, command: Command) =>
      settle(await (await load()).showSession(id, command.optsWithGlobals())),
  );
  serverCommand(sessions, "budget <id>", "print what a session has used, and what is left of its budget").action(
    async (id: string, _own, command: Command) =>
      settle(await (await load()).showBudget(id, command.optsWithGlobals())),
  );
  serverCommand(sessions, "export <id>", "print a session as a document (JSON) for sessions import")
    .option("-o, --output <file>", "write the document into a file")
    .option("--redact", "replace secrets in all texts by [redacted]")
    .action(async (id: string, _own, command: Command) =>
      settle(await (await load()).exportSession(id, command.optsWithGlobals())),
    );
  serverCommand(sessions, "import <file>", "make a session of a document, and print its id; - reads the input")
    .option("-m, --model <provider/model>", "the session's own model (default: that of the document)")
    .option("--agent <name>", "the session's own agent (default: that of the document)")
    .option("--no-rules", "leave out the permission rules of the document")
    .action(async (file: string, _own, command: Command) =>
      settle(await (await load()).importSession(file, command.optsWithGlobals())),
    );
  serverCommand(sessions, "delete <id...>", "delete sessions permanently").action(
    async (ids: string[], _own, command: Command) =>
      settle(await (await load()).deleteSessions(ids, command.optsWithGlobals())),
  );
  serverCommand(program, "models [search]", "list the available models").action(
    async (search: string | undefined, _own, command: Command) =>
      settle(await (await import("./commands/models.js")).listModels(search, command.optsWithGlobals())),
  );
  program
    .command("install [version]")
    .description("download the agent (default: the release that this package targets)")
    .option("--json", "print JSON")
    .action(async (wanted: string | undefined, _own, command: Command) =>
      settle(await (await import("./commands/install.js")).install(wanted, command.optsWithGlobals())),
    );
  serverCommand(program, "doctor", "check the installation, the server, the configuration and the models").action(
    async (_own, command: Command) =>
      settle(await (await import("./commands/doctor.js")).doctor(command.optsWithGlobals())),
  );
}

const afterHelp = `
Piped input is the prompt, or is appended to the given prompt. "-" waits for the pipe. Without "-", a pipe that stays silent
for 3 seconds is ignored. If the first word of a prompt is the name of a command, the prompt goes after "--".

The answer goes to standard output, everything else to standard error. Permission requests are shown in the terminal; without
a terminal they are rejected and listed. Ctrl-C aborts the run; a second Ctrl-C kills the command.

Exit codes:
${exitCodes.map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`).join("\n")}

Environment:
  OPENCODE_BINARY            path of the agent's binary (default: from PATH, npm packages, or a download)
  OPENCODE_DOWNLOAD_URL      mirror for the download of the agent, instead of GitHub
  GITHUB_TOKEN               your own rate limit at GitHub for the download
  HTTPS_PROXY, NO_PROXY      proxy for the download
  OPENCODE_SERVER_USERNAME   user name for --attach (default: opencode)
  OPENCODE_SERVER_PASSWORD   password for --attach and serve
  OPENCODE_LOG               log level: error, warn, info or debug
  NO_COLOR                   disables colours
`;
