/**
 * A service that lives for weeks and works in many directories: does what the server has loaded for them go? Each directory
 * gets a session, a turn and an MCP server of its own process; printed are the memory of the server and of this process, and
 * how many of the MCP servers run. Fails when they grow with the number of directories.
 *
 *   npm run weeks -- --directories 300 --idle 3000
 *
 * `--directories` (300), `--idle` the `directoryIdleTimeout` in ms (3000; 0 for never, to see what it is without), `--at-once`
 * directories that are worked in at the same time (2), `--step` directories between two lines (25).
 */
import { mkdtemp, readdir, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { createOpencode } from "../src/index.js";
import { createScriptedModel } from "../src/testing/index.js";
import { agentBinary } from "./agent.js";

const program = fileURLToPath(new URL("../test/support/programs/stdio-mcp.mjs", import.meta.url));
/** The server may have so much more memory (MB) at the end than after a third of the directories: its heap has no one size. */
const mayGrow = 150;

const { values } = parseArgs({
  options: {
    directories: { type: "string", default: "300" },
    idle: { type: "string", default: "3000" },
    "at-once": { type: "string", default: "2" },
    step: { type: "string", default: "25" },
  },
});
const [count, idle, atOnce, step] = [values.directories, values.idle, values["at-once"], values.step].map(Number);
if (count === undefined || idle === undefined || atOnce === undefined || step === undefined) throw new Error("numbers");

/** MB of a process, and of how many MCP servers there are. */
async function look(pid: number): Promise<{ memory: number; servers: number }> {
  const status = await readFile(`/proc/${pid}/status`, "latin1");
  let servers = 0;
  for (const name of await readdir("/proc")) {
    if (!/^\d+$/.test(name)) continue;
    const command = await readFile(`/proc/${name}/cmdline`, "latin1").catch(() => ""); // gone
    if (command.split("\0").includes(program)) servers += 1;
  }
  return { memory: Number(/^VmRSS:\s*(\d+)/m.exec(status)?.[1]) / 1024, servers };
}

const root = await realpath(await mkdtemp(join(tmpdir(), "opencode-ts-weeks-")));
const model = await createScriptedModel((request) => `echo: ${request.lastUserText}`);
const opencode = await createOpencode({
  binary: await agentBinary(),
  directory: root,
  isolation: "clean",
  config: { ...model.config, mcp: { small: { type: "local", command: [process.execPath, program] } } },
  directoryIdleTimeout: idle === 0 ? Number.POSITIVE_INFINITY : idle,
});
const pid = opencode.server?.pid ?? 0;
const lines: { memory: number; servers: number }[] = [];
let done = 0;

async function work(): Promise<void> {
  while (done < (count ?? 0)) {
    done += 1;
    const name = done;
    const directory = await mkdtemp(join(root, "project-"));
    const session = await opencode.createSession({ directory });
    const { text } = await session.ask(`question ${name}`);
    if (text !== `echo: question ${name}`) throw new Error(`a wrong answer: ${text}`);
    if (name % (step ?? 1) === 0) await print(`${name} directories`);
  }
}

async function print(label: string): Promise<void> {
  const line = await look(pid);
  lines.push(line);
  const own = process.memoryUsage();
  console.log(
    `${label}: server ${line.memory.toFixed(0)} MB, ${line.servers} MCP servers; here rss ${(own.rss / 2 ** 20).toFixed(0)} MB, heap ${(own.heapUsed / 2 ** 20).toFixed(0)} MB`,
  );
}

try {
  await print("at first");
  await Promise.all(Array.from({ length: atOnce }, work));
  await delay(idle === 0 ? 0 : 2 * idle + 5_000);
  await print("at rest");
} finally {
  await opencode.close();
  await model.close();
  await rm(root, { recursive: true, force: true, maxRetries: 5 });
}
const third = lines[Math.floor(lines.length / 3)];
const rest = lines.at(-1);
if (idle > 0 && lines.length > 6 && third !== undefined && rest !== undefined) {
  if (rest.servers > 0) console.log(`FAILED: ${rest.servers} MCP servers are left`);
  if (rest.memory - third.memory > mayGrow) console.log("FAILED: the server's memory has grown");
  process.exitCode = rest.servers > 0 || rest.memory - third.memory > mayGrow ? 1 : 0;
}
