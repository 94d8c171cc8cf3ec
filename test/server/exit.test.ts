import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { agentBinary } from "../../scripts/agent.js";
import { numberProperty, stringProperty } from "../../src/util/json.js";
import { fakeAgent } from "../support/fake-agent.js";
import { isAlive, type RunningProgram, runProgram, waitUntil } from "../support/processes.js";

let folder: string;
const programs: RunningProgram[] = [];
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "opencode-ts-exit-")));
});
afterEach(async () => {
  for (const program of programs.splice(0)) {
    program.child.kill("SIGKILL");
    await program.exit;
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
});

interface Owner extends RunningProgram {
  /** Of the server. */
  readonly pid: number;
  readonly home: string;
}

/** A program that owns a server and then does what `mode` says; resolves once the server is there. */
async function owner(mode: string, binary: string, isolation = "inherit"): Promise<Owner> {
  // tsx keeps its own cache there, which is not what is looked at.
  await mkdir(join(folder, "tmp"), { recursive: true });
  const env = {
    ...process.env,
    TMPDIR: join(folder, "tmp"),
    TSX_DISABLE_CACHE: "1",
    XDG_STATE_HOME: join(folder, "state"),
    OPENCODE_LOG: "error",
  };
  const program = runProgram(
    new URL("../support/programs/owner.ts", import.meta.url),
    [mode, binary, folder, isolation],
    env,
  );
  programs.push(program);
  const report = await program.report;
  return { ...program, pid: numberProperty(report, "pid") ?? 0, home: stringProperty(report, "home") ?? "" };
}

const fake = async (serve = "serve();"): Promise<string> => (await fakeAgent(join(folder, "agent"), { serve })).path;
const gone = (pid: number): Promise<void> => waitUntil(() => !isAlive(pid));

describe("the server ends with the program that started it", () => {
  it("when that one ends without closing it, although nothing of the server keeps it alive", async () => {
    const { pid, exit, home } = await owner("return", await agentBinary(), "clean");
    expect(pid).toBeGreaterThan(0);
    expect(await exit).toEqual({ exitCode: 0, signal: null });
    await gone(pid);
    expect(existsSync(home)).toBe(false);
  });

  it("when that one gets SIGINT, which still ends it as a signal does", async () => {
    const { pid, exit, child, home } = await owner("wait", await agentBinary(), "clean");
    expect(isAlive(pid)).toBe(true);
    child.kill("SIGINT");
    expect(await exit).toEqual({ exitCode: null, signal: "SIGINT" });
    // Closed before, not after.
    expect([isAlive(pid), existsSync(home)]).toEqual([false, false]);
  });

  it.each(["SIGTERM", "SIGHUP"] as const)("when that one gets %s", async (signal) => {
    const { pid, exit, child } = await owner("wait", await fake());
    child.kill(signal);
    expect(await exit).toEqual({ exitCode: null, signal });
    expect(isAlive(pid)).toBe(false);
  });

  it("when that one throws", async () => {
    const { pid, exit, output } = await owner("throw", await fake(), "clean");
    expect(await exit).toEqual({ exitCode: 1, signal: null });
    await gone(pid);
    expect(output()).toContain("on purpose");
  });

  it("when that one calls process.exit, whose code stays", async () => {
    const { pid, exit } = await owner("exit", await fake());
    expect(await exit).toEqual({ exitCode: 7, signal: null });
    await gone(pid);
  });

  it("when that one is told to end while the server is still starting", async () => {
    const binary = await fake('fs.writeFileSync("pid", String(process.pid)); setInterval(() => {}, 1000);');
    const { child, exit, home } = await owner("starting", binary);
    const pid = (): Promise<number> => readFile(join(folder, "pid"), "utf8").then(Number, () => 0);
    await waitUntil(async () => (await pid()) > 0);
    child.kill("SIGTERM");
    expect(await exit).toEqual({ exitCode: null, signal: "SIGTERM" });
    expect([isAlive(await pid()), home]).toEqual([false, ""]);
  });

  it("when that one gets SIGTERM while the binary is still asked for its version", async () => {
    const pidFile = JSON.stringify(join(folder, "pid"));
    const version = `process.on("SIGTERM", () => {}); fs.writeFileSync(${pidFile}, String(process.pid)); setInterval(() => {}, 1000);`;
    const { path } = await fakeAgent(join(folder, "agent"), { version });
    const { child, exit } = await owner("starting", path);
    const pid = (): Promise<number> => readFile(join(folder, "pid"), "utf8").then(Number, () => 0);
    await waitUntil(async () => (await pid()) > 0);
    child.kill("SIGTERM");
    expect(await exit).toEqual({ exitCode: null, signal: "SIGTERM" });
    expect(isAlive(await pid())).toBe(false);
  });

  it("when that one gets SIGINT and uses signal-exit, whose listener decides nothing", async () => {
    const { pid, exit, child } = await owner("signal-exit", await fake());
    child.kill("SIGINT");
    expect(await exit).toEqual({ exitCode: null, signal: "SIGINT" });
    expect(isAlive(pid)).toBe(false);
  });

  // Elsewhere the system does not tell what a process has started.
  if (process.platform === "linux") {
    it("together with what it runs in other process groups, and without leaving a file", async () => {
      const binary = await fake(`
        const tool = "require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' }).unref(); setInterval(() => {}, 1000)";
        const cp = require("node:child_process");
        const child = cp.spawn(process.execPath, ["-e", tool], { detached: true, stdio: "ignore" });
        const children = () => fs.readFileSync("/proc/" + child.pid + "/task/" + child.pid + "/children", "utf8").trim();
        const timer = setInterval(() => {
          if (children() === "") return;
          clearInterval(timer);
          fs.writeFileSync("pids", child.pid + " " + children());
          serve();
        }, 20);
      `);
      const { pid, exit } = await owner("exit", binary);
      expect(await exit).toEqual({ exitCode: 7, signal: null });
      const tools = (await readFile(join(folder, "pids"), "utf8")).split(" ").map(Number);
      expect(tools).toHaveLength(2);
      for (const one of [pid, ...tools]) await gone(one);
      expect(await readdir(join(folder, "tmp"))).toEqual([]);
    });
  }

  it("within bounds also when the server ignores the polite signal", async () => {
    const { pid, exit, child } = await owner("wait", await fake('process.on("SIGTERM", () => {}); serve();'));
    child.kill("SIGTERM");
    expect(await exit).toEqual({ exitCode: null, signal: "SIGTERM" });
    await gone(pid);
  });
});

describe("a program that owns a server", () => {
  it("decides itself about its end when it listens to the signal", async () => {
    const { pid, exit, child, output } = await owner("own-handler", await fake());
    child.kill("SIGINT");
    expect(await exit).toEqual({ exitCode: 5, signal: null });
    expect(output()).toContain("the application goes on");
    expect(isAlive(pid)).toBe(false);
  });

  it("is kept alive while it closes the server, and ends by itself after that", async () => {
    const { pid, exit, output } = await owner("close", await fake());
    expect(await exit).toEqual({ exitCode: 0, signal: null });
    expect(output()).toContain("closed");
    expect(isAlive(pid)).toBe(false);
  });
});
