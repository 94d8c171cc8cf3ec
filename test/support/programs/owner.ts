/** Starts a server, prints its process id, and then ends (or does not) in the way that is asked for. */
import { readFileSync } from "node:fs";
import { createOpencodeServer } from "../../../src/server/server.js";
import { scaled } from "../slowness.js";

const [mode, binary, directory, isolation] = process.argv.slice(2);
const keepAlive = setInterval(() => {}, 1_000);
const print = (line: string): void => void process.stdout.write(`${line}\n`);
if (mode === "signal-exit") actLikeSignalExit();
if (mode === "starting") print(JSON.stringify({ owner: process.pid }));
const server = await createOpencodeServer({
  binary,
  directory,
  isolation: isolation === "clean" ? "clean" : "inherit",
  serverTimeout: scaled(60_000),
});
if (mode === "own-handler") {
  process.once("SIGINT", async () => {
    await server.exited;
    print("the application goes on");
    process.exit(5);
  });
}
print(JSON.stringify({ pid: server.pid, home: server.home?.root, mark: markOf(server.pid) }));
if (mode === "return") clearInterval(keepAlive);
if (mode === "throw") throw new Error("on purpose");
if (mode === "exit") process.exit(7);
if (mode === "close") {
  clearInterval(keepAlive);
  await server.close();
  print("closed");
}

/** What the package `signal-exit` does: it ends the process by the signal when its listeners are the only ones. */
function actLikeSignalExit(): void {
  const emitter = { count: 1 };
  Reflect.set(globalThis, Symbol.for("signal-exit emitter"), emitter);
  const listener = (signal: NodeJS.Signals): void => {
    if (process.listeners(signal).length !== emitter.count) return;
    process.off(signal, listener);
    process.kill(process.pid, signal);
  };
  process.on("SIGINT", listener);
}

/** Read here: when somebody else hears of the process it may be gone. Empty where there is no `/proc`. */
function markOf(pid: number): string {
  try {
    return /(?:^|\0)OPENCODE_TS_SERVER=(\w+)/.exec(readFileSync(`/proc/${pid}/environ`, "utf8"))?.[1] ?? "";
  } catch {
    return "";
  }
}
