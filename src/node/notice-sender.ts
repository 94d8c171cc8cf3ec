/**
 * Tells the notices of turns whose process has died. The supervisor of a kept server starts it when there is one: a program of its own, so
 * that nothing of this is loaded before. It ends when no such notice is left.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { apiOfRelease } from "../api/select-api.js";
import { isOwed, type OrphanedIntent, orphanedIntents, removeIntent } from "../daemon/intent-files.js";
import { type KeptEntry, type KeptPlace, placeAt, readEntry } from "../daemon/registry.js";
import { clientOf, isKnownToRun } from "../daemon/verify.js";
import { NotFoundError, ServerExitedError, TurnTimeoutError } from "../errors/index.js";
import { takeLock } from "../process/file-lock.js";
import { directoryContext } from "../session/directory-context.js";
import { deliver, nameOf } from "../session/settled/deliver.js";
import { noticeOf, type SettledFacts } from "../session/settled/notice.js";
import { TurnWatch } from "../session/settled/turn-watch.js";
import type { SettledNotice } from "../types/settled.js";
import { delay } from "../util/delay.js";
import { messageOf } from "../util/error-message.js";
import { runProgram } from "./run-program.js";

/** A run that has not settled by then is told as one that took too long, in ms since its turn began. */
const longestTurn = 24 * 3_600_000;
/** Between two looks at a run, in ms. A run may take hours: the wait grows to the longest one. */
const firstPause = 500;
const longestPause = 3_000;
/** For one request, in ms. */
const requestTimeout = 20_000;

/** Not for a command of a client: the server's secrets, its temporary folder, which ends with it, and how this program was started. */
const ofServer = [
  ...["OPENCODE_SERVER_PASSWORD", "OPENCODE_PASSWORD", "OPENCODE_CONFIG_CONTENT"],
  ...["TMPDIR", "TEMP", "TMP", "BUN_TMPDIR"],
  ...["OPENCODE_TS_PATH", "OPENCODE_TS_LOCALE", "ELECTRON_RUN_AS_NODE"],
];

/** Makes the environment that of the server, without its secrets: a command gets it. The launcher has changed path and locale for its shells. */
function restoreEnvironment(env: NodeJS.ProcessEnv): void {
  const { OPENCODE_TS_PATH: path, OPENCODE_TS_LOCALE: locale } = env;
  if (path) env["PATH"] = path;
  if (locale) env["LC_ALL"] = locale;
  else if (locale === "") delete env["LC_ALL"];
  for (const name of ofServer) delete env[name];
}

/** Tells all that are owed at this place. One process does so at a time. Rejects when one could not be taken off the list. */
export async function sendNotices(folder: string): Promise<void> {
  restoreEnvironment(process.env);
  const place = placeAt(folder);
  const release = await takeLock(join(folder, "notices.lock"));
  const begun = new Set<string>();
  const failures: unknown[] = [];
  let open = 0;
  try {
    do {
      for (const intent of await orphanedIntents(place)) {
        if (begun.has(intent.file)) continue;
        begun.add(intent.file);
        open += 1;
        const failed = (error: unknown): void => void failures.push(error);
        void tell(place, intent)
          .catch(failed)
          .finally(() => {
            open -= 1;
          });
      }
      if (open > 0) await delay(firstPause);
    } while (open > 0);
  } finally {
    release();
  }
  if (failures.length > 0) throw new Error(messageOf(failures[0]));
}

/** With the same id each time: after a crash of this process the receiver may get the notice again. */
async function tell(place: KeptPlace, intent: OrphanedIntent): Promise<void> {
  const notice = intent.notice ?? (await noticeOfEnd(place, intent));
  if (notice === undefined || !isOwed(intent)) return;
  const { target, cwd } = intent;
  const run = (command: readonly string[], input: string, signal: AbortSignal) =>
    runProgram(command, input, signal, existsSync(cwd) ? cwd : "/");
  try {
    await deliver(target, notice, run, new AbortController().signal);
  } catch (error) {
    process.stderr.write(`no notice of a settled turn to ${nameOf(target)}: ${messageOf(error)}\n`);
  }
  removeIntent(intent);
}

async function noticeOfEnd(place: KeptPlace, intent: OrphanedIntent): Promise<SettledNotice | undefined> {
  const facts = await endOf(place, intent);
  return facts && noticeOf(facts);
}

/** Waits for the end of the turn; `undefined` when another process has taken it up. */
async function endOf(place: KeptPlace, intent: OrphanedIntent): Promise<SettledFacts | undefined> {
  const { sessionId, startedAt } = intent;
  const ofError = (error: Error): SettledFacts => {
    return { sessionId, messageId: intent.messageIds[0], startedAt, result: { error } };
  };
  const { signal } = new AbortController();
  let watch: { readonly mark: string; readonly turn: TurnWatch } | undefined;
  for (let pause = firstPause; isOwed(intent); pause = Math.min(1.2 * pause, longestPause)) {
    const entry = await serverAt(place);
    if (entry === undefined)
      return ofError(new ServerExitedError("the kept server has ended before the end of the turn was known"));
    const isLate = Date.now() - startedAt > longestTurn;
    try {
      if (watch?.mark !== entry.mark) watch = { mark: entry.mark, turn: await watchOf(entry, intent) };
      const facts = await watch.turn.look({ signal, timeout: requestTimeout });
      if (facts !== undefined) return facts;
      if (isLate && watch.turn.isBusy) return ofError(tooLate());
    } catch (error) {
      if (error instanceof NotFoundError) return ofError(error); // the session was deleted
      if (isLate) return ofError(tooLate());
    }
    await delay(pause);
  }
  return undefined;
}

function tooLate(): TurnTimeoutError {
  return new TurnTimeoutError("the client has ended, and the run has not settled within 24 hours");
}

/** Another one may have been started since: it has the same sessions. */
async function serverAt(place: KeptPlace): Promise<KeptEntry | undefined> {
  const found = readEntry(place);
  return found.kind === "entry" && (await isKnownToRun(found.entry.server)) ? found.entry : undefined;
}

async function watchOf(entry: KeptEntry, intent: OrphanedIntent): Promise<TurnWatch> {
  const client = clientOf(entry).withOptions({ directory: intent.directory ?? entry.directory });
  const { apiOf } = await apiOfRelease(client, entry.version);
  const scope = directoryContext(client, apiOf(client), new AbortController().signal);
  return new TurnWatch(scope, intent);
}
