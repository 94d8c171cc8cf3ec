/** Private folders for one server, made for it and removed after it. */
import { mkdirSync, realpathSync, rmSync } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ServerStartupError } from "../errors.js";
import type { AgentHome } from "../types/server.js";

/** Folders of a server that has its own home, all absolute. `root` is its `HOME`. */
export interface HomeFolders extends AgentHome {
  readonly config: string;
  readonly data: string;
  readonly state: string;
  readonly cache: string;
  readonly temporary: string;
}

/** Name of the private folder of the server with this mark. */
export function temporaryName(mark: string): string {
  return `opencode-ts-${mark}`;
}

/** Where that folder is to be: in the system's temporary one, by a path without links. */
export function temporaryPath(mark: string): string {
  try {
    return join(realpathSync.native(tmpdir()), temporaryName(mark));
  } catch (error) {
    throw notMade(error);
  }
}

/** Makes a folder that only this user can enter (mode 0700). Fails for one that is there: it would be somebody else's. */
export function createTemporary(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (error) {
    throw notMade(error);
  }
}

/** Makes a home of the folder `root`. */
export async function createHome(root: string): Promise<HomeFolders> {
  const home: HomeFolders = {
    root,
    config: join(root, ".config"),
    data: join(root, ".local", "share"),
    state: join(root, ".local", "state"),
    cache: join(root, ".cache"),
    temporary: join(root, "tmp"),
  };
  try {
    for (const folder of Object.values(home)) await mkdir(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw notMade(error);
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
