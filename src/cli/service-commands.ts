/** Defines the commands for approvals, stored data, servers and the web page. */
import type { Command } from "commander";
import {
  addServerOptions,
  attachHelp,
  collect,
  fallbackModelFlag,
  type Settle,
  serverCommand,
} from "./server-options.js";

/** Adds them. */
export function addServiceCommands(program: Command, settle: Settle): void {
  addApprovals(program, settle);
  addPrune(program, settle);
  addServers(program, settle);
}

function addApprovals(program: Command, settle: Settle): void {
  const approvals = program.command("approvals").description("list permission requests that wait, and decide");
  const load = () => import("./commands/approvals.js");
  const json = ["--json", "print JSON"] as const;
  const by = ["--by <name>", "who decides (default: your user name)"] as const;
  approvals
    .command("list")
    .description("list the permission requests that wait for an approval")
    .option("--all", "include those that are decided, expired or withdrawn")
    .option(...json)
    .action(async (_own, command: Command) => settle(await (await load()).listApprovals(command.optsWithGlobals())));
  approvals
    .command("approve <id>")
    .description("allow the tool call of a request, once")
    .option(...by)
    .option(...json)
    .action(async (id: string, _own, command: Command) =>
      settle(await (await load()).approve(id, command.optsWithGlobals())),
    );
  approvals
    .command("deny <id>")
    .description("refuse the tool call of a request")
    .option("--reason <text>", "the reason, for the agent")
    .option(...by)
    .option(...json)
    .action(async (id: string, _own, command: Command) =>
      settle(await (await load()).deny(id, command.optsWithGlobals())),
    );
  serverCommand(approvals, "continue <id>", "ask the prompt of a request again, so that its run continues")
    .option("--schema <file>", "the JSON Schema of the prompt, if it had one")
    .option("--permission-mode <mode>", "the mode of the prompt, if it had one")
    .option("-q, --quiet", "print only the answer and errors")
    .action(async (id: string, _own, command: Command) => {
      const { continueApproval } = await import("./commands/continue-approval.js");
      settle(await continueApproval(id, command.optsWithGlobals()));
    });
}

function addPrune(program: Command, settle: Settle): void {
  serverCommand(program, "prune", "list old sessions, and delete them with --delete")
    .option("--older-than <age>", "minimum time without use: 30d, 12h, 2w (default: 30d)")
    .option("--all", "include all directories")
    .option("--delete", "delete them permanently")
    .option("-y, --yes", "the same as --delete")
    .action(async (_own, command: Command) =>
      settle(await (await import("./commands/prune.js")).prune(command.optsWithGlobals())),
    );
}

function addServers(program: Command, settle: Settle): void {
  const load = () => import("./commands/servers.js");
  addServerOptions(program.command("serve").description("run a server in the foreground until Ctrl-C"))
    .option("--hostname <name>", "address to listen on (default: 127.0.0.1)")
    .action(async (_own, command: Command) => settle(await (await load()).serve(command.optsWithGlobals())));
  addWeb(program, settle);
  addServerOptions(program.command("stop").description("stop the server that --keep has started"))
    .option("--all", "stop the servers of all directories")
    .action(async (_own, command: Command) => settle(await (await load()).stop(command.optsWithGlobals())));
  program
    .command("status")
    .description("list the servers that --keep has started")
    .option("--json", "print JSON")
    .action(async (_own, command: Command) => settle(await (await load()).status(command.optsWithGlobals())));
}

function addWeb(program: Command, settle: Settle): void {
  program
    .command("web")
    .description("serve a chat page for a browser on this machine until Ctrl-C")
    .option("-p, --port <number>", "port of the page; 0 for any free port (default: 3000)")
    .option("-d, --directory <path>", "where the agent works (default: the current directory)")
    .option("-m, --model <provider/model>", "the initial model of the page")
    .option(...fallbackModelFlag, collect)
    .option("--isolated", "use a private home without your configuration, logins and data")
    .option("--protocol <v1|v2>", "use a server of opencode 1.x (v1) or 2.x (v2) only")
    .option("--attach <url>", attachHelp)
    .action(async (_own, command: Command) =>
      settle(await (await import("./commands/web.js")).web(command.optsWithGlobals())),
    );
}
