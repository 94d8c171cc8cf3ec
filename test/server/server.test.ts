import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, realpath, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import { networkInterfaces, tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { inspect } from "node:util";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { agentBinary } from "../../scripts/agent.js";
import { createOpencodeServer } from "../../src/server/server.js";
import type { ServerOptions } from "../../src/types/options.js";
import type { OpencodeServer } from "../../src/types/server.js";
import { isAlive } from "../support/processes.js";
import { eventually, scaled, unhurried } from "../support/slowness.js";

let binary: string;
let state: string;
beforeAll(async () => {
  binary = await agentBinary();
  state = await mkdtemp(join(tmpdir(), "opencode-ts-state-"));
});
afterAll(() => rm(state, { recursive: true, force: true }));

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "opencode-ts-server-")));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true, maxRetries: 3 });
});

/** A server of the real agent with a home of its own, in `folder`. */
function start(options: ServerOptions = {}): Promise<OpencodeServer> {
  const env = { XDG_STATE_HOME: state, ...options.env };
  const { serverTimeout } = unhurried();
  const base = { binary, isolation: "clean", directory: folder, logLevel: "error", serverTimeout } as const;
  return createOpencodeServer({ ...base, ...options, env });
}

async function get(
  server: OpencodeServer,
  path: string,
  password = server.password,
  method = "GET",
): Promise<Response> {
  const headers = { authorization: `Basic ${Buffer.from(`${server.username}:${password}`).toString("base64")}` };
  return fetch(`${server.url}${path}`, { method, headers, signal: AbortSignal.timeout(scaled(60_000)) });
}

/** Relative paths of everything in a folder. */
async function listing(path: string): Promise<string[]> {
  return (await readdir(path, { recursive: true })).sort();
}

describe("a server of the real agent", () => {
  it("a server answers only with its password, works in its directory, and is gone after close()", async () => {
    await using server = await start({ config: { model: "some/model" } });
    expect(server).toMatchObject({ binary, directory: folder, username: "opencode" });
    expect(isAlive(server.pid)).toBe(true);
    const health = await get(server, "/global/health");
    expect(await health.json()).toEqual({ healthy: true, version: server.version });
    expect((await get(server, "/global/health", "wrong")).status).toBe(401);
    expect(await (await get(server, "/path")).json()).toMatchObject({ directory: folder });
    expect(await (await get(server, "/config")).json()).toMatchObject({ model: "some/model", autoupdate: false });
    expect(server.outputTail()).toContain("listening on");
    await server.close();
    expect(isAlive(server.pid)).toBe(false);
    expect(await server.exited).toEqual({ exitCode: null, signal: "SIGTERM" });
  });

  it("a server listens on the given port and address", async () => {
    const addresses = Object.values(networkInterfaces()).flatMap((entries) => entries?.map((entry) => entry.address));
    const hostname = addresses.includes("::1") ? "::1" : "127.0.0.1";
    const inUrl = hostname === "::1" ? "[::1]" : hostname;
    const probe = createServer().listen(0, hostname);
    await new Promise((resolve) => probe.once("listening", resolve));
    const address = probe.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    await new Promise((resolve) => probe.close(resolve));
    await using server = await start({ hostname, port, password: "correct horse: battery/staple" });
    expect(server.url).toBe(`http://${inUrl}:${port}`);
    expect((await get(server, "/global/health")).status).toBe(200);
    const error = await start({ hostname, port, password: "x" }).catch((reason: unknown) => reason);
    expect(error).toMatchObject({
      name: "ServerStartupError",
      message: `Port ${port} on ${hostname} is in use by another process.`,
    });
  });
});

describe("a running server of the real agent", () => {
  let running: OpencodeServer;
  let directory: string;
  beforeAll(async () => {
    directory = await realpath(await mkdtemp(join(tmpdir(), "opencode-ts-server-")));
    const OPENCODE_CONFIG_CONTENT = JSON.stringify({ username: "inherited", share: "disabled" });
    running = await start({ directory, env: { OPENCODE_CONFIG_CONTENT }, config: { username: "given" } });
  });
  afterAll(async () => {
    await running?.close();
    await rm(directory, { recursive: true, force: true, maxRetries: 3 });
  });

  it("a server shows its password neither in inspect() nor in JSON nor in its own output", () => {
    expect(running.password).toMatch(/^\w{33}$/);
    for (const shown of [
      inspect(running, { depth: null, showHidden: true }),
      JSON.stringify({ server: running }),
      running.outputTail(),
    ]) {
      expect(shown).not.toContain(running.password);
    }
    expect(Object.keys(running)).not.toContain("password");
  });

  it("a server merges its configuration over an inherited one", async () => {
    expect(await (await get(running, "/config")).json()).toMatchObject({ username: "given", share: "disabled" });
  });

  // It comes last: it closes the server.
  it("servers that run at the same time have different ports and passwords", async () => {
    const servers = [running, ...(await Promise.all([start(), start()]))];
    const distinct = (values: string[]): number => new Set(values).size;
    expect(distinct(servers.map(({ url }) => url))).toBe(3);
    expect(distinct(servers.map(({ password }) => password))).toBe(3);
    await Promise.all(servers.map((server) => server.close()));
    expect(servers.map(({ pid }) => isAlive(pid))).toEqual([false, false, false]);
  });
});

