/** Functions of the caller's whose result nobody waits for: what goes wrong in them ends nothing. */
import { afterEach, beforeEach, expect, test } from "vitest";
import { progressMeter } from "../../src/binary/download/progress.js";
import { detachedCallback } from "../../src/util/detached-callback.js";
import { createLogger, type Logger } from "../../src/util/logger.js";

const unhandled: unknown[] = [];
const note = (reason: unknown): void => void unhandled.push(reason);
beforeEach(() => {
  unhandled.length = 0;
  process.on("unhandledRejection", note);
});
afterEach(() => process.off("unhandledRejection", note));

/** Node tells of rejections that nobody holds when the microtasks are done. */
const later = (): Promise<void> => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
const failing = async (): Promise<void> => {
  await Promise.resolve();
  throw new Error("log service down");
};

test("a rejection by an async logger method causes no unhandled rejection", async () => {
  const logger: Logger = { error: failing, warn: failing, info: failing, debug: failing };
  const log = createLogger({ logger, logLevel: "debug" });
  for (const name of ["error", "warn", "info", "debug"] as const) log[name]("a line");
  await later();
  expect(unhandled).toEqual([]);
});

test("a rejection by onProgress is logged as a warning and causes no unhandled rejection", async () => {
  const lines: string[] = [];
  const say = (line: string): void => void lines.push(line);
  const logger = createLogger({ logger: { error: say, warn: say, info: say, debug: say }, logLevel: "warn" });
  progressMeter({ version: "1", total: 2, onProgress: failing, logger }).at(2, true);
  await later();
  expect(unhandled).toEqual([]);
  expect(lines).toEqual(["onProgress has thrown: log service down"]);
});

test("a detached callback reports an exception, a rejection and a rejecting thenable, but no value", async () => {
  const told: unknown[] = [];
  const tell = (error: unknown): void => void told.push(error);
  detachedCallback(() => {
    throw new Error("now");
  }, tell);
  detachedCallback(failing, tell);
  detachedCallback(
    // biome-ignore lint/suspicious/noThenProperty: that is the subject
    () => ({ then: (_resolve: unknown, reject: (reason: string) => void) => reject("not a promise") }),
    tell,
  );
  detachedCallback(() => "a value", tell);
  await later();
  expect(told).toEqual([new Error("now"), new Error("log service down"), "not a promise"]);
  expect(unhandled).toEqual([]);
});
