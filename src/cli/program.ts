/** The command line: what there is, and where it goes. Each command is loaded when it is called. */
import { Command, CommanderError, Option } from "commander";
import { exitCodes, explain, UsageError } from "./failures.js";
import { nearlyCommand } from "./misspelled-command.js";
import { packageVersion } from "./package-files.js";
import type { Flags } from "./settings.js";

/** Runs the command. Resolves to its exit code. */
export async function runProgram(args: readonly string[]): Promise<number> {
  let code = 0;
  const settle = (result: number): void => {
    code = result;
  };
  // What follows "--" is words, whatever they are: commander would still take the first for a command.
  const words = args.indexOf("--");
  const program = createProgram(settle, words >= 0);
  if (words < 0 || args.slice(0, words).some((arg) => names.includes(arg))) addAllCommands(program, settle);
  try {
    await program.parseAsync([...args], { from: "user" });
    return code;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0; // help or version
    const usage = error instanceof CommanderError ? new UsageError(sentence(error.message)) : error;
    process.stderr.write(explain(usage));
    return 2;
  }
}

function sentence(message: string): string {
  return message.replace(/^error: /, "").replace(/\n/g, " ");
}

type Settle = (code: number) => void;

/** `isLiteral`: the words are a prompt, whatever they are. */
function createProgram(settle: Settle, isLiteral: boolean): Command {
  const program = new Command("opencode-ts");
  program
    .description("Asks the opencode agent and prints the answer as it comes.")
    .usage(
      "[options] [--] <prompt>...\n       command | opencode-ts [options] [<prompt>...]\n       opencode-ts <command> [options]",
    )
    .argument("[prompt...]", 'the prompt; what comes through a pipe is added to it, and "-" waits for it')
    .version(packageVersion(), "-v, --version", "print the version of opencode-ts")
    .helpOption("-h, --help", "print this")
    .configureOutput({ writeErr: () => {} }) // written in our own words
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText("after", afterHelp);
  addTargetOptions(program);
  addTurnOptions(program);
  program
    .option("-k, --keep", "ask a server that stays for the next calls, and go on with its conversation")
    .option("-f, --file <path>", "attach a file; may be repeated", collect)
    .option("--schema <file>", "JSON Schema that the answer must fit; prints the output as JSON")
    .option("--json", "print one JSON object")
    .option("--stream-json", "print the events of the run, one JSON object a line")
    .option("-q, --quiet", "print nothing but the answer and errors")
    .option("--timeout <seconds>", "abort the run after that time")
    .option("--max-cost <usd>", "abort a run that costs more")
    .option("--command <name>", "run a command of the agent; the prompt is its arguments")
    .option("--share", "publish the session, and say where")
    .action(async (words: string[], flags: Flags) => {
      if (!isLiteral && flags.command === undefined) await requirePrompt(words);
      const { ask } = await import("./ask.js");
      settle(await ask(words, flags, program.helpInformation()));
    });
  return program;
}

/** Asks whether words that are nearly a command are a prompt: a slip of the pen must not start an agent. Throws `UsageError`. */
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
    `there is no command "${words[0]}"; did you mean "opencode-ts ${meant}"? A prompt of these words goes after "--".`,
  );
}

const names: readonly string[] = [
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
  addPrune(program, settle);
  addServers(program, settle);
}

/** Which server and session. */
function addTargetOptions(command: Command): Command {
  return addServerOptions(command)
    .option("--session <id>", "go on with a session")
    .option("-c, --continue", "go on with the newest session of the directory")
    .option("--fork", "go on with a copy of it")
    .option("--title <title>", "title of a new session");
}

/** Which server. */
function addServerOptions(command: Command): Command {
  return command
    .option("-d, --directory <path>", "where the agent works (default: the current directory)")
    .option("-p, --port <number>", "port of the server that is started (default: a free one)")
    .option("--isolated", "without your configuration, logins and data: a private home, removed in the end")
    .option("--attach <url>", "use a server that runs; password: OPENCODE_SERVER_PASSWORD, or asked for");
}

function addTurnOptions(command: Command): Command {
  return command
    .option("-m, --model <provider/model>", "the model to ask (default: the agent's own)")
    .option("--agent <name>", "the agent that answers: build, plan, …")
    .option("--variant <name>", "a variant of the model, for example high")
    .option("--thinking", "show what the model thinks")
    .option("--auto-tools", "allow write, edit, read, glob and grep; bash is asked for")
    .addOption(new Option("--permission-mode <mode>", "default, plan, readOnly, acceptEdits, autoTools or bypass"))
    .option("--policy <file>", "JSON with rules that answer what the agent asks for");
}

function addChat(program: Command, settle: Settle): void {
  const chat = program.command("chat").description("a dialog in the terminal");
  addTurnOptions(addTargetOptions(chat))
    .option("-k, --keep", "in the conversation of the server that stays")
    .action(async (_own, command: Command) => {
      const { chat: run } = await import("./chat/chat.js");
      settle(await run(command.optsWithGlobals<Flags>()));
    });
}

