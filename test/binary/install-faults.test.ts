/** `installBinary` when the network, the release, the archive or the disk is not as it should be. */
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, utimes, writeFile } from "node:fs/promises";
import type { ServerResponse } from "node:http";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { detectPlatform } from "../../src/binary/detect-platform.js";
import { storageFailure } from "../../src/binary/download/disk-error.js";
import { type DownloadLimits, downloadLimits } from "../../src/binary/download/limits.js";
import { install } from "../../src/binary/install.js";
import type { InstallBinaryOptions } from "../../src/binary/install-options.js";
import { installedName, packageNames } from "../../src/binary/platform.js";
import { BinaryDownloadError, type BinaryDownloadReason, type ResolvedBinary } from "../../src/index.js";
import { type ArchiveEntry, agentScript, digestOf, tarGz, zip } from "../support/archives.js";
import { rejection, sendJson, startHttpServer } from "../support/http-server.js";
import { runProgram, waitUntil } from "../support/processes.js";
import { type FileHandler, type ReleaseFile, startReleaseServer } from "../support/release-server.js";
import { scaled } from "../support/slowness.js";

const platform = detectPlatform() ?? expect.fail("no agent for this machine");
const [build] = packageNames(platform);
const name = installedName(build, "1.18.33");
const tarName = `${build}.tar.gz`;
/** Does not compress well: several chunks on the way. */
const noise = createHash("shake256", { outputLength: 400_000 }).update("noise").digest("hex");
const script = `${agentScript()}exit\n${noise}\n`;
const archive = tarGz([{ path: "opencode", content: script }]);
const good: ReleaseFile = { name: tarName, content: archive };

let folder: string;
let bin: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "opencode-ts-install-")));
  bin = join(folder, "bin");
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** Small enough to be reached. */
const limits: DownloadLimits = { ...downloadLimits, idle: scaled(5_000), tries: 3, pause: 1 };

function installHere(
  downloadUrl: string,
  options: InstallBinaryOptions = {},
  less: Partial<DownloadLimits> = {},
): Promise<ResolvedBinary> {
  const env = { HOME: folder, PATH: "/nowhere", XDG_STATE_HOME: join(folder, "state") };
  return install(
    { downloadUrl, directory: bin, env, logLevel: "off", ...options },
    { platform, limits: { ...limits, ...less } },
  );
}

async function expectFailure(promise: Promise<unknown>, reason: BinaryDownloadReason): Promise<BinaryDownloadError> {
  const error = await rejection(promise);
  expect(error).toBeInstanceOf(BinaryDownloadError);
  expect(error).toMatchObject({ reason, code: "binary_download" });
  return error as BinaryDownloadError; // said above
}

async function expectNothing(): Promise<void> {
  expect(await readdir(bin)).toEqual([]);
}

/** Sends the beginning of an answer, and cuts the connection. */
function cut(response: ServerResponse, bytes: number, start = 0): void {
  const rest = archive.length - start;
  if (start === 0) response.writeHead(200, { "content-length": rest, etag: '"one"' });
  else {
    const range = `bytes ${start}-${archive.length - 1}/${archive.length}`;
    response.writeHead(206, { "content-length": rest, "content-range": range, etag: '"one"' });
  }
  response.write(archive.subarray(start, start + bytes), () => response.destroy());
}

const startOf = (range: string | undefined): number => Number(/^bytes=(\d+)-$/.exec(range ?? "")?.[1] ?? 0);

