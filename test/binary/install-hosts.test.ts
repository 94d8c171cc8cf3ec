/** Who is sent what: tokens, redirects, proxies, and connections that are not encrypted. */
import { mkdtemp, readdir, realpath, rm, writeFile } from "node:fs/promises";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { detectPlatform } from "../../src/binary/detect-platform.js";
import { installedName, packageNames } from "../../src/binary/platform.js";
import { installBinary } from "../../src/index.js";
import { agentScript, digestOf, tarGz } from "../support/archives.js";
import { certificate, type HostRequest, type PretendGitHub, pretendGitHub } from "../support/fake-github.js";
import { rejection, sendJson, startHttpServer } from "../support/http-server.js";
import { runProgram } from "../support/processes.js";
import { startReleaseServer } from "../support/release-server.js";

const platform = detectPlatform() ?? expect.fail("no agent for this machine");
const [build] = packageNames(platform);
const name = `${build}.tar.gz`;
const content = tarGz([{ path: "opencode", content: agentScript() }]);
const good = { name, content };
const token = "ghp_thisIsNoTokenOfAnybody";

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "opencode-ts-install-")));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const env = (more: Record<string, string> = {}): Record<string, string> => ({
  HOME: folder,
  PATH: "/nowhere",
  XDG_STATE_HOME: join(folder, "state"),
  ...more,
});

describe("tokens", () => {
  it("GITHUB_TOKEN goes to the API's own origin, and not along a redirect to another origin", async () => {
    await using elsewhere = await startHttpServer((_request, response) => response.end(content));
    await using server = await startReleaseServer([good], {
      file: (_request, response) => response.writeHead(302, { location: `${elsewhere.url}/signed?secret=x` }).end(),
    });
    await installBinary({ downloadUrl: server.url, env: env({ GITHUB_TOKEN: ` ${token}\n` }) });
    expect(server.asked()[0]?.headers.authorization).toBe(`Bearer ${token}`);
    expect(elsewhere.requests).toHaveLength(1);
    expect(elsewhere.requests[0]?.headers.authorization).toBeUndefined();
    expect(JSON.stringify(elsewhere.requests[0]?.headers)).not.toContain(token);
  });

  it("a GITHUB_TOKEN that the API refuses with 401 is left out of the next request", async () => {
    await using server = await startReleaseServer([good], {
      api: ({ headers }, response, serve) =>
        headers.authorization === undefined ? serve() : sendJson(response, { message: "Bad credentials" }, 401),
    });
    await installBinary({ downloadUrl: server.url, env: env({ GITHUB_TOKEN: token }), logLevel: "off" });
    expect(server.asked().map(({ headers }) => headers.authorization)).toEqual([`Bearer ${token}`, undefined]);
  });

  it("a GITHUB_TOKEN that is no valid header value is not sent", async () => {
    await using server = await startReleaseServer([good]);
    await installBinary({ downloadUrl: server.url, env: env({ GITHUB_TOKEN: "two\nlines" }), logLevel: "off" });
    expect(server.asked()[0]?.headers.authorization).toBeUndefined();
  });

  it("a mirror's user and password replace GITHUB_TOKEN, and no error shows the password", async () => {
    await using server = await startReleaseServer([]);
    const downloadUrl = server.url.replace("//", "//me:pass%20word@");
    const error = await rejection(installBinary({ downloadUrl, env: env({ GITHUB_TOKEN: token }) }));
    expect(server.asked()[0]?.headers.authorization).toBe(`Basic ${btoa("me:pass word")}`);
    expect(JSON.stringify(error)).not.toMatch(/pass(%20| )word/);
  });
});

describe("redirects", () => {
  it("a redirect in a circle, to no address or to an unencrypted host is an error", async () => {
    for (const [location, reason] of [
      ["/again", "invalid-answer"],
      ["", "invalid-answer"],
      ["http://mirror.example/file", "insecure"],
      ["file:///etc/passwd", "insecure"],
    ]) {
      await using server = await startHttpServer((_request, response) => response.writeHead(302, { location }).end());
      const error = await rejection(installBinary({ downloadUrl: server.url, env: env() }));
      expect(error).toMatchObject({ name: "BinaryDownloadError", reason });
      expect(server.requests.length).toBeLessThan(10);
    }
  });
});

