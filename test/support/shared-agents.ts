/**
 * One real agent for each worker of the test runner. A start of `opencode serve` and its first prompt cost seconds of a
 * processor, another directory on a running server costs a tenth of that. Tests reach the agent through a stand-in for its
 * binary (`programs/shared-agent.ts`): the package starts, uses and ends a process of its own as always.
 */
import { readFileSync } from "node:fs";
import { chmod, mkdir, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { pinned } from "../../scripts/agent.js";
import { type RawServer, type RawServerOptions, startRawServer } from "./raw-server.js";

/** Pages of memory, 4 KiB each, above which an agent is replaced before the next file of tests. */
const fullAt = 400_000;

/** The line of a stand-in to the broker. The answer is a {@link Lease}, or why there is none. */
export interface LeaseRequest {
  /** The worker of the test runner. */
  readonly pool: string;
  /** Changes from one file of tests to the next. */
  readonly file: string;
  readonly directory: string;
  /** JSON. The agent reads it for the directory, all its leases have the same. */
  readonly config: string;
  /** The configuration lies here until the last lease of the directory ends. */
  readonly configFile: string;
}

/** How a stand-in reaches the agent. */
export interface Lease {
  readonly port: number;
  readonly password: string;
}

/** A running broker. */
export interface SharedAgents {
  /** The stand-in: a path for the option `binary`. */
  readonly binary: string;
  /** Ends all agents. */
  close(): Promise<void>;
}

type SharedAgentOptions = RawServerOptions & { readonly binary: string; readonly password: string };

/** The agent of one worker. No process runs before the first lease. */
class SharedAgent {
  readonly #options: SharedAgentOptions;
  /** With their directories. */
  readonly #leases = new Map<Socket, string>();
  /** Directories of leases that have ended. */
  readonly #ended = new Set<string>();
  #running: Promise<RawServer> | undefined;
  /** Leases begin and end one after the other. */
  #last: Promise<unknown> = Promise.resolve();
  #file = "";

  constructor(options: SharedAgentOptions) {
    this.#options = options;
  }

  /** Lends it until the socket closes, or until it sends anything: it is closed when the lease has ended. */
  lend(socket: Socket, request: LeaseRequest): Promise<void> {
    const end = (): Promise<void> => this.#inOrder(() => this.#end(socket, request));
    socket.once("close", end);
    socket.once("data", () => end().then(() => socket.end()));
    return this.#inOrder(() => this.#begin(socket, request));
  }

  async close(): Promise<void> {
    const server = await this.#running?.catch(() => undefined);
    await server?.close();
  }

  #inOrder(step: () => Promise<void>): Promise<void> {
    const next = this.#last.then(step);
    this.#last = next.catch(() => {}); // told to whoever waits for it
    return next;
  }

  async #begin(socket: Socket, { file, directory, config, configFile }: LeaseRequest): Promise<void> {
    if (file !== this.#file && this.#leases.size === 0) await this.#clear();
    this.#file = file;
    if (socket.destroyed) return;
    this.#leases.set(socket, directory);
    await writeFile(configFile, config);
    this.#running ??= this.#start();
    const server = await this.#running;
    // A client of the last lease may have come back behind its end, and found no configuration.
    if (this.#ended.delete(directory)) await dispose(server, directory);
    const { url } = server;
    const lease: Lease = { port: Number(new URL(url).port), password: this.#options.password };
    socket.write(`${JSON.stringify(lease)}\n`);
  }

  async #end(socket: Socket, { directory, configFile }: LeaseRequest): Promise<void> {
    if (!this.#leases.delete(socket) || [...this.#leases.values()].includes(directory)) return;
    const server = await this.#running?.catch(() => undefined);
    if (server !== undefined) await dispose(server, directory);
    await rm(configFile, { force: true });
    this.#ended.add(directory);
  }

  #start(): Promise<RawServer> {
    const starting = startRawServer(this.#options);
    const forget = (): boolean => {
      const isCurrent = this.#running === starting;
      if (isCurrent) this.#running = undefined;
      return isCurrent;
    };
    const end = (): void => {
      if (!forget()) return;
      for (const socket of this.#leases.keys()) socket.end(); // the tests see that their server is gone
    };
    starting.then(({ exited }) => exited.then(end), forget);
    return starting;
  }

  /** Ends the turns that the last file of tests has left, and the agent itself when it takes much memory. */
  async #clear(): Promise<void> {
    const server = await this.#running?.catch(() => undefined);
    if (server === undefined) return;
    if ((await post(server, "/global/dispose")) && pagesOf(server.pid) < fullAt) return;
    this.#running = undefined;
    await server.close();
  }
}

async function dispose(server: RawServer, directory: string): Promise<void> {
  await post(server, `/instance/dispose?directory=${encodeURIComponent(directory)}`);
}

/** Whether the server has done it. */
async function post(server: RawServer, path: string): Promise<boolean> {
  const answer = await fetch(`${server.url}${path}`, { method: "POST", headers: server.headers }).catch(
    () => undefined,
  );
  await answer?.arrayBuffer().catch(() => {});
  return answer?.ok === true;
}

function pagesOf(pid: number): number {
  try {
    return Number(readFileSync(`/proc/${pid}/statm`, "latin1").split(" ")[1]);
  } catch {
    return 0; // a system without /proc
  }
}

/** Listens for stand-ins. Writes the stand-in into `folder`. */
export async function startSharedAgents(folder: string, options: SharedAgentOptions): Promise<SharedAgents> {
  const agents = new Map<string, SharedAgent>();
  const broker = createServer((socket) => {
    socket.on("error", () => {}); // the stand-in has been killed
    socket.once("data", (line) => {
      const request = JSON.parse(line.toString()) as LeaseRequest; // our own program's
      const shared = agents.get(request.pool) ?? new SharedAgent(options);
      agents.set(request.pool, shared);
      shared.lend(socket, request).catch((error: unknown) => socket.end(`no agent: ${String(error)}\n`));
    });
  });
  await new Promise<void>((resolve) => broker.listen(0, "127.0.0.1", resolve));
  const { port } = broker.address() as AddressInfo; // a TCP server's
  return {
    binary: await writeStandIn(folder, options.binary, port),
    close: async () => {
      broker.close();
      await Promise.all([...agents.values()].map((shared) => shared.close()));
    },
  };
}

/**
 * A script, since only a shell can turn into the agent itself where sharing is not possible: in a folder that is not
 * `temporaryFolder()`'s, and in a directory that another server uses with another configuration. The agent reads the
 * configuration in the folder above the directory, where no tool of it looks. From a git repository it looks no further up.
 */
async function writeStandIn(folder: string, agent: string, port: number): Promise<string> {
  await mkdir(folder);
  const program = join(folder, "shared-agent.mjs");
  const source = join(dirname(fileURLToPath(import.meta.url)), "programs", "shared-agent.ts");
  await build({ entryPoints: [source], outfile: program, bundle: true, platform: "node", format: "esm" });
  const path = join(folder, "opencode");
  await writeFile(
    path,
    `#!/bin/sh
parent=\${PWD%/*}
case "$1 \${parent##*/}" in
  "--version "*) echo ${pinned().version}; exit ;;
  "serve opencode-ts-folder-"*)
    file=$parent/opencode.json
    if [ -e .git ]; then
      file=$PWD/opencode.json
      grep -qx opencode.json .git/info/exclude || echo opencode.json >> .git/info/exclude
    fi
    if (set -C; printf %s "$OPENCODE_CONFIG_CONTENT" > "$file") 2> /dev/null ||
      [ "$(cat "$file")" = "$OPENCODE_CONFIG_CONTENT" ]; then
      exec '${process.execPath}' '${program}' ${port} "$file" "$@"
    fi ;;
esac
exec '${agent}' "$@"
`,
  );
  await chmod(path, 0o755);
  return path;
}