describe("interrupted downloads", () => {
  it("a download continues after a cut connection with a range request for the rest", async () => {
    await using server = await startReleaseServer([good], {
      file: (_request, response, count, serve) => (count === 1 ? cut(response, 100_000) : serve()),
    });
    const { path } = await installHere(server.url);
    expect(await readFile(path, "utf8")).toBe(script);
    const [first, second] = server.fetched();
    expect(first?.headers.range).toBeUndefined();
    expect(startOf(second?.headers.range)).toBeGreaterThan(0);
    expect(second?.headers["if-range"]).toBe('"one"');
    expect(await readdir(bin)).toEqual([name]);
  });

  it("a download that is cut on every try fails after three tries, and the next call continues", async () => {
    let isMended = false;
    const file: FileHandler = (request, response, _count, serve) =>
      isMended ? serve() : cut(response, 50_000, startOf(request.headers.range));
    await using server = await startReleaseServer([good], { file });
    const error = await expectFailure(installHere(server.url), "connection");
    expect(error.message).toContain(tarName);
    expect(server.fetched()).toHaveLength(3);
    expect(await readdir(join(bin, ".opencode-ts"))).toEqual([expect.stringMatching(/\.part$/)]);
    isMended = true;
    const { path } = await installHere(server.url);
    expect(await readFile(path, "utf8")).toBe(script);
    expect(startOf(server.fetched().at(-1)?.headers.range)).toBeGreaterThan(50_000);
    expect(await readdir(bin)).toEqual([name]);
  });

  it("a download that gains enough bytes between cuts finishes after more tries than the limit", async () => {
    await using server = await startReleaseServer([good], {
      file: (request, response) => cut(response, 60_000, startOf(request.headers.range)),
    });
    await installHere(server.url, {}, { step: 20_000 });
    expect(server.fetched().length).toBeGreaterThan(3);
  });

  it("a download starts over if the host ignores the range, sends another range or answers 416", async () => {
    const answers: FileHandler[] = [
      (_request, response) => void response.writeHead(200, { "content-length": archive.length }).end(archive),
      (_request, response) =>
        void response.writeHead(206, { "content-range": `bytes 5-9/${archive.length}` }).end("wrong"),
      (_request, response) => void response.writeHead(416).end(),
    ];
    for (const answer of answers) {
      await using server = await startReleaseServer([good], {
        file: (request, response, count, serve) => {
          if (count === 1) cut(response, 100_000);
          else if (count === 2) answer(request, response, count, serve);
          else serve();
        },
      });
      const { path } = await installHere(server.url);
      expect(await readFile(path, "utf8")).toBe(script);
      await rm(bin, { recursive: true });
    }
  });

  it("a wrong partial file is discarded, and the whole archive is fetched again", async () => {
    const wrong = join(bin, ".opencode-ts", `${tarName}-${digestOf(archive).slice(7, 23)}.part`);
    await mkdir(join(wrong, ".."), { recursive: true });
    await writeFile(wrong, "x".repeat(1_000));
    await using server = await startReleaseServer([good]);
    const { path } = await installHere(server.url);
    expect(await readFile(path, "utf8")).toBe(script);
    expect(server.fetched().map(({ headers }) => headers.range)).toEqual(["bytes=1000-", undefined]);
  });

  it("a truncated response without content-length is detected by the release's size and fetched again", async () => {
    await using server = await startReleaseServer([good], {
      file: (_request, response, count, serve) => {
        if (count > 1) return serve();
        response.writeHead(200).end(archive.subarray(0, 1_000));
      },
    });
    await installHere(server.url);
    expect(server.fetched()).toHaveLength(2);
  });
});

describe("slow hosts", () => {
  it("a download that stalls for the idle limit is continued with a range request", async () => {
    await using server = await startReleaseServer([good], {
      file: (_request, response, count, serve) => {
        if (count > 1) return serve();
        response.writeHead(200, { "content-length": archive.length });
        response.write(archive.subarray(0, 100_000)); // and then nothing
      },
    });
    await installHere(server.url, {}, { idle: scaled(500) });
    expect(startOf(server.fetched()[1]?.headers.range)).toBeGreaterThan(0);
  });

  it("an API or a file host that never responds ends in a `timeout` error", async () => {
    await using deaf = await startHttpServer(() => {});
    const error = await expectFailure(installHere(deaf.url, {}, { idle: 50 }), "timeout");
    expect(error.message).toContain("nothing came for 50 ms");
    expect(deaf.requests).toHaveLength(3);
    await using server = await startReleaseServer([good], { file: () => {} });
    await expectFailure(installHere(server.url, {}, { idle: 50 }), "timeout");
    await expectNothing();
  });

  it("a download that drips single bytes ends with `timeout`, and the partial file is kept", async () => {
    await using server = await startReleaseServer([good], {
      file: (_request, response) => {
        response.writeHead(200, { "content-length": archive.length });
        let at = 0;
        const timer = setInterval(() => {
          if (response.destroyed) return clearInterval(timer);
          response.write(archive.subarray(at, at + 1));
          at += 1;
        }, 10);
      },
    });
    const timeout = scaled(1_000);
    const error = await expectFailure(installHere(server.url, { timeout }), "timeout");
    expect(error.message).toContain(`${timeout} ms`);
    expect(await readdir(join(bin, ".opencode-ts"))).toEqual([expect.stringMatching(/\.part$/)]);
  });
});