describe("a server with a home of its own", () => {
  /** A registry, and a proxy for everything else: notes what is asked for, and has nothing. */
  let trap: Server;
  let asked: string[];
  let trapUrl: string;
  beforeEach(async () => {
    asked = [];
    trap = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      response.writeHead(404).end("{}");
    });
    trap.on("connect", (request, socket) => {
      asked.push(`CONNECT ${request.url}`);
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    });
    await new Promise<void>((resolve) => trap.listen(0, "127.0.0.1", resolve));
    const address = trap.address();
    trapUrl = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  });
  afterEach(async () => {
    trap.closeAllConnections();
    await new Promise((resolve) => trap.close(resolve));
  });

  it("a server with its own home leaves no file outside of that home and makes no network request", async () => {
    const [home, temporary, directory] = [join(folder, "home"), join(folder, "tmp"), join(folder, "project")];
    for (const path of [home, temporary, directory]) await mkdir(path);
    vi.stubEnv("HOME", home);
    vi.stubEnv("TMPDIR", temporary);
    for (const name of ["npm_config_registry", "HTTPS_PROXY", "HTTP_PROXY"]) vi.stubEnv(name, trapUrl);
    for (const kind of ["DATA", "CONFIG", "CACHE"]) vi.stubEnv(`XDG_${kind}_HOME`, undefined);
    const server = await start({ directory });
    const root = server.home?.root ?? "";
    expect((await stat(root)).mode & 0o777).toBe(0o700);
    // The first use of a directory is when the server wants its plugin.
    expect((await get(server, "/config/providers")).status).toBe(200);
    expect((await get(server, "/session")).status).toBe(200);
    expect(existsSync(join(root, ".local", "share", "opencode", "opencode.db"))).toBe(true);
    await server.close();
    expect(existsSync(root)).toBe(false);
    expect(await listing(home)).toEqual([]);
    expect(await listing(directory)).toEqual([]);
    expect(await listing(temporary)).toEqual([]);
    expect(asked).toEqual([]);
  });

  it("a server with its own home asks the registry that the caller names", async () => {
    await using server = await start({ env: { npm_config_registry: trapUrl } });
    await get(server, "/config/providers");
    await eventually("it is asked", () => /@opencode-ai(\/|%2f)plugin/i.test(asked.join("\n")));
  });

  it("a server with its own home reads neither the user's nor the project's configuration", async () => {
    await mkdir(join(folder, "home", ".config", "opencode"), { recursive: true });
    await writeFile(join(folder, "home", ".config", "opencode", "opencode.json"), '{"username":"from the home"}');
    await mkdir(join(folder, "project"));
    await writeFile(join(folder, "project", "opencode.json"), '{"username":"from the directory"}');
    vi.stubEnv("HOME", join(folder, "home"));
    vi.stubEnv("XDG_CONFIG_HOME", undefined);
    vi.stubEnv("OPENCODE_CONFIG_CONTENT", '{"username":"from the environment"}');
    await using server = await start({ directory: join(folder, "project") });
    expect(await (await get(server, "/config")).text()).not.toContain("from the");
  });
});

describe("a server with a home that stays", () => {
  it("a permanent home is private, and the next server finds the sessions in that home", async () => {
    const home = join(folder, "kept", "home");
    const first = await start({ isolation: { home } });
    expect(first.home).toMatchObject({ root: home });
    const { id } = (await (await get(first, "/session", undefined, "POST")).json()) as { id: string };
    await first.close();
    expect((await stat(home)).mode & 0o777).toBe(0o700);
    expect(existsSync(join(home, ".local", "share", "opencode", "opencode.db"))).toBe(true);
    await using second = await start({ isolation: { home } });
    expect((await get(second, `/session/${id}`)).status).toBe(200);
  });
});

describe("a server without a home of its own", () => {
  it("a server with the user's home leaves nothing in the temporary folder", async () => {
    const [home, temporary] = [join(folder, "home"), join(folder, "tmp")];
    for (const path of [home, temporary]) await mkdir(path);
    vi.stubEnv("TMPDIR", temporary);
    const folders = { XDG_DATA_HOME: undefined, XDG_CONFIG_HOME: undefined, XDG_CACHE_HOME: undefined };
    const offline = { npm_config_registry: "http://127.0.0.1:9", OPENCODE_DISABLE_MODELS_FETCH: "1" };
    const server = await start({ isolation: "inherit", env: { HOME: home, ...folders, ...offline } });
    // Searching files is what makes it unpack something.
    expect((await get(server, "/find/file?query=a")).status).toBe(200);
    const unpacked = (await listing(temporary)).filter((path) => /\.(so|dylib|dll)$/.test(path));
    expect(unpacked).toEqual([expect.stringMatching(/^opencode-ts-\w+\/tmp\/[^/]+$/)]);
    expect((await stat(dirname(join(temporary, unpacked[0] ?? "")))).mode & 0o777).toBe(0o700);
    await server.close();
    expect(await listing(temporary)).toEqual([]);
  });

  it("a server with the user's home reads the user's configuration", async () => {
    const home = join(folder, "home");
    await mkdir(join(home, ".config", "opencode"), { recursive: true });
    await writeFile(join(home, ".config", "opencode", "opencode.json"), '{"username":"from the home"}');
    const folders = { XDG_DATA_HOME: undefined, XDG_CONFIG_HOME: undefined, XDG_CACHE_HOME: undefined };
    const offline = { npm_config_registry: "http://127.0.0.1:9", OPENCODE_DISABLE_MODELS_FETCH: "1" };
    await using server = await start({ isolation: "inherit", env: { HOME: home, ...folders, ...offline } });
    expect(server.home).toBeUndefined();
    expect(await (await get(server, "/config")).json()).toMatchObject({ username: "from the home" });
    await server.close();
    expect(existsSync(join(home, ".local", "share", "opencode", "opencode.db"))).toBe(true);
  });
});
