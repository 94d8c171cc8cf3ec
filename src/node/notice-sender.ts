/**
 * Tells the notices of turns whose process has died. The supervisor of a kept server starts it when there is one: a program of its own, so
 * that nothing of this is loaded before. It ends when no such notice is left.
 */
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

/** The server's alone: a command of a client must not have its secrets, and the temporary folder ends with the server. */
const ofServer = [
  ...["OPENCODE_SERVER_PASSWORD", "OPENCODE_PASSWORD", "OPENCODE_CONFIG_CONTENT"],
  ...["TMPDIR", "TEMP", "TMP", "BUN_TMPDIR"],
];

/** Tells all that are owed at this place. One process does so at a time. Rejects when one could not be taken off the list. */
export async function sendNotices(folder: string): Promise<void> {
  for (const name of ofServer) delete process.env[name];
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
  const facts = await endOf(place, intent);
  if (facts === undefined || !isOwed(intent)) return;
  const { target, cwd } = intent;
  const run = (command: readonly string[], input: string, signal: AbortSignal) =>
    runProgram(command, input, signal, cwd);
  try {
    await deliver(target, noticeOf(facts), run, new AbortController().signal);
  } catch (error) {
    process.stderr.write(`no notice of a settled turn to ${nameOf(target)}: ${messageOf(error)}\n`);
  }
  removeIntent(intent);
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
    if (Date.now() - startedAt > longestTurn)
      return ofError(new TurnTimeoutError("the client has ended, and the run has not settled within 24 hours"));
    try {
      if (watch?.mark !== entry.mark) watch = { mark: entry.mark, turn: await watchOf(entry, intent) };
      const facts = await watch.turn.look({ signal, timeout: requestTimeout });
      if (facts !== undefined) return facts;
    } catch (error) {
      if (error instanceof NotFoundError) return ofError(error); // the session was deleted
    }
    await delay(pause);
  }
  return undefined;
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
