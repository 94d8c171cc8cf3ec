/**
 * Runs every compiled example, each by itself with plain Node, in an empty home: none may fail, and none may leave a process
 * or a file behind. Ends with the counts.
 */
import { spawn } from "node:child_process";
import { mkdtemp, readdir, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { agentBinary, previewBinary } from "./agent.js";
import { createMark, markedProcesses } from "./leak-check.js";

const folder = join(dirname(dirname(fileURLToPath(import.meta.url))), ".build", "examples");
/** ms for one example; a cold start on a busy machine takes seconds. */
const limit = 180_000;
/** Most of what an example does is to wait for the agent's start. */
const atOnce = 2;

interface Result {
  readonly problems: readonly string[];
  readonly output: string;
}

/** Runs one; the problems are empty when all is well. */
async function runExample(file: string, args: readonly string[], binary: string): Promise<Result> {
  const home = await realpath(await mkdtemp(join(tmpdir(), "opencode-ts-examples-")));
  const temporary = await mkdtemp(join(home, "tmp-"));
  const mark = createMark();
  try {
    const env = {
      PATH: process.env["PATH"],
      HOME: home,
      TMPDIR: temporary,
      OPENCODE_BINARY: binary,
      BUN_JSC_useFTLJIT: "0",
      ...mark.env,
    };
    const { code, output } = await start([join(folder, file), ...args], env);
    const problems = code === 0 ? [] : [`ended with ${code}`];
    for (const left of await markedProcesses(mark.line)) problems.push(`left a process: ${left}`);
    for (const left of await readdir(temporary)) problems.push(`left a temporary file: ${left}`);
    return { problems, output };
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}

function start(args: readonly string[], env: NodeJS.ProcessEnv): Promise<{ code: number | string; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "pipe"], timeout: limit });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    child.once("error", reject);
    child.once("close", (code, signal) => resolve({ code: code ?? signal ?? "nothing", output }));
  });
}

async function main(): Promise<void> {
  const binary = await agentBinary();
  const files = (await readdir(folder)).filter((file) => /^\d+-.*\.js$/.test(file)).sort();
  const preview = await previewBinary();
  const runs = [
    ...files.map((file) => ({ file, args: [], agent: binary })),
    { file: "06-connect.js", args: [], agent: preview },
    { file: "demo.js", args: ["--mode", "full"], agent: binary },
  ];
  let failed = 0;
  const waiting = runs.values(); // shared: each is taken once
  const work = async (): Promise<void> => {
    for (const { file, args, agent } of waiting) {
      const started = performance.now();
      const { problems, output } = await runExample(file, args, agent);
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      console.log(
        `${problems.length === 0 ? "ok    " : "FAILED"} ${[file, ...args].join(" ")}${agent === preview ? " on the preview of 2.0" : ""} (${seconds} s)`,
      );
      if (problems.length === 0) continue;
      failed += 1;
      console.log([...problems, output.trimEnd()].join("\n").replace(/^/gm, "         "));
    }
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  console.log(`${runs.length - failed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
