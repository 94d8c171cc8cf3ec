/** The configuration that a directory brings along, for a server that cannot be told to leave it alone (2.0 preview 1.18.18). */
import { existsSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { ConfigError } from "../errors/index.js";

const files = ["opencode.json", "opencode.jsonc"];
/** In a folder `.opencode`: files, and folders in singular or plural. */
const inAgentFolder = /^(opencode\.jsonc?|(agent|command|mode|plugin|tool|skill)s?)$/;

/**
 * The first file or folder with configuration that a server in this directory reads: from there up to the root of the repository,
 * or of the file system where there is no repository. `undefined` when there is none.
 */
export function projectConfig(directory: string): string | undefined {
  const root = repositoryRoot(directory);
  for (let folder = directory; ; folder = dirname(folder)) {
    const file = files.map((name) => join(folder, name)).find((path) => existsSync(path));
    const inFolder = namesIn(join(folder, ".opencode")).find((name) => inAgentFolder.test(name));
    if (file !== undefined) return file;
    if (inFolder !== undefined) return join(folder, ".opencode", inFolder);
    if (folder === root || folder === dirname(folder)) return undefined;
  }
}

/** @throws {ConfigError} that names the file, when there is one. */
export function requireNoProjectConfig(directory: string, server: string): void {
  const found = projectConfig(directory);
  if (found === undefined) return;
  throw new ConfigError(
    `A private home (\`isolation\`) does not keep ${found} away from ${server}: it would count there.`,
    { hint: 'Use a directory without it, a 1.x server, or `isolation: "inherit"`.' },
  );
}

function repositoryRoot(directory: string): string | undefined {
  for (let folder = directory; ; folder = dirname(folder)) {
    if (existsSync(join(folder, ".git"))) return folder; // a folder, or the file of a worktree
    if (folder === dirname(folder)) return undefined;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
