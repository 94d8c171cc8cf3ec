/** Nothing of a server outlives the process that started it, however that one ends; and what does is found by the next start. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readdirSync, readFileSync, readlinkSync, realpathSync, statSync } from "node:fs";
import { mkdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { Worker } from "node:worker_threads";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { scriptLoader } from "../../src/process/detached-shell.js";
import { linuxStartTime, thisMachine } from "../../src/process/process-identity.js";
import { newTag, tagEnvironment, tagLine } from "../../src/process/process-tag.js";
import { watchdogName } from "../../src/process/process-tree.js";
import { createOpencodeServer } from "../../src/server/server.js";
import { sweep } from "../../src/server/sweep.js";
import { posixScript } from "../../src/server/watchdog-script.js";
import type { OpencodeServer } from "../../src/types/server.js";
import { numberProperty, stringProperty } from "../../src/util/json.js";
import { createLogger } from "../../src/util/logger.js";
import { programArguments } from "../support/compiled.js";
import { fakeAgent } from "../support/fake-agent.js";
import { temporaryFolder, testBinary } from "../support/fixture.js";
import { isAlive, type RunningProgram, runProgram, waitUntil } from "../support/processes.js";

let folder: string;
let temporary: string;
let records: string;
const ends: (() => unknown)[] = [];
beforeEach(async () => {
  folder = await temporaryFolder();
  temporary = join(folder, "tmp");
  records = join(folder, "state", "opencode-ts", "servers");
  await mkdir(temporary);
  vi.stubEnv("TMPDIR", temporary);
  vi.stubEnv("XDG_STATE_HOME", join(folder, "state"));
});
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true, maxRetries: 5 });
});

const ofProcess = (pid: number, file: string): string[] => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, "latin1").split("\0");
  } catch {
    return []; // it has just ended
  }
};
const processes = (): number[] => readdirSync("/proc").map(Number).filter(Number.isInteger);
const markOf = (pid: number): string =>
  ofProcess(pid, "environ")
    .find((line) => line.startsWith(tagLine("")))
    ?.slice(tagLine("").length) ?? "";
/** Of the running processes. */
const marked = (mark: string): number[] => processes().filter((pid) => markOf(pid) === mark);
const commandOf = (pid: number): string => ofProcess(pid, "cmdline").join(" ").trim();
const sleep = "sleep 300";
const isWatchdog = (pid: number): boolean => ofProcess(pid, "cmdline").includes(watchdogName);
const watchdogsOf = (server: number): number[] =>
  processes().filter((pid) => ofProcess(pid, "cmdline").includes(`${watchdogName} of ${server}`));
/** It is told the server's number, and shows itself under it a moment later. */
async function watchdogOf(server: number): Promise<number> {
  await waitUntil(() => watchdogsOf(server).length > 0);
  return watchdogsOf(server)[0] ?? 0;
}
const privateFolders = (): string[] => readdirSync(temporary).filter((name) => name.startsWith("opencode-ts-"));
const recordOf = (mark: string): string => join(records, `${mark}.json`);

/** Signals one process: 0 and -1 would mean many. */
function signal(pid: number | undefined, name: NodeJS.Signals): void {
  if (pid === undefined || pid < 2) throw new Error(`${name} would be sent to ${pid}`);
  if (isAlive(pid)) process.kill(pid, name);
}

/** A process that ends by a signal only. */
function sleeper(env: Readonly<Record<string, string>> = {}): number {
  const child = spawn("sleep", ["300"], {
    env: { PATH: process.env["PATH"], ...env },
    detached: true,
    stdio: "ignore",
  });
  ends.push(() => child.kill("SIGKILL"));
  return child.pid ?? 0;
}

async function startFake(serve = "serve();"): Promise<OpencodeServer> {
  const { path } = await fakeAgent(join(folder, "agent"), { serve });
  const server = await createOpencodeServer({ binary: path, directory: folder, logLevel: "off" });
  ends.push(() => server.close());
  return server;
}

