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
  readonly denials: readonly PastDenial[];
}

/** A refusal that an earlier turn has given, and the tool call that it was about. */
export interface PastDenial {
  readonly callId: string | undefined;
  readonly denial: Denial;
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
  const ofPrompt = listed.filter((one) => one.request.messageId === messageId && rootOf(one.request) === rootSessionId);
  // Its fingerprint may differ: what is known of a request can be more when it is looked up again.
  const own = ofPrompt.find((one) => one.request.id === request.id && one.state !== "withdrawn");
  if (own !== undefined) return own;
  const alike = ofPrompt.filter((one) => one.fingerprint === fingerprint);
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

/**
 * The decision of the entry; `undefined` without one, and where the request is not this one any more. An approval is used by this. A
 * refusal is used when the agent is told, which may be much later: it does no harm twice.
 */
async function rulingIn(turn: ParkedTurn, stored: Approval, request: PermissionRequest): Promise<Decision | undefined> {
  if (stored.state === "pending" && !isOverdue(stored)) return undefined;
  const decided = await changeApproval(turn.store, stored.id, (now) => {
    if (now.request.id !== request.id || now.usedAt !== undefined) return undefined;
    if (now.state === "approved") return { ...now, usedAt: new Date().toISOString() };
    return isOverdue(now) ? expired(now) : undefined;
  });
  if (decided === undefined || decided.request.id !== request.id) return undefined;
  if (decided.state === "pending" || decided.state === "withdrawn") return undefined;
  return rulingOfEntry(turn, decided);
}

function rulingOfEntry(turn: ParkedTurn, { id, state, decidedBy, reason, request }: Approval): Decision {
  const approval = { id, decidedBy };
  if (state === "approved") {
    return { isAllowed: true, reason: `${decidedBy ?? "somebody"} approved the request`, approval };
  }
  return {
    isAllowed: false,
    reason: reason ?? "the request was refused",
    approval,
    onTold: () => use(turn, id, request.id),
  };
}

/** The agent is told the refusal. Never rejects: without this the entry counts as one that the agent was not told. */
async function use({ store, api }: ParkedTurn, id: string, requestId: string): Promise<void> {
  try {
    await changeApproval(store, id, (stored) =>
      stored.usedAt === undefined && stored.request.id === requestId
        ? { ...stored, usedAt: new Date().toISOString() }
        : undefined,
    );
  } catch (error) {
    api.logger.debug(`the approval ${id} cannot be marked as used: ${String(error)}`);
  }
}

/** The entry says so, too. A decision in the store that was faster counts. */
async function byReply(
  turn: ParkedTurn,
  entry: Approval,
  request: PermissionRequest,
  reply: unknown,
): Promise<Decision> {
  const { store, remember } = turn;
  const ruling = rulingOf({ reply, isByReply: true });
  let isOurs = false;
  const changed = await changeApproval(store, entry.id, (stored) => {
    isOurs = stored.state === "pending";
    if (stored.usedAt !== undefined) return undefined;
    const now = new Date().toISOString();
    if (!isOurs) return stored.state === "approved" ? { ...stored, usedAt: now } : undefined;
    const decided = { ...stored, decidedAt: now, decidedBy: "reply()", reason: ruling.reason };
    return ruling.isAllowed ? { ...decided, state: "approved", usedAt: now } : { ...decided, state: "denied" };
  });
  if (!isOurs && changed !== undefined) return rulingOfEntry(turn, changed);
  if (reply === "always") remember(request);
  return { ...ruling, by: "reply", onTold: () => use(turn, entry.id, request.id) };
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
