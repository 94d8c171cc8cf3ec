/** `opencode-ts approvals`: reads and writes the store, without a server. */
import { userInfo } from "node:os";
import { stripVTControlCharacters } from "node:util";
import { type Approval, openApprovals } from "../../index.js";
import { UsageError } from "../failures.js";
import { permissionText } from "../permission-text.js";
import { guarded } from "../run-command.js";
import { createTerminal, type Terminal } from "../terminal.js";

/** Flags of the commands. */
export interface ApprovalFlags {
  readonly all?: boolean;
  readonly by?: string;
  readonly reason?: string;
  readonly json?: boolean;
}

/** Lists the permission requests that wait. Resolves to the exit code. */
export function listApprovals({ all = false, json }: ApprovalFlags): Promise<number> {
  return withTerminal(async (terminal) => {
    const found = await openApprovals().list({ all });
    if (json === true) return terminal.text(`${JSON.stringify(found)}\n`);
    for (const approval of found) await terminal.text(textOf(approval, terminal.color));
    if (found.length === 0) terminal.note("no permission request waits for an approval");
  });
}

/** Approves a request. */
export function approve(id: string, { by, json }: ApprovalFlags): Promise<number> {
  return withTerminal(async (terminal) => tell(terminal, await openApprovals().approve(id, by ?? ownName()), json));
}

/** Denies a request. */
export function deny(id: string, { by, reason, json }: ApprovalFlags): Promise<number> {
  return withTerminal(async (terminal) => {
    if (reason === undefined) throw new UsageError("deny needs --reason <text>: the agent receives it");
    return tell(terminal, await openApprovals().deny(id, reason, by ?? ownName()), json);
  });
}

function withTerminal(work: (terminal: Terminal) => Promise<unknown>): Promise<number> {
  return guarded((signal) => work(createTerminal(signal)));
}

async function tell(terminal: Terminal, approval: Approval, json: boolean | undefined): Promise<void> {
  if (json === true) return terminal.text(`${JSON.stringify(approval)}\n`);
  const { id, state, request } = approval;
  terminal.note(`${state} ${id}; the same prompt under ${request.messageId} continues ${request.chain[0]}`);
}

/** The user of this process; `undefined` where the system does not name one. */
function ownName(): string | undefined {
  try {
    return userInfo().username || undefined;
  } catch {
    return undefined;
  }
}

function textOf({ id, state, createdAt, expiresAt, decidedBy, reason, request }: Approval, color: boolean): string {
  const { title, body } = permissionText(request, color);
  const facts = [
    `requested ${createdAt}`,
    expiresAt === undefined ? "" : `expires ${expiresAt}`,
    decidedBy === undefined ? "" : `decided by ${decidedBy}`,
    reason === undefined ? "" : `reason: ${reason}`,
    `session ${request.chain[0] ?? request.sessionId}`,
  ].filter((fact) => fact !== "");
  const clean = stripVTControlCharacters(facts.join(" · ")).replaceAll(/\p{Cc}/gu, " ");
  return `${id}  ${state}  ${title}\n${body}\n  (${clean})\n`;
}