interface Owner {
  readonly program: RunningProgram;
  readonly mark: string;
  readonly watchdog: number;
  readonly server: number;
  readonly tool: number;
}

/** Another process, in the middle of a turn that runs `sleep 300`. */
async function workingOwner(): Promise<Owner> {
  const path = new URL("../support/programs/working-owner.ts", import.meta.url);
  const program = runProgram(path, [testBinary(), folder]);
  ends.push(() => program.child.kill("SIGKILL"));
  const server = numberProperty(await program.report, "pid") ?? 0;
  const mark = markOf(server);
  const find = (): number | undefined => marked(mark).find((pid) => commandOf(pid) === sleep);
  await waitUntil(() => find() !== undefined);
  expect(existsSync(recordOf(mark)), program.output()).toBe(true);
  return { program, mark, server, watchdog: await watchdogOf(server), tool: find() ?? 0 };
}

// Elsewhere nothing tells what a process has in its environment.
if (process.platform === "linux") {
  describe("a process that is killed in the middle of a tool call", () => {
    it("an owner that SIGKILL ends leaves no server, no tool, no watchdog and no file", async () => {
      const { program, mark, server, watchdog, tool } = await workingOwner();
      // What Ctrl-C, a closed terminal and a shutdown send to everybody.
      for (const name of ["SIGINT", "SIGHUP", "SIGTERM"] as const) signal(watchdog, name);
      expect([server, tool, watchdog].map(isAlive)).toEqual([true, true, true]);
      program.child.kill("SIGKILL");
      expect(await program.exit).toEqual({ exitCode: null, signal: "SIGKILL" }); // its output is closed
      await waitUntil(() => ![server, tool, watchdog].some(isAlive));
      expect(marked(mark)).toEqual([]);
      expect([privateFolders(), existsSync(recordOf(mark))]).toEqual([[], false]);
    });

    it("an owner that crashes leaves no server, no tool, no watchdog and no file", async () => {
      const { program, mark, server, watchdog, tool } = await workingOwner();
      program.child.kill("SIGUSR2");
      expect(await program.exit).toEqual({ exitCode: null, signal: "SIGABRT" });
      await waitUntil(() => ![server, tool, watchdog].some(isAlive));
      expect([marked(mark), privateFolders(), existsSync(recordOf(mark))]).toEqual([[], [], false]);
    });

    it("an owner that is killed after its server leaves no tool", async () => {
      const { program, mark, server, tool, watchdog } = await workingOwner();
      signal(server, "SIGKILL");
      program.child.kill("SIGKILL");
      await program.exit;
      await waitUntil(() => ![tool, watchdog].some(isAlive));
      expect([marked(mark), privateFolders(), existsSync(recordOf(mark))]).toEqual([[], [], false]);
    });

    it("a server whose owner and watchdog were killed is ended by the next start", async () => {
      const { program, mark, server, tool, watchdog } = await workingOwner();
      signal(watchdog, "SIGKILL");
      program.child.kill("SIGKILL");
      await program.exit;
      expect([server, tool].map(isAlive)).toEqual([true, true]);
      const next = await startFake();
      await waitUntil(() => ![server, tool].some(isAlive) && !existsSync(recordOf(mark)));
      expect(privateFolders()).toEqual([`opencode-ts-${markOf(next.pid)}`]);
    });
  });

  describe("a worker thread that is terminated", () => {
    it("a terminated worker thread leaves no server, no watchdog and no file", async () => {
      const { path: binary } = await fakeAgent(join(folder, "agent"));
      const source = fileURLToPath(new URL("../support/programs/thread-owner.ts", import.meta.url));
      const thread = new Worker(programArguments(source).at(-1) ?? "", { workerData: { binary, directory: folder } });
      ends.push(() => thread.terminate());
      const server: number = await new Promise((resolve, reject) => {
        thread.once("message", resolve);
        thread.once("error", reject);
      });
      const mark = markOf(server);
      const watchdog = await watchdogOf(server);
      expect([server, watchdog].map(isAlive)).toEqual([true, true]);
      await thread.terminate();
      await waitUntil(() => ![server, watchdog].some(isAlive));
      expect([marked(mark), privateFolders(), existsSync(recordOf(mark))]).toEqual([[], [], false]);
    });
  });

  describe("a watchdog", () => {
    it("a watchdog holds no output, no directory and no variable of its owner", async () => {
      const { pid } = await startFake();
      const watchdog = await watchdogOf(pid);
      const open = readdirSync(`/proc/${watchdog}/fd`).map((name) => readlinkSync(`/proc/${watchdog}/fd/${name}`));
      expect(open.filter((target) => target !== "/dev/null")).toEqual([expect.stringMatching(/^socket:/)]);
      expect(readlinkSync(`/proc/${watchdog}/cwd`)).toBe("/");
      const names = ofProcess(watchdog, "environ").map((line) => line.replace(/=.*/, ""));
      expect(names.filter((name) => name !== "").sort()).toEqual(["LC_ALL", "PATH"]);
    });

    it("a watchdog's command line is one short line that names its server, also after a restart", async () => {
      const { path: binary } = await fakeAgent(join(folder, "agent"));
      const server = await createOpencodeServer({ binary, directory: folder, logLevel: "off", restart: true });
      ends.push(() => server.close());
      const before = server.pid;
      const watchdog = await watchdogOf(before);
      const command = ofProcess(watchdog, "cmdline").slice(0, -1);
      expect(command).toEqual(["/bin/sh", "-c", scriptLoader, `opencode-ts watchdog of ${before}`]);
      expect(command.join(" ")).toMatch(/^.{1,90}$/); // one line: `.` is no line break
      expect(command.join(" ")).not.toContain(binary);
      signal(before, "SIGKILL");
      await waitUntil(() => server.pid !== before && watchdogsOf(server.pid).length > 0);
      expect(watchdogsOf(server.pid)).toEqual([watchdog]);
      expect(watchdogsOf(before)).toEqual([]);
    });

    it("each server has one watchdog, and the watchdog is gone when close() resolves", async () => {
      const servers = [await startFake(), await startFake()];
      const marks = servers.map(({ pid }) => markOf(pid));
      expect(new Set(marks).size).toBe(2);
      for (const { pid } of servers) await watchdogOf(pid);
      expect(servers.map(({ pid }) => watchdogsOf(pid).length)).toEqual([1, 1]);
      const watchdogs = servers.flatMap(({ pid }) => watchdogsOf(pid));
      expect(readdirSync(records).sort()).toEqual(marks.map((mark) => `${mark}.json`).sort());
      await Promise.all(servers.map((server) => server.close()));
      // Not even a zombie.
      expect(watchdogs.map((pid) => existsSync(`/proc/${pid}`))).toEqual([false, false]);
      expect([readdirSync(records), privateFolders()]).toEqual([[], []]);
    });

    it("close() works although the watchdog was killed", async () => {
      const server = await startFake();
      const watchdog = await watchdogOf(server.pid);
      signal(watchdog, "SIGKILL");
      await waitUntil(() => !existsSync(`/proc/${watchdog}`));
      await server.close();
      expect([isAlive(server.pid), privateFolders()]).toEqual([false, []]);
    });

    it.each(["return", "close", "exit"])("a watchdog is gone after its owner ends by itself (%s)", async (mode) => {
      const { path } = await fakeAgent(join(folder, "agent"));
      const program = runProgram(new URL("../support/programs/owner.ts", import.meta.url), [mode, path, folder]);
      const report = await program.report;
      const mark = stringProperty(report, "mark") ?? "";
      const server = numberProperty(report, "pid") ?? 0;
      expect(mark).toMatch(/^\w{16}$/);
      await program.exit;
      await waitUntil(() => watchdogsOf(server).length === 0);
      expect([marked(mark), privateFolders(), existsSync(recordOf(mark))]).toEqual([[], [], false]);
    });

    it("a server that a tool of another server starts has a process tag of its own", async () => {
      vi.stubEnv("OPENCODE_TS_SERVER", "AAAAAAAAAAAAAAAA");
      const { pid } = await startFake();
      expect(markOf(pid)).toMatch(/^(?!A{16})[0-9A-Za-z]{16}$/);
      await watchdogOf(pid);
      expect(watchdogsOf(pid).map(markOf)).toEqual([""]);
    });

    it("a server that a tool of another server starts has its private folder beside the other folder", async () => {
      const outer = join(temporary, `opencode-ts-${"A".repeat(16)}`);
      await mkdir(join(outer, "tmp"), { recursive: true });
      vi.stubEnv("TMPDIR", join(outer, "tmp")); // what its tools have
      const { pid } = await startFake();
      expect(privateFolders().sort()).toEqual([basename(outer), `opencode-ts-${markOf(pid)}`].sort());
      expect(readdirSync(join(outer, "tmp"))).toEqual([]);
    });
  });

  const shells = ["/bin/sh", "/bin/dash", "/bin/bash", "/bin/busybox"].filter((path) => existsSync(path));
  const installed = [...new Set(shells.map((path) => realpathSync(path)))];
  const tools = ["grep", "no grep"];
  const kinds = installed.flatMap((shell) => tools.map((tool) => ({ shell, tool })));
  describe.each(kinds)("the script of a watchdog, run by $shell with $tool", ({ shell, tool }) => {
    /** A "server" with a child in a session of its own that shows no mark, and one that is the watchdog of another. */
    const family = `
      env -i PATH="$PATH" setsid sleep 300 &
      env -i PATH="$PATH" setsid sh -c "$1" '${watchdogName}' <&3 &
      exec sleep 300`;

    async function withoutGrep(): Promise<string> {
      const path = join(folder, "bin");
      await mkdir(path);
      for (const name of ["rm", "sleep"]) await symlink(`/bin/${name}`, join(path, name));
      return path;
    }

    async function start(): Promise<{ script: ChildProcess; mark: string; server: number; children: number[] }> {
      const mark = newTag();
      await mkdir(join(temporary, mark));
      await mkdir(records, { recursive: true });
      await writeFile(recordOf(mark), "{}");
      const given = [watchdogName, tagLine(mark), join(temporary, mark), recordOf(mark)];
      const script = spawn(shell, ["-c", posixScript, ...given], {
        argv0: "sh", // by which shells know what is expected of them
        env: { PATH: tool === "grep" ? process.env["PATH"] : await withoutGrep(), LC_ALL: "C" },
        stdio: ["pipe", "ignore", "ignore"],
      });
      const env = { ...process.env, ...tagEnvironment(mark) };
      const spawned = spawn("sh", ["-c", family, "sh", scriptLoader], {
        detached: true,
        env,
        stdio: ["ignore", "ignore", "ignore", "pipe"], // Node closes a child's input when the child is gone
      });
      const server = spawned.pid ?? 0;
      let started: number[] = [];
      const children = (): number[] =>
        ofProcess(server, `task/${server}/children`).flatMap((text) =>
          text
            .split(" ")
            .map(Number)
            .filter((pid) => pid > 1),
        );
      ends.push(() => {
        script.kill("SIGKILL");
        for (const pid of [server, ...children(), ...started]) signal(pid, "SIGKILL");
      });
      const areThere = (): boolean => children().some(isWatchdog) && children().some((pid) => commandOf(pid) === sleep);
      await waitUntil(() => commandOf(server) === sleep && areThere());
      started = children();
      script.stdin?.write(`server ${server} ${linuxStartTime(server)}\n`);
      return { script, mark, server, children: started };
    }

    it("the watchdog's script ends the server, its tagged and started processes, but no other watchdog", async () => {
      const { script, mark, server, children } = await start();
      const [escaped, other] = [sleeper(tagEnvironment(mark)), sleeper(tagEnvironment(newTag()))];
      const watchdog = children.find(isWatchdog) ?? 0;
      const hidden = children.find((pid) => pid !== watchdog) ?? 0;
      const gone = new Promise((resolve) => script.once("exit", resolve));
      script.stdin?.end();
      expect(await gone).toBe(0);
      expect([server, escaped, hidden].map(isAlive)).toEqual([false, false, false]);
      expect([other, watchdog].map(isAlive)).toEqual([true, true]);
      expect([existsSync(join(temporary, mark)), existsSync(recordOf(mark))]).toEqual([false, false]);
    });

    it("the watchdog's script ends no process that has reused the server's process id", async () => {
      const { script } = await start();
      const other = sleeper();
      const gone = new Promise((resolve) => script.once("exit", resolve));
      script.stdin?.end(`server ${other} 1\n`);
      expect(await gone).toBe(0);
      expect(isAlive(other)).toBe(true);
    });

    it("the watchdog's script ends no process and removes no file after the line `end`", async () => {
      const { script, mark, server } = await start();
      const gone = new Promise((resolve) => script.once("exit", resolve));
      script.stdin?.end("end\n");
      expect(await gone).toBe(0);
      const left = [isAlive(server), existsSync(join(temporary, mark)), existsSync(recordOf(mark))];
      expect(left).toEqual([true, true, true]);
    });
  });

  describe("the tools of a server that is killed by somebody", () => {
    it("the tools of a killed server are ended, also those in their own process groups", async () => {
      const server = await startFake(`
        const child = require("node:child_process").spawn("sleep", ["300"], { detached: true, stdio: "ignore" });
        fs.writeFileSync("tool", String(child.pid)); serve();`);
      const tool = Number(readFileSync(join(folder, "tool"), "utf8"));
      expect(isAlive(tool)).toBe(true);
      signal(server.pid, "SIGKILL");
      expect(await server.exited).toEqual({ exitCode: null, signal: "SIGKILL" });
      await server.close();
      expect([isAlive(tool), privateFolders()]).toEqual([false, []]);
    });
  });

  describe("a record", () => {
    const gone = { pid: 2 ** 22 + 1, start: "1" }; // beyond the highest number that Linux gives
    const logger = createLogger({ logLevel: "off" });

    async function write(mark: string, changes: object, name = `${mark}.json`): Promise<string> {
      const own = join(temporary, `opencode-ts-${mark}`);
      await mkdir(own, { recursive: true });
      await mkdir(records, { recursive: true });
      const record = { form: 1, mark, machine: thisMachine(), owner: gone, folder: own, ...changes };
      await writeFile(join(records, name), JSON.stringify(record));
      return own;
    }

    it("the record of a server is readable for this user only and contains no password", async () => {
      const server = await startFake();
      await waitUntil(() => readFileSync(recordOf(markOf(server.pid)), "utf8").includes(`${server.pid}`));
      const text = readFileSync(recordOf(markOf(server.pid)), "utf8");
      expect(text).not.toContain(server.password);
      const owner = { pid: process.pid, start: linuxStartTime(process.pid) };
      expect(JSON.parse(text)).toMatchObject({ owner, server: { pid: server.pid, start: linuxStartTime(server.pid) } });
      expect([statSync(records).mode & 0o777, statSync(recordOf(markOf(server.pid))).mode & 0o777]).toEqual([
        0o700, 0o600,
      ]);
    });

    it("sweep() ends the tagged processes of a dead owner and removes the record and the folder", async () => {
      const mark = newTag();
      const tool = sleeper(tagEnvironment(mark));
      const own = await write(mark, {});
      await sweep(logger);
      await waitUntil(() => !isAlive(tool));
      expect([existsSync(own), existsSync(recordOf(mark))]).toEqual([false, false]);
    });

    it("sweep() keeps the record, the folder and the processes of a running owner", async () => {
      const mark = newTag();
      const tool = sleeper(tagEnvironment(mark));
      const own = await write(mark, { owner: { pid: process.pid, start: linuxStartTime(process.pid) } });
      await sweep(logger);
      expect([isAlive(tool), existsSync(own), existsSync(recordOf(mark))]).toEqual([true, true, true]);
    });

    it("sweep() ends no process that has reused a server's process id or has no process tag", async () => {
      const other = sleeper();
      const reused = { server: { pid: other, start: String(Number(linuxStartTime(other)) - 1) } };
      const invented = { server: { pid: other, start: linuxStartTime(other) } };
      const marks = [newTag(), newTag()];
      await write(marks[0] ?? "", reused);
      await write(marks[1] ?? "", invented);
      await sweep(logger);
      expect(isAlive(other)).toBe(true);
      expect([privateFolders(), readdirSync(records)]).toEqual([[], []]);
    });

    it("sweep() ends no process for a record of an earlier boot, another machine or a container", async () => {
      const [earlier, machine, container] = [newTag(), newTag(), newTag()];
      const tools = [earlier, machine, container].map((mark) => sleeper(tagEnvironment(mark)));
      await write(earlier, { machine: { ...thisMachine(), boot: "earlier" } });
      await write(machine, { machine: { ...thisMachine(), host: "elsewhere" } });
      await write(container, { machine: { ...thisMachine(), namespace: "pid:[1]" } });
      await sweep(logger);
      expect(tools.map(isAlive)).toEqual([true, true, true]);
      expect(readdirSync(records).sort()).toEqual([`${machine}.json`, `${container}.json`].sort());
      expect(privateFolders()).toHaveLength(2);
    });

    it("sweep() removes an old folder of a version query without a record", async () => {
      const [old, recent, other] = ["version-abc123", "version-abc124", "versions-abc123"].map((name) =>
        join(temporary, `opencode-ts-${name}`),
      );
      for (const path of [old, recent, other]) await mkdir(path ?? "");
      for (const path of [old, other]) await utimes(path ?? "", 1, 1);
      await sweep(logger);
      expect([old, recent, other].map((path) => existsSync(path ?? ""))).toEqual([false, true, true]);
    });

    it("sweep() ends no process and removes no folder for a record that was tampered with", async () => {
      const precious = join(folder, "precious");
      await mkdir(precious);
      await mkdir(join(temporary, "opencode-ts-other"));
      const marks = Array.from({ length: 5 }, newTag);
      const [elsewhere = "", sibling = "", linked = "", parent = "", nested = ""] = marks;
      for (const mark of marks) await write(mark, {});
      await mkdir(join(folder, `opencode-ts-${elsewhere}`));
      await write(elsewhere, { folder: join(folder, `opencode-ts-${elsewhere}`) });
      await write(sibling, { folder: join(temporary, "opencode-ts-other") });
      await rm(join(temporary, `opencode-ts-${linked}`), { recursive: true });
      await symlink(precious, join(temporary, `opencode-ts-${linked}`));
      await write(parent, { folder: join(temporary, "..") });
      await write(nested, { folder: `${temporary}/../${basename(precious)}` });
      const other = sleeper();
      const broken = ["", "{", "null", "[]", "x".repeat(5_000_000), JSON.stringify({ form: 1, owner: { pid: -1 } })];
      for (const text of broken) await writeFile(join(records, `${newTag()}.json`), text);
      await write(newTag(), { server: { pid: -other, start: "1" } });
      await write(newTag(), { server: { pid: 1, start: linuxStartTime(1) } });
      await write(newTag(), { mark: "PATH" });
      await mkdir(join(records, `${newTag()}.json`));
      await symlink(recordOf(elsewhere), recordOf(newTag()));
      await writeFile(join(records, "notes.txt"), "mine");
      await sweep(logger);
      expect(isAlive(other)).toBe(true);
      for (const path of [precious, join(folder, `opencode-ts-${elsewhere}`), join(temporary, "opencode-ts-other")]) {
        expect(existsSync(path), path).toBe(true);
      }
      expect(existsSync(join(records, "notes.txt"))).toBe(true);
    });
  });
}
