/** What the agent has stored, by size. */
import { mkdir, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readAge, sizeText } from "../../src/cli/sizes.js";
import { ConfigError, measureData } from "../../src/index.js";
import { temporaryFolder } from "../support/fixture.js";

let home: string;
beforeEach(async () => {
  home = await temporaryFolder();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(home, { recursive: true, force: true });
});

async function write(path: string, size: number): Promise<void> {
  await mkdir(dirname(join(home, path)), { recursive: true });
  await writeFile(join(home, path), "x".repeat(size));
}
const sizes = (all: Awaited<ReturnType<typeof measureData>>): Record<string, number> =>
  Object.fromEntries(all.map(({ name, bytes }) => [name, bytes]));

test("measureData of a home gives the size of the database with its WAL, and of each folder with its files", async () => {
  await write(".local/share/opencode/opencode.db", 1_000);
  await write(".local/share/opencode/opencode.db-wal", 200);
  await write(".local/share/opencode/log/opencode.log", 30);
  await write(".local/share/opencode/snapshot/global/a/objects/12", 4);
  await write(".local/share/opencode/snapshot/global/b/objects/34", 5);
  await symlink("/usr", join(home, ".local/share/opencode/snapshot/link"));
  const all = await measureData({ home });
  expect(sizes(all)).toMatchObject({ database: 1_200, log: 30, snapshots: 9, "tool output": 0 });
  expect(all[0]).toEqual({
    name: "database",
    path: join(home, ".local/share/opencode/opencode.db"),
    bytes: 1_200,
    files: 2,
    isWhole: true,
  });
});

test("measureData without a home reads the places that the environment variables name", async () => {
  await write("data/opencode/log/opencode.log", 30);
  await write("elsewhere/my.db", 7);
  await write("tmp/opencode-wal-1.db", 11);
  await write("tmp/.0123456789abcdef-00000000.so", 13);
  await write("tmp/somebody-elses", 17);
  vi.stubEnv("XDG_DATA_HOME", join(home, "data"));
  vi.stubEnv("OPENCODE_DB", join(home, "elsewhere/my.db"));
  vi.stubEnv("TMPDIR", join(home, "tmp"));
  expect(sizes(await measureData())).toMatchObject({ database: 7, log: 30, "temporary files": 24 });
});

test("measureData refuses an empty home, and gives 0 bytes for a home that does not exist", async () => {
  await expect(measureData({ home: "" })).rejects.toThrow(ConfigError);
  expect(sizes(await measureData({ home: join(home, "none") }))).toMatchObject({ database: 0, snapshots: 0 });
});

test("sizeText writes a size in words, and readAge reads an age in words and refuses malformed text", () => {
  expect([0, 999, 1_400, 2.5e9, 1e16].map(sizeText)).toEqual([
    "0 bytes",
    "999 bytes",
    "1.4 kB",
    "2.5 GB",
    "10000.0 TB",
  ]);
  expect(["30d", "12h", "2w", "1.5", " 1d "].map((text) => readAge("--x", text) / 3_600_000)).toEqual([
    720, 12, 336, 36, 24,
  ]);
  for (const text of ["", "d", "-1d", "1y", "1d2"]) expect(() => readAge("--x", text)).toThrow("--x");
});
