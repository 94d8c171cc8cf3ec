/** A private home for one server, made for it and removed after it. */
import { mkdtempSync, realpathSync, rmSync } from "node:fs";
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

/** Makes a home in the system's temporary folder that only this user can enter (mode 0700). */
export async function createHome(): Promise<HomeFolders> {
  try {
    const root = realpathSync.native(mkdtempSync(join(tmpdir(), "opencode-ts-")));
    const home: HomeFolders = {
      root,
      config: join(root, ".config"),
      data: join(root, ".local", "share"),
      state: join(root, ".local", "state"),
      cache: join(root, ".cache"),
      temporary: join(root, "tmp"),
    };
    for (const folder of Object.values(home)) await mkdir(folder, { recursive: true, mode: 0o700 });
    return home;
  } catch (error) {
    throw new ServerStartupError(`No private home could be made in ${tmpdir()}.`, {
      cause: error,
      hint: "Name a folder that can be written in the variable TMPDIR.",
    });
  }
}

/** Removes a home of {@link createHome}. Rejects when that fails for half a second: a child may still write into it. */
export async function removeHome(home: AgentHome): Promise<void> {
  await rm(home.root, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
}

/** The same without waiting for anything, for the moment in which this process ends. */
export function removeHomeNow(home: AgentHome): void {
  rmSync(home.root, { recursive: true, force: true, maxRetries: 3, retryDelay: 20 });
}