describe("GitHub behind a proxy", () => {
  const file = `/anomalyco/opencode/releases/download/v1.18.33/${name}`;

  function answer({ host, url }: HostRequest, response: ServerResponse): void {
    if (host === "api.github.com" && url === "/repos/anomalyco/opencode/releases/tags/v1.18.33") {
      const asset = { name, size: content.length, digest: digestOf(content) };
      sendJson(response, { assets: [{ ...asset, browser_download_url: `https://github.com${file}` }] });
      return;
    }
    const signed = "https://objects.githubusercontent.com/signed?signature=x";
    if (host === "github.com" && url === file) response.writeHead(302, { location: signed }).end();
    else if (host === "objects.githubusercontent.com") response.end(content);
    else response.writeHead(404).end();
  }

  /** In a process of its own: only when a process starts are certificates added. */
  async function installBehind(github: PretendGitHub, more: Record<string, string> = {}): Promise<unknown> {
    const ca = join(folder, "ca.pem");
    await writeFile(ca, certificate);
    const settings = { ...env(), NODE_EXTRA_CA_CERTS: ca, HTTPS_PROXY: github.proxyUrl, GITHUB_TOKEN: token, ...more };
    const program = new URL("../support/programs/install.ts", import.meta.url);
    const { PATH } = process.env;
    return runProgram(program, ["{}"], { PATH, ...settings, OPENCODE_LOG: "off" }).report;
  }

  it("every request to GitHub goes through the proxy, and only the API gets GITHUB_TOKEN", async () => {
    await using github = await pretendGitHub(answer);
    const path = join(folder, ".opencode", "bin", installedName(build, "1.18.33"));
    expect(await installBehind(github)).toEqual({ path, version: "1.18.33", source: "download" });
    expect(github.requests).toEqual([
      { host: "api.github.com", url: expect.any(String), authorization: `Bearer ${token}` },
      { host: "github.com", url: file, authorization: undefined },
      { host: "objects.githubusercontent.com", url: "/signed?signature=x", authorization: undefined },
    ]);
    expect(github.tunnels.map(({ target }) => target)).toEqual([
      "api.github.com:443",
      "github.com:443",
      "objects.githubusercontent.com:443",
    ]);
    for (const { authorization } of github.tunnels) expect(authorization).toBe(`Basic ${btoa("me:proxy-word")}`);
  });

  it("a mirror gets no GITHUB_TOKEN, and its redirect to http is an error without secrets", async () => {
    await using github = await pretendGitHub((_request, response) =>
      response.writeHead(302, { location: "http://127.0.0.1:9/x" }).end(),
    );
    const report = await installBehind(github, { OPENCODE_DOWNLOAD_URL: "https://mirror.example/github/" });
    expect(report).toMatchObject({ name: "BinaryDownloadError", reason: "insecure" });
    const url = "/github/repos/anomalyco/opencode/releases/tags/v1.18.33";
    expect(github.requests).toEqual([{ host: "mirror.example", url, authorization: undefined }]);
    expect(JSON.stringify(report)).not.toMatch(/proxy-word|ghp_/);
  });

  it("the proxy is bypassed for loopback addresses and for hosts in NO_PROXY", async () => {
    await using github = await pretendGitHub(answer);
    await using server = await startReleaseServer([good]);
    const settings = env({ HTTP_PROXY: github.proxyUrl, HTTPS_PROXY: github.proxyUrl });
    await installBinary({ downloadUrl: server.url, env: settings });
    expect(github.tunnels).toEqual([]);
    await rm(join(folder, ".opencode"), { recursive: true });
    const direct = { ...settings, NO_PROXY: "*", OPENCODE_DOWNLOAD_URL: "https://127.0.0.1:9" };
    expect(await rejection(installBinary({ env: direct }))).toMatchObject({ reason: "connection" });
    expect(github.tunnels).toEqual([]);
    expect(await readdir(join(folder, ".opencode", "bin"))).toEqual([]);
  });

  it("a proxy that refuses the tunnel is a `connection` error, and its answer is not taken for the host's", async () => {
    const proxy = createServer();
    proxy.on("connect", (_request, socket) =>
      socket.end('HTTP/1.1 403 Forbidden\r\ncontent-type: application/json\r\ncontent-length: 13\r\n\r\n{"assets":[]}'),
    );
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    const { port } = proxy.address() as AddressInfo; // a TCP server's address is never a pipe's name
    const error = await rejection(installBinary({ env: env({ HTTPS_PROXY: `http://127.0.0.1:${port}` }) }));
    proxy.close();
    expect(error).toMatchObject({ name: "BinaryDownloadError", reason: "connection" });
    expect(String(error)).toContain("the proxy answers 403");
  });

  it.each([
    ["socks5://127.0.0.1:9", "another scheme"],
    ["http://", "no host"],
  ])("the proxy address %s (%s) is a ConfigError before any request", async (HTTPS_PROXY) => {
    const error = await rejection(installBinary({ env: env({ HTTPS_PROXY }) }));
    expect(error).toMatchObject({ name: "ConfigError" });
  });

  it("an unreachable proxy is a `connection` error that names the host and hides the proxy's password", async () => {
    const error = await rejection(installBinary({ env: env({ HTTPS_PROXY: "http://me:proxy-word@127.0.0.1:9" }) }));
    expect(error).toMatchObject({ name: "BinaryDownloadError", reason: "connection" });
    expect(String(error)).toContain("https://api.github.com/");
    expect(JSON.stringify(error)).not.toContain("proxy-word");
  });
});
