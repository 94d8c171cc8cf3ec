/** Which configuration files the agent has read: those that exist where it looks. */
import { access } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { LoadedPaths } from "../connection-seed.js";

const names = ["config.json", "opencode.json", "opencode.jsonc"];

/** The user's configuration folder, then every folder from the worktree's root down to the directory (1.18.33). */
export async function existingConfigFiles({ config, directory, worktree }: LoadedPaths): Promise<string[]> {
  const folders: string[] = [];
  for (let folder = directory; ; folder = dirname(folder)) {
    folders.unshift(folder, join(folder, ".opencode"));
    if (folder === worktree || folder === dirname(folder)) break;
  }
  const candidates = [config, ...folders].flatMap((folder) =>
    names.filter((name) => folder === config || name !== "config.json").map((name) => join(folder, name)),
  );
  const exists = await Promise.all(
    candidates.map((file) =>
      access(file).then(
        () => true,
        () => false,
      ),
    ),
  );
  return candidates.filter((_file, index) => exists[index]);
}