describe("aborted installations", () => {
  it("an aborted installation rejects with the abort reason, and leaves no file but the partial download", async () => {
    const controller = new AbortController();
    await using server = await startReleaseServer([good], {
      file: (_request, response) => {
        response.writeHead(200, { "content-length": archive.length });
        response.write(archive.subarray(0, 100_000), () => controller.abort("enough"));
      },
    });
    const error = await rejection(installHere(server.url, { signal: controller.signal }));
    expect(error).toMatchObject({ name: "APIAbortError", cause: "enough" });
    const left = existsSync(join(bin, ".opencode-ts")) ? await readdir(join(bin, ".opencode-ts")) : [];
    expect(left.filter((file) => !file.endsWith(".part"))).toEqual([]);
    const early = await rejection(installHere(server.url, { signal: AbortSignal.abort() }));
    expect(early).toMatchObject({ name: "APIAbortError" });
  });

  it("an installation that waits for another process's lock can be aborted, and the lock stays", async () => {
    await using server = await startReleaseServer([good]);
    await mkdir(join(bin, ".opencode-ts"), { recursive: true });
    const lock = join(bin, ".opencode-ts", "1.18.33.lock");
    await writeFile(lock, JSON.stringify({ id: "other", pid: process.pid, host: hostname() }));
    const controller = new AbortController();
    const logger = { error: () => {}, warn: () => {}, info: () => {}, debug: () => controller.abort() };
    const options: InstallBinaryOptions = { signal: controller.signal, logger, logLevel: "debug" };
    expect(await rejection(installHere(server.url, options))).toMatchObject({ name: "APIAbortError" });
    expect(existsSync(lock)).toBe(true);
  });
});

describe("stale locks", () => {
  it.each([
    ["by a process that is gone", { id: "a", pid: 2 ** 22 + 1, host: hostname() }, 600_000],
    ["by one that does not show itself", { id: "a", pid: 1, host: "another machine" }, 200],
    ["half written", undefined, 200],
  ])("an installation takes over a lock that was left %s", async (_name, owner, stale) => {
    await using server = await startReleaseServer([good]);
    await mkdir(join(bin, ".opencode-ts"), { recursive: true });
    await writeFile(join(bin, ".opencode-ts", "1.18.33.lock"), owner === undefined ? "" : JSON.stringify(owner));
    await installHere(server.url, {}, { stale });
    expect(await readdir(bin)).toEqual([name]);
  });
});

describe("killed downloads", () => {
  const program = new URL("../support/programs/install.ts", import.meta.url);

  it.each(["SIGKILL", "SIGTERM"] as const)(
    "the next installation continues a download that was ended by %s",
    async (signal) => {
      await using server = await startReleaseServer([good], {
        file: (_request, response, count, serve) => {
          if (count > 1) return serve();
          response.writeHead(200, { "content-length": archive.length });
          response.write(archive.subarray(0, 200_000));
        },
      });
      const env = { ...process.env, HOME: folder, XDG_STATE_HOME: join(folder, "state") };
      const { child, exit } = runProgram(program, [JSON.stringify({ downloadUrl: server.url, directory: bin })], env);
      const work = join(bin, ".opencode-ts");
      const sizes = async (): Promise<number[]> => {
        const parts = (await readdir(work).catch(() => [])).filter((file) => file.endsWith(".part"));
        return Promise.all(parts.map(async (file) => (await readFile(join(work, file))).length));
      };
      await waitUntil(async () => (await sizes()).includes(200_000));
      child.kill(signal);
      await exit;
      if (signal === "SIGTERM") expect(await readdir(work)).toEqual([expect.stringMatching(/[0-9a-f]{16}\.part$/)]);
      await installHere(server.url);
      expect(server.fetched().at(-1)?.headers.range).toBe("bytes=200000-");
      expect(await readdir(bin)).toEqual([name]);
    },
  );

  it("an installation deletes old partial files and the unpacked files of killed processes", async () => {
    await using server = await startReleaseServer([good]);
    const work = join(bin, ".opencode-ts");
    await mkdir(work, { recursive: true });
    const old = join(work, "opencode-linux-x64.tar.gz-0123456789abcdef.part");
    await writeFile(old, "of another release");
    await utimes(old, new Date(0), new Date(0));
    await writeFile(join(work, "1.18.33.b0a1.unpacked"), "of a process that was killed");
    await installHere(server.url);
    expect(await readdir(bin)).toEqual([name]);
  });
});

