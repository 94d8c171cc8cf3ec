/**
 * The stand-in as a program of its own, with the flags and variables of `serve`:
 * `OPENCODE_PASSWORD=… tsx test/support/stand-in-2x/main.ts serve --port 0 [--state FOLDER] [--stdio]`.
 * SIGUSR2 prints the violations as one line of JSON; with `STAND_IN_VIOLATIONS` each is also appended to that file.
 */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { randomText } from "../../../src/util/ids.js";
import type { JsonRecord } from "../../../src/util/json.js";
import { startStandIn } from "./stand-in.js";

const args = process.argv.slice(2);
const { env } = process;

/** Flags with a value, and those without. */
const valued = ["--port", "--hostname", "--cors", "--state", "--log-level"];
const bare = ["serve", "--stdio", "--service", "--version"];

const unknown = args.find(
  (arg, index) => !valued.includes(args[index - 1] ?? "") && ![...valued, ...bare].includes(arg),
);

function flagValue(flag: string): string | undefined {
  const at = args.indexOf(flag);
  return at < 0 ? undefined : args[at + 1];
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Where a server of this home keeps its sessions; none without a home of its own. */
function stateFolder(): string | undefined {
  const data = env["XDG_DATA_HOME"];
  return (
    flagValue("--state") ??
    env["STAND_IN_STATE"] ??
    (data === undefined ? undefined : join(data, "opencode", "stand-in"))
  );
}

function configFolder(): string | undefined {
  const config = env["XDG_CONFIG_HOME"];
  return env["OPENCODE_CONFIG_DIR"] ?? (config === undefined ? undefined : join(config, "opencode"));
}

async function serve(): Promise<void> {
  const given = env["OPENCODE_PASSWORD"] ?? env["OPENCODE_SERVER_PASSWORD"];
  const password = given ?? randomText(32);
  const retry = env["STAND_IN_RETRY_DELAY"];
  const violations = env["STAND_IN_VIOLATIONS"];
  const standIn = await startStandIn({
    config: JSON.parse(env["OPENCODE_CONFIG_CONTENT"] ?? "{}") as JsonRecord,
    configFolder: configFolder(),
    projectConfig: (env["OPENCODE_DISABLE_PROJECT_CONFIG"] ?? env["OPENCODE_CONFIG_PROJECT_DISABLE"]) === undefined,
    password,
    port: Number(flagValue("--port") ?? 4096),
    state: stateFolder(),
    startingFor: Number(env["STAND_IN_STARTING_FOR"] ?? 0),
    settlingFor: Number(env["STAND_IN_SETTLING_FOR"] ?? 0),
    onViolation: (message) => violations !== undefined && appendFileSync(violations, `${message}\n`),
    retryDelay: retry === undefined ? undefined : { min: Number(retry), max: Number(retry) },
  });
  const end = async (): Promise<void> => {
    await standIn.close();
    process.exit(130);
  };
  process.once("SIGTERM", end);
  process.once("SIGINT", end);
  process.on("SIGUSR2", () => print(JSON.stringify({ violations: standIn.readViolations() })));
  if (args.includes("--stdio")) {
    process.stdin.resume().once("end", end);
    print(JSON.stringify({ url: standIn.url }));
    return;
  }
  print(`server listening on ${standIn.url}`);
  if (given === undefined) print(`server password ${password}`);
}

if (unknown !== undefined) {
  process.stderr.write(`Unknown argument: ${unknown}\n`);
  process.exitCode = 1;
} else if (args.includes("--version")) print("2.1.3");
else await serve();