/** A command with the server's options, and `--json`. Options before and after its name count. */
function serverCommand(parent: Command, nameAndArgs: string, description: string): Command {
  return addServerOptions(parent.command(nameAndArgs).description(description)).option("--json", "print JSON");
}

function addCommands(program: Command, settle: Settle): void {
  const sessions = program.command("sessions").description("list, show, export and delete sessions");
  const load = () => import("./commands/sessions.js");
  serverCommand(sessions, "list", "the sessions of the directory, newest first")
    .option("-n, --limit <number>", "at most so many")
    .action(async (_own, command: Command) => settle(await (await load()).listSessions(command.optsWithGlobals())));
  serverCommand(sessions, "show <id>", "its messages as text").action(async (id: string, _own, command: Command) =>
    settle(await (await load()).showSession(id, command.optsWithGlobals())),
  );
  serverCommand(sessions, "export <id>", "everything about it as JSON").action(
    async (id: string, _own, command: Command) =>
      settle(await (await load()).exportSession(id, command.optsWithGlobals())),
  );
  serverCommand(sessions, "delete <id...>", "delete sessions for good").action(
    async (ids: string[], _own, command: Command) =>
      settle(await (await load()).deleteSessions(ids, command.optsWithGlobals())),
  );
  serverCommand(program, "models [search]", "the models that can be used").action(
    async (search: string | undefined, _own, command: Command) =>
      settle(await (await import("./commands/models.js")).listModels(search, command.optsWithGlobals())),
  );
  program
    .command("install [version]")
    .description("download the agent (default: the release that this package was made for)")
    .option("--json", "print JSON")
    .action(async (wanted: string | undefined, _own, command: Command) =>
      settle(await (await import("./commands/install.js")).install(wanted, command.optsWithGlobals())),
    );
  serverCommand(program, "doctor", "what was found where, what works, and what does not").action(
    async (_own, command: Command) =>
      settle(await (await import("./commands/doctor.js")).doctor(command.optsWithGlobals())),
  );
}

function addPrune(program: Command, settle: Settle): void {
  serverCommand(program, "prune", "delete old sessions; says which they would be, and does it with --delete")
    .option("--older-than <age>", "unused for so long: 30d, 12h, 2w (default: 30d)")
    .option("--all", "of all directories")
    .option("--delete", "delete them for good")
    .option("-y, --yes", "the same as --delete")
    .action(async (_own, command: Command) =>
      settle(await (await import("./commands/prune.js")).prune(command.optsWithGlobals())),
    );
}

function addServers(program: Command, settle: Settle): void {
  const load = () => import("./commands/servers.js");
  addServerOptions(program.command("serve").description("a server in the foreground, until Ctrl-C"))
    .option("--hostname <name>", "address to listen on (default: 127.0.0.1)")
    .action(async (_own, command: Command) => settle(await (await load()).serve(command.optsWithGlobals())));
  addWeb(program, settle);
  addServerOptions(program.command("stop").description("end the server that --keep has started"))
    .option("--all", "those of all directories")
    .action(async (_own, command: Command) => settle(await (await load()).stop(command.optsWithGlobals())));
  program
    .command("status")
    .description("the servers that --keep has started")
    .option("--json", "print JSON")
    .action(async (_own, command: Command) => settle(await (await load()).status(command.optsWithGlobals())));
}

function addWeb(program: Command, settle: Settle): void {
  program
    .command("web")
    .description("a chat page for the browser, on this machine, until Ctrl-C")
    .option("-p, --port <number>", "port of the page; 0 for any free one (default: 3000)")
    .option("-d, --directory <path>", "where the agent works (default: the current directory)")
    .option("-m, --model <provider/model>", "the model that the page starts with")
    .option("--isolated", "without your configuration, logins and data")
    .option("--attach <url>", "the page of a server that runs; password: OPENCODE_SERVER_PASSWORD, or asked for")
    .action(async (_own, command: Command) =>
      settle(await (await import("./commands/web.js")).web(command.optsWithGlobals())),
    );
}

function collect(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, value];
}

const afterHelp = `
What comes through a pipe is the prompt, or is added to the one given. "-" as a word waits for it; otherwise a pipe that
stays silent for 3 seconds is left alone. A prompt whose first word is a command's name goes after "--".

The answer goes to standard output, everything else to standard error. What the agent asks for is asked in the terminal;
without one it is refused, and said so. Ctrl-C aborts the run, twice kills.

Exit codes:
${exitCodes.map(({ code, meaning }) => `  ${String(code).padStart(3)}  ${meaning}`).join("\n")}

Environment:
  OPENCODE_BINARY            path of the agent's binary; default: found on PATH, in npm packages, or downloaded
  OPENCODE_DOWNLOAD_URL      a mirror to download the agent from, instead of GitHub
  GITHUB_TOKEN               for GitHub's rate limit when the agent is downloaded
  HTTPS_PROXY, NO_PROXY      honoured by the download
  OPENCODE_SERVER_USERNAME   user name for --attach (default: opencode)
  OPENCODE_SERVER_PASSWORD   password for --attach and serve
  OPENCODE_LOG               error, warn, info or debug
  NO_COLOR                   no colours
`;