describe("responses of the release API", () => {
  it("a 404 of the release API is a `no-release` error that names the release", async () => {
    await using server = await startReleaseServer([good], { version: "1.18.34" });
    const error = await expectFailure(installHere(server.url), "no-release");
    expect(error).toMatchObject({ status: 404, message: expect.stringContaining("no release 1.18.33") });
    await expectNothing();
  });

  it("a release without a build for this platform is a `no-asset` error that lists the release's assets", async () => {
    await using server = await startReleaseServer([{ ...good, name: "opencode-plan9-mips.tar.gz" }]);
    const error = await expectFailure(installHere(server.url), "no-asset");
    expect(error.assets).toEqual(["opencode-plan9-mips.tar.gz"]);
    expect(error.message).toContain(build);
  });

  it("an exhausted rate limit is a `rate-limit` error with its end in `retryAt`, after a single request", async () => {
    const reset = Math.floor(Date.now() / 1_000) + 600;
    const limited = [
      { status: 403, headers: { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(reset) } },
      { status: 429, headers: { "retry-after": "600" } },
      { status: 403, headers: { "retry-after": new Date(reset * 1_000).toUTCString() } },
    ];
    for (const { status, headers } of limited) {
      await using server = await startReleaseServer([good], {
        api: (_request, response) => sendJson(response, { message: "API rate limit exceeded" }, status, headers),
      });
      const error = await expectFailure(installHere(server.url), "rate-limit");
      expect(Math.abs((error.retryAt?.getTime() ?? 0) - reset * 1_000)).toBeLessThan(5_000);
      expect(error).toMatchObject({ status, hint: expect.stringContaining("GITHUB_TOKEN") });
      expect(server.requests).toHaveLength(1);
    }
  });

  it("a 403 of the release API that is no rate limit is an `http` error that quotes the response", async () => {
    await using server = await startReleaseServer([good], {
      api: (_request, response) => response.writeHead(403).end("Blocked by the company"),
    });
    const error = await expectFailure(installHere(server.url), "http");
    expect(error).toMatchObject({ status: 403, message: expect.stringContaining("Blocked by the company") });
  });

  it("a 503 of the API and a 502 of the file host are retried, and the last status is in the error", async () => {
    let count = 0;
    await using server = await startReleaseServer([good], {
      api: (_request, response, serve) => {
        count += 1;
        if (count > 2) serve();
        else response.writeHead(503).end();
      },
      file: (_request, response) => response.writeHead(502).end(),
    });
    const error = await expectFailure(installHere(server.url), "http");
    expect(error.status).toBe(502);
    expect([server.asked().length, server.fetched().length]).toEqual([3, 3]);
  });

  it.each([
    ["a web page", "<html>Please log in</html>"],
    ["another shape", '{"assets":{}}'],
    ["nothing", ""],
    ["more than anybody reads", "x".repeat(20_000)],
  ])("an API response with %s as its body is an `invalid-answer` error", async (_name, text) => {
    await using server = await startReleaseServer([good], { api: (_request, response) => response.end(text) });
    await expectFailure(installHere(server.url, {}, { answer: 10_000 }), "invalid-answer");
    await expectNothing();
  });

  it("release assets that are malformed or still being uploaded are ignored", async () => {
    const entries = [null, "x", { name: 5 }, { name: tarName }, { name: tarName, browser_download_url: "http://[" }];
    const assets = [...entries, { name: tarName, browser_download_url: "https://x.example/", state: "starter" }];
    await using server = await startReleaseServer([], { api: (_request, response) => sendJson(response, { assets }) });
    await expectFailure(installHere(server.url), "no-asset");
  });
});

