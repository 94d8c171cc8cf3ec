/** The decision about a permission request that is parked: its entry in the store, and the wait for somebody to decide. */
import type { AgentApi } from "../../api/agent-api.js";
import { ApprovalPendingError } from "../../errors/index.js";
import { type DeciderContext, type Decision, type ParkingPlace, rulingOf } from "../../permissions/policy/deciders.js";
import type { Denial } from "../../types/answer.js";
import type { Approval, ApprovalStore } from "../../types/approval.js";
import type { PermissionRequest } from "../../types/request.js";
import { linkSignals } from "../../util/abort.js";
import { backoff } from "../../util/backoff.js";
import { monotonic } from "../../util/clock.js";
import { delay } from "../../util/delay.js";
import { changeApproval } from "./change.js";
import { expired, fingerprintOf, isOverdue, newApproval, rootOf, storedRequest } from "./entry.js";

/** The store is looked at so often: at first, and while nobody decides (ms). */
const firstLook = 50;
const longestLook = 1_000;
/** The read of the open requests, in ms. */
const longestRead = 5_000;

/** What the requests of one turn are parked with. */
export interface ParkedTurn {
  readonly store: ApprovalStore;
  readonly api: AgentApi;
  /** Ms that the turn waits. */
  readonly parkAfter: number;
  /** Ms until an entry expires. */
  readonly approvalTimeout: number | undefined;
  /** Told the request when the user says "always" by `opencode.reply()`. */
  readonly remember: (request: PermissionRequest) => void;
  /** The decisions that the run was given before this turn took it. */
  past: PastDecisions | undefined;
}

/** The decisions about a prompt that an earlier turn of it has given to the agent. */
export interface PastDecisions {
  /** Ids of the tool calls that were decided. */
  readonly decided: ReadonlySet<string>;
  /** Ids of the tool calls that were refused. */
  readonly refused: ReadonlySet<string>;
  readonly denials: readonly Denial[];
}

/** Waits for the decision. Rejects when nobody needs it any more, and as the store. */
export async function park(
  turn: ParkedTurn,
  request: PermissionRequest,
  context: DeciderContext & { readonly parking: ParkingPlace },
): Promise<Decision> {
  const { signal, parking } = context;
  const approval = await enter(turn, request, parking.messageId, signal);
  try {
    return await decision(turn, approval, request, context);
  } catch (error) {
    if (signal.aborted && parking.isVoid()) await withdraw(turn, approval, request);
    throw error;
  }
}

/** The entry of the request: its own, that of the same request of a server that has died, or a new one. */
async function enter(
  { store, api, approvalTimeout }: ParkedTurn,
  request: PermissionRequest,
  messageId: string,
  signal: AbortSignal,
): Promise<Approval> {
  const rootSessionId = rootOf(request);
  const [fingerprint, listed] = await Promise.all([fingerprintOf(request), store.list({ rootSessionId })]);
  const alike = listed.filter(
    (one) =>
      one.fingerprint === fingerprint && one.request.messageId === messageId && rootOf(one.request) === rootSessionId,
  );
  const own = alike.find((one) => one.request.id === request.id && one.state !== "withdrawn");
  if (own !== undefined) return own;
  const stored = storedRequest(request, messageId);
  const unused = alike.filter(({ usedAt, state }) => usedAt === undefined && state !== "withdrawn");
  if (unused.length > 0) {
    const isOpen = await openRequests(api, signal);
    for (const one of unused.sort((a, b) => (a.createdAt < b.createdAt ? -1 : 1))) {
      if (isAnotherStep(one, request) || !isOpen(one.request.id)) {
        const taken = { ...one, request: stored, version: one.version + 1 };
        if (await store.replace(taken, one.version)) return taken;
      }
    }
  }
  const approval = newApproval(stored, fingerprint, approvalTimeout);
  await store.add(approval);
  return approval;
}

/** A session makes one step at a time: what another one has asked is not open any more. */
function isAnotherStep({ request: before }: Approval, { sessionId, tool }: PermissionRequest): boolean {
  if (before.sessionId !== sessionId || before.tool === undefined || tool === undefined) return false;
  return before.tool.messageId !== tool.messageId;
}

/** Where the server cannot list them, each counts as open: then a person is asked again. */
async function openRequests(api: AgentApi, signal: AbortSignal): Promise<(id: string) => boolean> {
  try {
    const open = await api.requests.permissions({ signal, timeout: longestRead });
    const ids = new Set(open.map(({ id }) => id));
    return (id) => ids.has(id);
  } catch (error) {
    signal.throwIfAborted();
    api.logger.debug(`the open requests cannot be read: ${String(error)}`);
    return () => true;
  }
}

