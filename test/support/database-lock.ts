/** Another process that writes to the agent's database for as long as it is told to. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { testBinary } from "./fixture.js";
import { scaled } from "./slowness.js";

export interface DatabaseLock extends AsyncDisposable {
  /** Lets the others write again. Idempotent. */
  release(): Promise<void>;
}

/** Holds the write lock of the database in the server's private home. The agent's own runtime knows SQLite. */
export async function lockDatabase(homeRoot: string): Promise<DatabaseLock> {
  const files = await readdir(homeRoot, { recursive: true });
  const name = files.find((file) => file.endsWith("opencode.db"));
  if (name === undefined) throw new Error(`no database below ${homeRoot}`);
  const program = `
    import { Database } from "bun:sqlite";
    const database = new Database(process.argv.at(-1));
    database.exec("PRAGMA busy_timeout = ${scaled(20_000)}");
    database.exec("BEGIN IMMEDIATE");
    console.log("locked");
    for await (const _ of process.stdin);
    database.exec("ROLLBACK");
  `;
  const child = spawn(testBinary(), ["-e", program, join(homeRoot, name)], {
    env: { ...process.env, BUN_BE_BUN: "1" },
    stdio: ["pipe", "pipe", "inherit"],
  });
  const exited = once(child, "exit");
  const locked = once(child.stdout, "data");
  await Promise.race([locked, exited.then(([code]) => Promise.reject(new Error(`the lock ended with ${code}`)))]);
  const release = async (): Promise<void> => {
    child.stdin.end();
    await exited;
  };
  return { release, [Symbol.asyncDispose]: release };
}