describe("archives that differ from the release", () => {
  it("an archive with a wrong digest is a `checksum` error, even with `allowUnverified`, and is deleted", async () => {
    await using server = await startReleaseServer([{ ...good, digest: `sha256:${"0".repeat(64)}` }]);
    const error = await expectFailure(installHere(server.url), "checksum");
    expect(error.message).toContain("0".repeat(64));
    await expectFailure(installHere(server.url, { allowUnverified: true }), "checksum");
    await expectNothing();
  });

  it("an archive without a sha256 digest needs `allowUnverified`, and a partial one is not kept", async () => {
    for (const digest of [null, "md5:00", "sha256:short"]) {
      await using server = await startReleaseServer([{ ...good, digest }]);
      const error = await expectFailure(installHere(server.url), "no-digest");
      expect(error.hint).toContain("allowUnverified");
      expect(server.fetched()).toEqual([]);
      const lines: string[] = [];
      const warn = (line: string): void => void lines.push(line);
      const logger = { error: warn, warn, info: () => {}, debug: () => {} };
      await installHere(server.url, { allowUnverified: true, logger, logLevel: "warn" });
      expect(lines.join()).toContain("not verified");
      await rm(bin, { recursive: true });
    }
    await using broken = await startReleaseServer([{ ...good, digest: null }], {
      file: (_request, response) => cut(response, 100_000),
    });
    await expectFailure(installHere(broken.url, { allowUnverified: true }), "connection");
    await expectNothing();
  });

  it.each([
    ["shorter", archive.length + 1],
    ["longer", archive.length - 1],
  ])("an archive that is %s than the release's size is refused", async (_name, size) => {
    await using server = await startReleaseServer([{ ...good, size }]);
    await expectFailure(installHere(server.url), "size");
    await using unannounced = await startReleaseServer([{ ...good, size }], {
      file: (_request, response) => void response.writeHead(200).end(archive),
    });
    await expectFailure(installHere(unannounced.url), size > archive.length ? "truncated" : "size");
  });

  it("an announced or endless archive over the size limit is a `size` error", async () => {
    await using large = await startReleaseServer([{ ...good, size: 600_000_000 }]);
    await expectFailure(installHere(large.url), "size");
    expect(large.fetched()).toEqual([]);
    let sent = 0;
    await using endless = await startReleaseServer([{ ...good, size: null }], {
      file: (_request, response) => {
        response.writeHead(200);
        const more = (): void => {
          while (!response.destroyed && response.write(Buffer.alloc(65_536))) sent += 65_536;
        };
        response.on("drain", more);
        more();
      },
    });
    await expectFailure(installHere(endless.url, {}, { archive: 1_000_000 }), "size");
    await expectNothing();
    expect(sent).toBeLessThan(50_000_000);
  });
});

