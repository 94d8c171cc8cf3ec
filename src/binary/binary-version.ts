/** Which version a binary is: from memory, from the state folder, or by running it. */
import { open, realpath, stat } from "node:fs/promises";
import { basename } from "node:path";
import type { Environment } from "./environment.js";
import { probeVersion, type VersionAnswer } from "./probe-version.js";
import { stateFolder } from "./state-folder.js";
import { type FileIdentity, recallVersion, rememberVersion } from "./version-cache.js";

/** A cold disk has 180 MB to read. */
const probeTimeout = 20_000;
const known = new Map<string, Promise<VersionAnswer>>();

/**
 * The version of the agent binary at `path` (absolute, existing). It is run at most once for each state of the file;
 * calls at the same time share that run. Scripts and version managers (`mise`, `asdf`) are run every time: what they
 * start may change while they stay the same.
 */
export async function binaryVersion(path: string, env: Environment): Promise<VersionAnswer> {
  const file = await identify(path);
  if (!(await isAgentItself(file.path))) return probeVersion(path, { env, privateHome: false, timeout: probeTimeout });
  const key = JSON.stringify(file);
  let answer = known.get(key);
  if (answer === undefined) {
    answer = recallOrProbe(path, file, env);
    known.set(key, answer);
    // A failure may pass (a loaded machine): it is shared by the calls that wait for it, and then forgotten.
    void answer.then(({ version }) => version === undefined && known.delete(key));
  }
  return answer;
}

async function recallOrProbe(path: string, file: FileIdentity, env: Environment): Promise<VersionAnswer> {
  const folder = stateFolder(env);
  const recalled = await recallVersion(folder, file);
  if (recalled !== undefined) return { version: recalled };
  const answer = await probeVersion(path, { env, privateHome: true, timeout: probeTimeout });
  if (answer.version !== undefined) await rememberVersion(folder, file, answer.version);
  return answer;
}

async function identify(path: string): Promise<FileIdentity> {
  const real = await realpath(path);
  const { size, mtimeMs, ctimeMs } = await stat(real);
  return { path: real, size, mtimeMs, ctimeMs };
}

/** A compiled program called opencode, and not something that decides at each call what to run. */
async function isAgentItself(path: string): Promise<boolean> {
  return /^\.?opencode/i.test(basename(path)) && !(await isScript(path));
}

/** True when the file begins with `#!`. */
export async function isScript(path: string): Promise<boolean> {
  const file = await open(path, "r");
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer.toString("latin1") === "#!";
  } finally {
    await file.close();
  }
}
