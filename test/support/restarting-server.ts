/** A server that can be killed and started again on the same address and data, as a supervisor would do it. */
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { createOpencodeServer, type OpencodeServer } from "../../src/index.js";
import type { Config } from "../../src/types/options.js";
import { temporaryFolder, testBinary } from "./fixture.js";
import { homeVariables } from "./home.js";
import { unhurried } from "./slowness.js";

export interface RebornServer extends AsyncDisposable {
  readonly url: string;
  readonly password: string;
  readonly directory: string;
  readonly home: string;
  /** SIGKILL; resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again. */
  start(): Promise<void>;
}

/** Starts it for the first time. */
export async function startRebornServer(config: Config): Promise<RebornServer> {
  const home = await temporaryFolder();
  const directory = join(home, "work");
  await mkdir(directory);
  const { serverTimeout } = unhurried();
  const env = homeVariables(home);
  const options = { directory, config, binary: testBinary(), env, logLevel: "error" as const, serverTimeout };
  let server: OpencodeServer = await createOpencodeServer(options);
  const { url, password } = server;
  return {
    url,
    password,
    directory,
    home,
    kill: async () => {
      process.kill(server.pid, "SIGKILL");
      await server.exited;
      await server.close(); // and its folder is gone
    },
    start: async () => {
      server = await createOpencodeServer({ ...options, password, port: Number(new URL(url).port) });
    },
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await rm(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
