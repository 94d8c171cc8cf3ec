/** The messages of a session, page by page, as messages of 1.x. One page is held, and the one behind it where that is needed. */
import type { OpencodeClient } from "../../client/client.js";
import type { ReadableMessage } from "../../types/answer.js";
import { isRecord, type JsonRecord, numberProperty, parseJson, stringProperty } from "../../util/json.js";
import type { ApiCall, WalkOptions } from "../inputs.js";
import { type MapContext, mapMessages } from "./message-map.js";
import { pageSize, promptBefore, readStored, type StoredPage, storedPages } from "./message-pages.js";
import { messageIdOf } from "./message-parts.js";
import type { SessionPlace } from "./message-place.js";
import { createPlaceReader, type Place, readActive, readSession } from "./session-reads.js";
import { settledStep } from "./settled-step.js";
import { locationList } from "./wire.js";

/** A session's messages on one server. */
export interface MessageSource {
  readonly client: OpencodeClient;
  readonly storesWholeTexts: boolean;
  readonly place: (call?: ApiCall) => Promise<Place>;
}

/** No request is made. */
export function messageSource(client: OpencodeClient, storesWholeTexts: boolean): MessageSource {
  return { client, storesWholeTexts, place: createPlaceReader(client) };
}

/** Where a walk begins that is not at the newest message. */
interface WalkStart {
  readonly cursor: string | undefined;
  /** Records at the beginning of the page that are not older. */
  readonly skip: number;
  /** The message behind is a prompt. */
  readonly isOver: boolean;
}

/** As `WalkOptions.before`. */
export function writeStart({ cursor, skip, isOver }: WalkStart): string {
  return JSON.stringify({ cursor, skip, isOver });
}

function readStart(before: string | undefined): WalkStart | undefined {
  if (before === undefined) return undefined;
  const value = parseJson(before);
  const isOver = isRecord(value) && value["isOver"] === true;
  return { cursor: stringProperty(value, "cursor"), skip: numberProperty(value, "skip") ?? 0, isOver };
}

/** All messages, newest first. */
export async function* newestFirst(
  source: MessageSource,
  sessionId: string,
  { limit = pageSize, before, call }: WalkOptions = {},
): AsyncGenerator<ReadableMessage> {
  const { client } = source;
  const place = await placeIn(source, sessionId, call);
  const start = readStart(before);
  let skip = start?.skip ?? 0;
  // Marks of the session are no messages: a few more are asked for.
  const size = Math.max(limit, 4) + skip;
  let page: StoredPage = await readStored(client, sessionId, { limit: size, cursor: start?.cursor, call });
  let isOver = start?.isOver ?? false;
  if (start === undefined && hasOpenEnd(page)) {
    isOver = !(await readActive(client, call)).has(sessionId);
    // What is read after the session was seen idle is final.
    if (isOver) page = await readStored(client, sessionId, { limit: size, call });
  }
  let prompt: string | undefined;
  let answer: JsonRecord | undefined;
  for (let walked: string | undefined; page.records.length > 0; ) {
    const stored = page.records.slice(skip).reverse();
    skip = 0;
    const hasPrompt = stored.some(isPrompt);
    let upcoming: StoredPage | undefined;
    if (stored[0] !== undefined && !isPrompt(stored[0]) && (hasPrompt || prompt === undefined)) {
      upcoming = await readNext(client, sessionId, page, call);
      const found = upcoming?.records.find(isPrompt);
      prompt = found === undefined ? await promptBehind(client, sessionId, upcoming, call) : messageIdOf(found);
    }
    const session = hasUnanswered(stored, answer) ? await readSession(client, sessionId, call) : undefined;
    yield* mapMessages(stored, { ...place, prompt, answer, isOver, session }).reverse();
    if (page.next === undefined || page.next === walked) return;
    walked = page.next;
    answer = stored.find(isStep) ?? answer;
    isOver = stored[0] === undefined ? isOver : isPrompt(stored[0]);
    page = upcoming ?? (await readStored(client, sessionId, { cursor: page.next, call }));
  }
}

