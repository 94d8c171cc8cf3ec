/** The command line and the agent's binary: what is downloaded, what is used, what is passed over. No agent runs. */
import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { detectPlatform } from "../../src/binary/detect-platform.js";
import { installedName, packageNames } from "../../src/binary/platform.js";
import { progressLine } from "../../src/cli/download-progress.js";
import { agentScript, tarGz } from "../support/archives.js";
import { type CliResult, finished, startCli } from "../support/cli.js";
import { temporaryFolder } from "../support/fixture.js";
import { homeVariables } from "../support/home.js";
import { startReleaseServer } from "../support/release-server.js";

const platform = detectPlatform() ?? expect.fail("no agent for this machine");
const [build] = packageNames(platform);
const archive = { name: `${build}.tar.gz`, content: tarGz([{ path: "opencode", content: agentScript() }]) };

let home: string;
beforeEach(async () => {
  home = await temporaryFolder();
});
afterEach(() => rm(home, { recursive: true, force: true, maxRetries: 5 }));

function cli(args: readonly string[], env: Record<string, string> = {}): Promise<CliResult> {
  return finished(startCli(args, { ...homeVariables(home), OPENCODE_BINARY: "", OPENCODE_LOG: "error", ...env }));
}

describe("install", () => {
  test("install downloads the pinned release from the mirror and prints its path", async () => {
    await using server = await startReleaseServer([archive]);
    const env = { OPENCODE_DOWNLOAD_URL: server.url };
    const path = join(home, ".opencode", "bin", installedName(build, "1.18.33"));
    expect(await cli(["install"], env)).toEqual({
      code: 0,
      stdout: `${path}\n`,
      stderr: "opencode-ts: downloading opencode 1.18.33\n",
    });
    expect(await readFile(path, "utf8")).toBe(agentScript());
    const again = await cli(["install", "--json"], env);
    expect(JSON.parse(again.stdout)).toEqual({ path, version: "1.18.33", source: "download" });
    expect(server.requests).toHaveLength(2);
  });

  test("install exits with 3 for a missing or unsupported release, and with 2 for a word that is no release", async () => {
    await using server = await startReleaseServer([archive]);
    const env = { OPENCODE_DOWNLOAD_URL: server.url };
    const missing = await cli(["install", "1.2.3"], env);
    expect(missing).toMatchObject({ code: 3, stdout: "", stderr: expect.stringContaining("1.2.3") });
    expect((await cli(["install", "2.0.0"], env)).code).toBe(3);
    expect((await cli(["install", "newest"], env)).code).toBe(2);
  });
});

test("doctor shows an unsupported binary with the reason, and its hint names opencode-ts install", async () => {
  const path = join(home, "opencode");
  await writeFile(path, agentScript("3.0.1"), { mode: 0o755 });
  const { code, stdout } = await cli(["doctor", "--json"], { PATH: `${home}:/usr/bin:/bin` });
  expect(code).toBe(1);
  const findings: unknown = JSON.parse(stdout);
  expect(findings).toContainEqual({
    topic: "another agent",
    state: "warning",
    text: expect.stringMatching(`^${path} \\(PATH\\): opencode 3\\.0\\.1 is not supported`),
  });
  expect(findings).toContainEqual({
    topic: "agent",
    state: "problem",
    text: expect.stringContaining("No usable opencode binary"),
    hint: expect.stringContaining("opencode-ts install"),
  });
});

test("the progress line shows bar, amounts and rate, and fits the terminal's width", () => {
  const progress = { version: "1.18.33", bytes: 16_000_000, total: 64_000_000, rate: 2_500_000 };
  expect(progressLine(progress, 80)).toBe("opencode 1.18.33 [######------------------] 16.0 MB of 64.0 MB, 2.5 MB/s");
  expect(progressLine({ ...progress, total: undefined, rate: 0 }, 80)).toBe("opencode 1.18.33 16.0 MB");
  expect(progressLine(progress, 40)).toHaveLength(39);
});
