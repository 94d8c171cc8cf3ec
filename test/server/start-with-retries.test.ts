/** When a start is repeated, and when its failure is the last word. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { ServerStartupError, ServerStartupTimeoutError } from "../../src/errors/index.js";
import { startWithRetries } from "../../src/server/start-with-retries.js";
import { createLogger } from "../../src/util/logger.js";

const plan = { hostname: "127.0.0.1", port: undefined, logger: createLogger({ logLevel: "off" }) };
const failure = (tail: string): ServerStartupError => new ServerStartupError("it ended", { tail });
const locked = failure("SQLiteError: database is locked");
const lostPort = failure("Error: Unexpected error\nServeError");

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Starts with these failures, one after another, and then works; gives the ports that were tried. */
async function start(failures: readonly unknown[], changes: { port?: number; signal?: AbortSignal } = {}) {
  const ports: number[] = [];
  const { signal = new AbortController().signal, port } = changes;
  const outcome = startWithRetries({ ...plan, port }, signal, async (tried) => {
    ports.push(tried);
    if (ports.length <= failures.length) throw failures[ports.length - 1];
    return "started";
  }).catch((error: unknown) => error);
  let isOver = false;
  void outcome.then(() => {
    isOver = true;
  });
  while (!isOver) {
    await new Promise((resolve) => setImmediate(resolve)); // a free port is looked for on the real network
    await vi.advanceTimersByTimeAsync(1_000);
  }
  return { outcome: await outcome, ports };
}

test("a start that succeeds is not repeated", async () => {
  const { outcome, ports } = await start([]);
  expect([outcome, ports.length]).toEqual(["started", 1]);
});

test.each([
  ["a port that somebody has taken since it was found", lostPort],
  ["a database that another server holds", locked],
  ["tables that another server was just making", failure("Failed query: CREATE TABLE session")],
])("a start is repeated because of %s", async (_what, error) => {
  const { outcome, ports } = await start([error]);
  expect([outcome, ports.length]).toEqual(["started", 2]);
});

test("a start is tried four times at most, and the last failure is thrown", async () => {
  const last = failure("database is locked, once more");
  const { outcome, ports } = await start([locked, lostPort, locked, last, locked]);
  expect([outcome, ports.length]).toEqual([last, 4]);
});

test.each([
  ["an agent that says something else", failure("Error: invalid configuration")],
  ["a start that was given up", new ServerStartupTimeoutError("not ready", { tail: "database is locked" })],
  ["an error that is no failure of a start", new Error("database is locked")],
])("a start is not repeated because of %s", async (_what, error) => {
  const { outcome, ports } = await start([error]);
  expect([outcome, ports.length]).toEqual([error, 1]);
});

test("a start on a requested port is repeated after a locked database, not after a taken port", async () => {
  const port = (await start([])).ports[0] ?? 0;
  expect(await start([lostPort], { port })).toEqual({ outcome: lostPort, ports: [port] });
  expect(await start([locked], { port })).toEqual({ outcome: "started", ports: [port, port] });
});

test("a signal ends the wait for the next start", async () => {
  const reason = new Error("nobody waits");
  const { outcome, ports } = await start([locked], { signal: AbortSignal.abort(reason) });
  expect([outcome, ports.length]).toEqual([reason, 1]);
});