/** All messages that are stored now, oldest first. */
export async function* oldestFirst(source: MessageSource, sessionId: string): AsyncGenerator<ReadableMessage> {
  const { client } = source;
  const place = await placeIn(source, sessionId);
  const newest = await readStored(client, sessionId, { limit: 4 });
  const last = newest.records[0];
  if (last === undefined) return;
  const isOver = hasOpenEnd(newest) && !(await readActive(client)).has(sessionId);
  let held: JsonRecord[] = [];
  let prompt: string | undefined;
  for await (const { records } of storedPages(client, sessionId, { order: "asc" })) {
    const end = records.findIndex((record) => messageIdOf(record) === messageIdOf(last));
    const stored = [...held, ...(end < 0 ? records : records.slice(0, end + 1))];
    // What follows says how a step has ended, and who has answered a prompt.
    const split = end < 0 ? heldFrom(stored) : stored.length;
    const told = stored.slice(0, split);
    held = stored.slice(split);
    const answer = held.find(isStep);
    const session = end >= 0 && hasUnanswered(told, answer) ? await readSession(client, sessionId) : undefined;
    const ends = end < 0 ? held[0] !== undefined && isPrompt(held[0]) : isOver;
    yield* mapMessages(told, { ...place, prompt, answer, isOver: ends, session });
    prompt = messageIdOf(told.findLast(isPrompt) ?? { id: prompt });
    if (end >= 0) return;
  }
  if (held.length > 0) yield* mapMessages(held, { ...place, prompt, isOver });
}

/** The first record that cannot be told without the next page. */
function heldFrom(stored: readonly JsonRecord[]): number {
  let at = stored.findLastIndex((record) => isPrompt(record) || isStep(record));
  while (at > 0 && isPrompt(stored[at] ?? {}) && isPrompt(stored[at - 1] ?? {})) at -= 1;
  return Math.max(at, 0);
}

async function placeIn(source: MessageSource, sessionId: string, call?: ApiCall): Promise<PlaceContext> {
  const place: SessionPlace = { sessionId, ...(await source.place(call)) };
  if (place.prices.isEmpty) await learnPrices(source.client, place, call);
  return { place, storesWholeTexts: source.storesWholeTexts };
}

/** In a process that has sent no prompt. */
async function learnPrices(client: OpencodeClient, { cwd, prices }: SessionPlace, call?: ApiCall): Promise<void> {
  const directory = cwd === "" ? undefined : cwd;
  prices.learn(await locationList({ client }, "/api/model", { ...call, directory }));
}

type PlaceContext = Pick<MapContext, "place" | "storesWholeTexts">;

async function readNext(
  client: OpencodeClient,
  sessionId: string,
  { next: cursor }: StoredPage,
  call: ApiCall | undefined,
): Promise<StoredPage | undefined> {
  return cursor === undefined ? undefined : readStored(client, sessionId, { cursor, call });
}

async function promptBehind(
  client: OpencodeClient,
  sessionId: string,
  page: StoredPage | undefined,
  call: ApiCall | undefined,
): Promise<string | undefined> {
  return page?.next === undefined ? undefined : promptBefore(client, sessionId, { cursor: page.next }, call);
}

/** The newest step of the page would be told otherwise, if its run is over. */
function hasOpenEnd({ records }: StoredPage): boolean {
  const newest = records.find((record) => isPrompt(record) || isStep(record) || record["type"] === "idle");
  return newest !== undefined && isStep(newest) && settledStep(newest) !== newest;
}

/** A prompt at the end, of which nothing tells the agent and the model. */
function hasUnanswered(stored: readonly JsonRecord[], answer: JsonRecord | undefined): boolean {
  const last = stored.findLast((record) => isPrompt(record) || isStep(record));
  return answer === undefined && last !== undefined && isPrompt(last);
}

function isPrompt({ type }: JsonRecord): boolean {
  return type === "user";
}

function isStep({ type }: JsonRecord): boolean {
  return type === "assistant";
}
