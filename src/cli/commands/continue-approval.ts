/** `opencode-ts approvals continue`: asks the prompt of a parked request again, so that its run goes on. */
import { openApprovals, type Session } from "../../index.js";
import { UsageError } from "../failures.js";
import { showRun } from "../output.js";
import { guarded } from "../run-command.js";
import type { Flags } from "../settings.js";
import { withServer } from "./with-server.js";

/** Continues the turn of the request with this id. Resolves to the exit code. */
export async function continueApproval(id: string, flags: Flags): Promise<number> {
  let code = 0;
  const failed = await guarded(async () => {
    const found = (await openApprovals().list({ all: true })).find((approval) => approval.id === id);
    if (found === undefined)
      throw new UsageError(`there is no approval ${id}: "opencode-ts approvals list" lists them`);
    const { chain, sessionId, messageId, directory } = found.request;
    const target = { ...flags, directory: flags.directory ?? directory ?? process.cwd() };
    code = await withServer(target, async (opencode, terminal, signal) => {
      const session = opencode.session(chain[0] ?? sessionId);
      const prompt = await promptOf(session, messageId);
      const stream = session.askStream(prompt, { messageId, onPermission: "park", signal });
      await showRun(stream, { terminal, quiet: flags.quiet === true });
    });
  });
  return failed === 0 ? code : failed;
}

/** The text of the stored prompt: with the same text it is the same prompt. */
async function promptOf(session: Session, messageId: string): Promise<string> {
  for await (const { info, parts } of session.history()) {
    if (info.id !== messageId) continue;
    const own = parts.filter((part) => !(part.type === "text" && part.synthetic === true));
    const texts = own.flatMap((part) => (part.type === "text" ? [part.text] : []));
    if (texts.length === 1 && own.length === 1) return texts[0] ?? "";
    throw new UsageError("the prompt has files: ask it again in the program that has asked it");
  }
  throw new UsageError(`the session ${session.id} has no prompt ${messageId}`);
}