describe("contents of archives", () => {
  const opencode: ArchiveEntry = { path: "opencode", content: agentScript() };
  const evil: [string, ArchiveEntry[]][] = [
    ["a path that leads out", [{ path: "../opencode", content: "x" }, opencode]],
    ["a path that leads out in the middle", [opencode, { path: "a/../../evil", content: "x" }]],
    ["an absolute path", [{ path: "/tmp/opencode-evil", content: "x" }, opencode]],
    ["a path of Windows that leads out", [{ path: "..\\evil", content: "x" }, opencode]],
    ["a link instead of the file", [{ path: "opencode", type: "SymbolicLink", target: "/bin/sh" }]],
    ["a link beside the file", [{ path: "lib", type: "SymbolicLink", target: "/" }, opencode]],
    ["a device", [{ path: "null", type: "CharacterDevice" }, opencode]],
    ["the file twice", [opencode, { path: "./opencode", content: "#!/bin/sh\necho evil" }]],
    ["only a file of another path", [{ path: "bin/opencode", content: agentScript() }]],
    ["a folder of that name", [{ path: "opencode", type: "Directory" }]],
    ["nothing", []],
    ["more entries than are looked at", Array.from({ length: 50 }, (_, n) => ({ path: `f${n}`, content: "" }))],
    ["more than is unpacked", [{ path: "opencode", content: Buffer.alloc(3_000_000) }]],
    ["more than is unpacked, beside the file", [{ path: "zeros", content: Buffer.alloc(3_000_000) }, opencode]],
  ];
  const forms = [
    [".tar.gz", tarGz],
    [".zip", zip],
  ] as const;

  it.each(forms.flatMap(([form, pack]) => evil.map(([what, entries]) => [form, what, pack(entries)] as const)))(
    "a %s archive with %s is refused, or only its binary is unpacked",
    async (form, what, content) => {
      await using server = await startReleaseServer([{ name: `${build}${form}`, content }]);
      // A zip's entries are looked at one by one: what is beside the wanted file is never unpacked.
      const work = installHere(server.url, {}, { entries: 20, unpacked: 1_000_000 });
      if (form === ".zip" && what === "more than is unpacked, beside the file") await work;
      else {
        const error = await expectFailure(work, "archive");
        expect(error.message).toContain(`${build}${form}`);
        await expectNothing();
      }
      expect((await readdir(folder)).sort()).toEqual(expect.arrayContaining(["bin"]));
      expect(existsSync(join(folder, "opencode")) || existsSync(join(folder, "evil"))).toBe(false);
      expect(existsSync("/tmp/opencode-evil")).toBe(false);
    },
  );

  it.each([
    ["random bytes", Buffer.from(noise)],
    ["an empty file", Buffer.of()],
    ["a tar that is cut", tarGz([opencode]).subarray(0, -20)],
    ["a zip that lies about its size", zip([{ ...opencode, claimedSize: 5 }])],
    ["a zip that is cut", zip([opencode]).subarray(0, -10)],
  ])("a broken archive (%s) is refused as .tar.gz and as .zip", async (_name, content) => {
    for (const form of [".tar.gz", ".zip"]) {
      await using server = await startReleaseServer([{ name: `${build}${form}`, content }]);
      await expectFailure(installHere(server.url), "archive");
      await expectNothing();
    }
  });
});

describe("downloaded binaries", () => {
  it.each([
    ["of another release", agentScript("1.18.32"), "wrong-version", "says that it is 1.18.32"],
    ["that fails", "#!/bin/sh\nexit 3\n", "not-executable", "exit code 3"],
    ["that is no program", noise, "not-executable", "does not run here"],
    ["whose interpreter is missing", "#!/no/such/interpreter\n", "not-executable", "cannot be run"],
  ] as const)("a downloaded binary %s is refused and deleted", async (_name, content, reason, message) => {
    await using server = await startReleaseServer([{ name: tarName, content: tarGz([{ path: "opencode", content }]) }]);
    const error = await expectFailure(installHere(server.url), reason);
    expect(error.message).toContain(message);
    await expectNothing();
  });
});

describe("disk errors", () => {
  it("a download folder that cannot be written is a `not-writable` error with its path", async () => {
    await using server = await startReleaseServer([good]);
    await writeFile(bin, "a file where the folder should be");
    const error = await expectFailure(installHere(server.url), "not-writable");
    expect(error.message).toContain(bin);
    expect(server.requests).toEqual([]);
  });

  it("a full disk or a reached file size limit is a `disk-full` error", async () => {
    const full = storageFailure(await rejection(writeFile("/dev/full", "x")), bin);
    expect(full).toMatchObject({ reason: "disk-full", message: expect.stringContaining(bin) });
    await using server = await startReleaseServer([good]);
    const program = new URL("../support/programs/install-limited.ts", import.meta.url);
    const env = { ...process.env, HOME: folder, XDG_STATE_HOME: join(folder, "state") };
    const options = JSON.stringify({ downloadUrl: server.url, directory: bin });
    const { report } = runProgram(program, [options], env);
    expect(await report).toMatchObject({ name: "BinaryDownloadError", reason: "disk-full" });
    await expectNothing();
  });
});

describe("unreachable hosts", () => {
  it("a refused connection is a `connection` error that names the address and ECONNREFUSED", async () => {
    const error = await expectFailure(installHere("http://127.0.0.1:9"), "connection");
    expect(error.message).toMatch(/http:\/\/127\.0\.0\.1:9\/repos\/.*ECONNREFUSED/);
    await expectNothing();
  });

  it("an installation with `offline: true` fails without a request", async () => {
    await using server = await startReleaseServer([good]);
    await expectFailure(installHere(server.url, { offline: true }), "offline");
    expect(server.requests).toEqual([]);
    expect(existsSync(bin)).toBe(false);
  });
});
