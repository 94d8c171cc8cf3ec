/** Which version a binary is: from memory, from the state folder, or by running it. */
import { open, realpath, stat } from "node:fs/promises";
import { basename } from "node:path";
import { stateFolder } from "../process/state-folder.js";
import type { Environment } from "../process/unsafe-environment.js";
import { raceAbort } from "../util/abort.js";
import { probeVersion, type VersionAnswer } from "./probe-version.js";
import { type FileIdentity, recallVersion, rememberVersion } from "./version-cache.js";

/** ms without a sign of life: a cold disk has 180 MB to read. */
const probeTimeout = 20_000;

/** How and for how long a binary is asked. */
export interface VersionQuestion {
  readonly env: Environment;
  readonly signal: AbortSignal | undefined;
  /** Told when the binary shows that it is at work. */
  readonly onLife?: (() => void) | undefined;
}

/** A question that several calls wait for. */
interface Shared {
  readonly answer: Promise<VersionAnswer>;
  readonly controller: AbortController;
  /** Of those who wait. */
  readonly onLife: Set<() => void>;
  waiters: number;
}

const known = new Map<string, Shared>();

/**
 * The version of the agent binary at `path` (absolute, existing). It is run at most once for each state of the file;
 * calls at the same time share that run. Scripts and version managers (`mise`, `asdf`) are run every time: what they
 * start may change while they stay the same. When `signal` aborts, the run ends (a shared one once nobody waits for it),
 * and then this rejects with the signal's reason.
 */
export async function binaryVersion(path: string, question: VersionQuestion): Promise<VersionAnswer> {
  const { signal } = question;
  const file = await identify(path);
  if (await isAgentItself(file.path)) return sharedVersion(path, file, question);
  const answer = await probeVersion(path, { ...question, privateHome: false, timeout: probeTimeout });
  signal?.throwIfAborted();
  return answer;
}

async function sharedVersion(
  path: string,
  file: FileIdentity,
  { env, signal, onLife }: VersionQuestion,
): Promise<VersionAnswer> {
  signal?.throwIfAborted();
  const key = JSON.stringify(file);
  const shared = known.get(key) ?? ask(key, path, file, env);
  shared.waiters += 1;
  const told = (): void => onLife?.();
  shared.onLife.add(told);
  try {
    return await raceAbort(shared.answer, signal);
  } finally {
    shared.waiters -= 1;
    shared.onLife.delete(told);
    if (signal?.aborted && shared.waiters === 0) {
      forget(key, shared); // who comes now asks anew
      shared.controller.abort();
      await shared.answer; // it is killed: that takes a moment
    }
  }
}

function ask(key: string, path: string, file: FileIdentity, env: Environment): Shared {
  const controller = new AbortController();
  const onLife = new Set<() => void>();
  const question = {
    env,
    signal: controller.signal,
    onLife: () => {
      for (const tell of onLife) tell();
    },
  };
  const shared: Shared = { answer: recallOrProbe(path, file, question), controller, onLife, waiters: 0 };
  known.set(key, shared);
  // A failure may pass (a loaded machine): it is shared by the calls that wait for it, and then forgotten.
  void shared.answer.then(({ version }) => version === undefined && forget(key, shared));
  return shared;
}

function forget(key: string, shared: Shared): void {
  if (known.get(key) === shared) known.delete(key);
}

async function recallOrProbe(path: string, file: FileIdentity, question: VersionQuestion): Promise<VersionAnswer> {
  const folder = stateFolder(question.env);
  const recalled = await recallVersion(folder, file);
  if (recalled !== undefined) return { version: recalled };
  const answer = await probeVersion(path, { ...question, privateHome: true, timeout: probeTimeout });
  if (answer.version !== undefined) await rememberVersion(folder, file, answer.version);
  return answer;
}

/** Remembers what a binary has just answered under another name: it need not be run again. */
export async function noteVersion(path: string, version: string, env: Environment): Promise<void> {
  const file = await identify(path);
  if (await isAgentItself(file.path)) await rememberVersion(stateFolder(env), file, version);
}

async function identify(path: string): Promise<FileIdentity> {
  const real = await realpath(path);
  const { size, mtimeMs, ctimeMs } = await stat(real);
  return { path: real, size, mtimeMs, ctimeMs };
}

/** A compiled program called opencode (or lildax: the preview of 2.0), and not something that decides at each call what to run. */
async function isAgentItself(path: string): Promise<boolean> {
  return /^\.?(opencode|lildax)/i.test(basename(path)) && !(await isScript(path));
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
