/** The entries of a store of approvals: how one is made, and what a request is recognised by. */
import type { Approval, ApprovalRequest } from "../../types/approval.js";
import type { PermissionRequest } from "../../types/request.js";
import { randomText } from "../../util/ids.js";
import { isRecord, stringProperty } from "../../util/json.js";
import { redactData } from "../../util/redact.js";

/** Characters of one text that are stored: a diff may be as long as its files. */
const longestText = 100_000;

/** The root session of the request. */
export function rootOf({ chain, sessionId }: Pick<PermissionRequest, "chain" | "sessionId">): string {
  return chain[0] ?? sessionId;
}

/** A new entry about `request`, which belongs to the prompt `messageId`. `timeout`: ms until it expires. */
export function newApproval(
  request: ApprovalRequest,
  fingerprint: string,
  timeout: number | undefined,
  now: number = Date.now(),
): Approval {
  const expires = timeout === undefined ? undefined : new Date(Math.min(now + timeout, latest));
  return {
    id: `apr_${randomText(20)}`,
    state: "pending",
    request,
    createdAt: new Date(now).toISOString(),
    ...(expires === undefined ? {} : { expiresAt: expires.toISOString() }),
    version: 1,
    fingerprint,
  };
}

/** The last time that a `Date` can have (ECMA-262). */
const latest = 8.64e15;

/** The request as it is stored: without credentials, and without texts that are too long. */
export function storedRequest(request: PermissionRequest, messageId: string): ApprovalRequest {
  const clean = JSON.parse(JSON.stringify(redactData(request), (_name, value: unknown) => shortened(value)));
  return { ...clean, messageId };
}

function shortened(value: unknown): unknown {
  if (typeof value !== "string" || value.length <= longestText) return value;
  return `${value.slice(0, longestText)} … (${value.length - longestText} characters more)`;
}

/**
 * The same for the same request of a model that is asked for its step once more. The sub-agent that asks is not part of it: it has
 * another session then.
 */
export async function fingerprintOf({ permission, patterns, tool, metadata }: PermissionRequest): Promise<string> {
  const what = JSON.stringify([permission, patterns, tool?.name ?? null, normalised(tool?.input ?? metadata)]);
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(what)));
  return [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** Sorted by names, and without the words in which a model describes a command. */
function normalised(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(normalised);
  if (!isRecord(value)) return value;
  const isCommand = stringProperty(value, "command") !== undefined;
  const entries = Object.entries(value).filter(([name]) => !(isCommand && name === "description"));
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, one]) => [name, normalised(one)]));
}

/** Nobody has decided in time. */
export function isOverdue({ state, expiresAt }: Approval, now: number = Date.now()): boolean {
  return state === "pending" && expiresAt !== undefined && Date.parse(expiresAt) <= now;
}

/** The entry after nobody has decided in time. */
export function expired(approval: Approval): Approval {
  const { expiresAt } = approval;
  return {
    ...approval,
    state: "expired",
    ...(expiresAt === undefined ? {} : { decidedAt: expiresAt }),
    reason: "nobody has decided in time",
  };
}

/** An entry that is decided or over is kept for this time (ms). */
const retention = 30 * 24 * 3_600_000;

/** It was used, decided or withdrawn long ago. An entry that waits for a decision is kept. */
export function isForgotten(approval: Approval, now: number = Date.now()): boolean {
  const { state, usedAt, decidedAt, createdAt } = isOverdue(approval, now) ? expired(approval) : approval;
  return state !== "pending" && now - Date.parse(usedAt ?? decidedAt ?? createdAt) > retention;
}
