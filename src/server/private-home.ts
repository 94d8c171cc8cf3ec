/** Private folders for one server: a temporary one, removed after it, and a home, if it gets one of its own. */
import { mkdirSync, realpathSync, rmSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ServerStartupError } from "../errors/index.js";
import type { AgentHome, Isolation } from "../types/server.js";

/** Folders of a server that has its own home, all absolute. `root` is its `HOME`. */
export interface HomeFolders extends AgentHome {
  readonly config: string;
  readonly data: string;
  readonly state: string;
  readonly cache: string;
}

/** Name of the private folder of the server with this mark. */
export function temporaryName(mark: string): string {
  return `opencode-ts-${mark}`;
}

/**
 * Where these folders are, by a path without links: the system's temporary folder. For a tool of another server that is
 * the private one of that server, which goes with it: what outlives the tool must not be in there. Throws what the file
 * system throws.
 */
export function temporaryRoot(): string {
  return realpathSync.native(tmpdir()).replace(/[\\/]opencode-ts-[0-9A-Za-z]{16}([\\/].*)?$/, "");
}

/** Where the folder of the server with this mark is to be. */
export function temporaryPath(mark: string): string {
  try {
    return join(temporaryRoot(), temporaryName(mark));
  } catch (error) {
    throw notMade(error);
  }
}

/** In the private folder of a server: what its process and its tools have for the system's temporary folder. */
export function temporaryIn(folder: string): string {
  return join(folder, "tmp");
}

/** Makes a folder that only this user can enter (mode 0700). Fails for one that is there: it would be somebody else's. */
export function createTemporary(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
    mkdirSync(temporaryIn(path), { mode: 0o700 });
  } catch (error) {
    throw notMade(error);
  }
}

/** The home of a server, made if it is not there: in its private folder, or the one that stays. */
export async function homeOf(isolation: Isolation, folder: string): Promise<HomeFolders | undefined> {
  if (isolation === "inherit") return undefined;
  return createHome(isolation === "clean" ? folder : isolation.home);
}

async function createHome(root: string): Promise<HomeFolders> {
  const home: HomeFolders = {
    root,
    config: join(root, ".config"),
    data: join(root, ".local", "share"),
    state: join(root, ".local", "state"),
    cache: join(root, ".cache"),
  };
  try {
    for (const folder of Object.values(home)) await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new ServerStartupError(`The home ${root} could not be made.`, {
      cause,
      hint: "`isolation: { home }` needs a folder that can be written.",
    });
  }
  return home;
}

function notMade(error: unknown): ServerStartupError {
  return new ServerStartupError(`No private folder could be made in ${tmpdir()}.`, {
    cause: error,
    hint: "Name a folder that can be written in the variable TMPDIR.",
  });
}

/** Removes a folder of these. Rejects when that fails for a second and a half: a child may still write into it. */
export async function removeFolder(path: string): Promise<void> {
  await rm(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** The same without waiting for anything, for the moment in which this process ends. */
export function removeFolderNow(path: string): void {
  rmSync(path, { recursive: true, force: true, maxRetries: 3, retryDelay: 20 });
}