async function decision(
  turn: ParkedTurn,
  approval: Approval,
  request: PermissionRequest,
  { signal, replied, parking }: DeciderContext & { readonly parking: ParkingPlace },
): Promise<Decision> {
  const { store, parkAfter, api } = turn;
  const began = monotonic();
  const nextLook = backoff(firstLook, longestLook, 1.5);
  const awake = linkSignals(signal);
  let answer: { readonly reply: unknown } | undefined;
  void replied.then((reply) => {
    answer = { reply };
    awake.abort();
  });
  // What the store could not do it is asked for with the next look.
  const later = (error: unknown): undefined => {
    api.logger.debug(`the approval ${approval.id} cannot be used: ${String(error)}`);
  };
  let isParked = false;
  try {
    for (;;) {
      const stored = await look(store, approval, api);
      const ruling = stored === undefined ? undefined : await rulingIn(turn, stored, request).catch(later);
      if (ruling !== undefined) return ruling;
      // The same request was made again, by the step that was made again.
      if (stored !== undefined && stored.request.id !== request.id) parking.close();
      signal.throwIfAborted();
      if (answer !== undefined) return await byReply(turn, approval, request, answer.reply);
      const left = parkAfter - (monotonic() - began);
      if (left <= 0 && !isParked) {
        isParked = true;
        parking.park(pending(stored ?? approval));
      }
      // Behind a turn that has ended nothing keeps the process alive.
      const wait = isParked
        ? delay(nextLook(), awake.signal, { unref: true })
        : delay(Math.min(nextLook(), left), awake.signal);
      await wait.catch(() => signal.throwIfAborted());
    }
  } finally {
    awake.release();
  }
}

/** `undefined` where the store does not answer now. */
async function look(store: ApprovalStore, { id, request }: Approval, api: AgentApi): Promise<Approval | undefined> {
  try {
    const stored = await store.get(id);
    if (stored !== undefined) return stored;
  } catch (error) {
    api.logger.debug(`the approval ${id} cannot be read: ${String(error)}`);
    return undefined;
  }
  throw new Error(`the approval of ${request.id} was removed from the store`);
}

/** The decision of the entry, which is used by this; `undefined` without one, and where the request is not this one any more. */
async function rulingIn(
  { store }: ParkedTurn,
  stored: Approval,
  request: PermissionRequest,
): Promise<Decision | undefined> {
  if (stored.state === "pending" && !isOverdue(stored)) return undefined;
  const used = await changeApproval(store, stored.id, (now) => {
    if (now.request.id !== request.id || now.usedAt !== undefined || now.state === "withdrawn") return undefined;
    if (now.state === "pending" && !isOverdue(now)) return undefined;
    return { ...(isOverdue(now) ? expired(now) : now), usedAt: new Date().toISOString() };
  });
  if (used === undefined || used.usedAt === undefined || used.request.id !== request.id) return undefined;
  return rulingOfEntry(used);
}

function rulingOfEntry({ id, state, decidedBy, reason }: Approval): Decision {
  const approval = { id, decidedBy };
  if (state === "approved") {
    return { isAllowed: true, reason: `${decidedBy ?? "somebody"} approved the request`, approval };
  }
  return { isAllowed: false, reason: reason ?? "the request was refused", approval };
}

/** The entry says so, too. A decision in the store that was faster counts. */
async function byReply(
  { store, remember }: ParkedTurn,
  { id }: Approval,
  request: PermissionRequest,
  reply: unknown,
): Promise<Decision> {
  const ruling = rulingOf({ reply, isByReply: true });
  let isOurs = false;
  const changed = await changeApproval(store, id, (stored) => {
    isOurs = stored.state === "pending";
    if (stored.usedAt !== undefined) return undefined;
    const usedAt = new Date().toISOString();
    if (!isOurs) return { ...stored, usedAt };
    const state = ruling.isAllowed ? "approved" : "denied";
    return { ...stored, state, decidedAt: usedAt, decidedBy: "reply()", reason: ruling.reason, usedAt };
  });
  if (!isOurs && changed !== undefined) return rulingOfEntry(changed);
  if (reply === "always") remember(request);
  return { ...ruling, by: "reply" };
}

/** The run is aborted, or somebody else has answered. Never rejects. */
async function withdraw({ store, api }: ParkedTurn, { id }: Approval, request: PermissionRequest): Promise<void> {
  try {
    await changeApproval(store, id, (stored) =>
      stored.usedAt !== undefined || stored.request.id !== request.id ? undefined : { ...stored, state: "withdrawn" },
    );
  } catch (error) {
    api.logger.debug(`the approval ${id} cannot be withdrawn: ${String(error)}`);
  }
}

function pending({ id, request }: Approval): ApprovalPendingError {
  const { permission, patterns } = request;
  const what = [permission, ...patterns].join(" ").slice(0, 200);
  return new ApprovalPendingError(`the run waits for the approval ${id}: ${what}`, {
    approvalId: id,
    request,
    sessionId: rootOf(request),
  });
}
