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
  await mkdir(join(folder, "tmp"), { recursive: true });
  const env = {
    ...process.env,
    TMPDIR: join(folder, "tmp"),
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

describe("the end of a server together with its program", () => {
  it("a server ends when its program ends without close(), and does not keep the program alive", async () => {
    const { pid, exit, home } = await owner("return", await agentBinary(), "clean");
    expect(pid).toBeGreaterThan(0);
    expect(await exit).toEqual({ exitCode: 0, signal: null });
    await gone(pid);
    expect(existsSync(home)).toBe(false);
  });

  it("SIGINT closes the server first and then ends its program by that signal", async () => {
    const { pid, exit, child, home } = await owner("wait", await agentBinary(), "clean");
    expect(isAlive(pid)).toBe(true);
    child.kill("SIGINT");
    expect(await exit).toEqual({ exitCode: null, signal: "SIGINT" });
    // Closed before, not after.
    expect([isAlive(pid), existsSync(home)]).toEqual([false, false]);
  });

  it.each(["SIGTERM", "SIGHUP"] as const)("a server ends when its program gets %s", async (signal) => {
    const { pid, exit, child } = await owner("wait", await fake());
    child.kill(signal);
    expect(await exit).toEqual({ exitCode: null, signal });
    expect(isAlive(pid)).toBe(false);
  });

  it("a server ends when its program throws", async () => {
    const { pid, exit, output } = await owner("throw", await fake(), "clean");
    expect(await exit).toEqual({ exitCode: 1, signal: null });
    await gone(pid);
    expect(output()).toContain("on purpose");
  });

  it("a server ends when its program calls process.exit, and the exit code stays", async () => {
    const { pid, exit } = await owner("exit", await fake());
    expect(await exit).toEqual({ exitCode: 7, signal: null });
    await gone(pid);
  });

  it("a server that is still starting ends when its program gets SIGTERM", async () => {
    const binary = await fake('fs.writeFileSync("pid", String(process.pid)); setInterval(() => {}, 1000);');
    const { child, exit, home } = await owner("starting", binary);
    const pid = (): Promise<number> => readFile(join(folder, "pid"), "utf8").then(Number, () => 0);
    await waitUntil(async () => (await pid()) > 0);
    child.kill("SIGTERM");
    expect(await exit).toEqual({ exitCode: null, signal: "SIGTERM" });
    expect([isAlive(await pid()), home]).toEqual([false, ""]);
  });

  it("a binary that is asked for its version ends when its program gets SIGTERM", async () => {
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

  it("a server ends on SIGINT when its program uses signal-exit", async () => {
    const { pid, exit, child } = await owner("signal-exit", await fake());
    child.kill("SIGINT");
    expect(await exit).toEqual({ exitCode: null, signal: "SIGINT" });
    expect(isAlive(pid)).toBe(false);
  });

  // Elsewhere the system does not tell what a process has started.
  if (process.platform === "linux") {
    it("a server ends with its processes in other process groups and leaves no file", async () => {
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

  it("a server that ignores SIGTERM ends when its program gets SIGTERM", async () => {
    const { pid, exit, child } = await owner("wait", await fake('process.on("SIGTERM", () => {}); serve();'));
    child.kill("SIGTERM");
    expect(await exit).toEqual({ exitCode: null, signal: "SIGTERM" });
    await gone(pid);
  });
});

describe("a program that owns a server", () => {
  it("a program with its own SIGINT listener decides about its own end", async () => {
    const { pid, exit, child, output } = await owner("own-handler", await fake());
    child.kill("SIGINT");
    expect(await exit).toEqual({ exitCode: 5, signal: null });
    expect(output()).toContain("the application goes on");
    expect(isAlive(pid)).toBe(false);
  });

  it("a program stays alive until close() has ended the server, and then ends by itself", async () => {
    const { pid, exit, output } = await owner("close", await fake());
    expect(await exit).toEqual({ exitCode: 0, signal: null });
    expect(output()).toContain("closed");
    expect(isAlive(pid)).toBe(false);
  });
});
