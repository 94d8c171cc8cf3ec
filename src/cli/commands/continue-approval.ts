/** `opencode-ts approvals continue`: asks the prompt of a parked request again, so that its run goes on. */
import { type ApprovalRequest, openApprovals, type Session, type SessionTurnOptions } from "../../index.js";
import { failureWriter, show, turnOptions } from "../ask.js";
import { UsageError } from "../failures.js";
import { guarded } from "../run-command.js";
import { type Flags, readSettings } from "../settings.js";
import { createTerminal } from "../terminal.js";
import { withServer } from "./with-server.js";

/** Continues the turn of the request with this id. Resolves to the exit code. */
export async function continueApproval(id: string, flags: Flags): Promise<number> {
  const onFailure = failureWriter(flags);
  let code = 0;
  const failed = await guarded(async () => {
    const settings = await readSettings({ ...flags, park: true });
    const { chain, sessionId, messageId, directory } = await requestOf(id);
    const target = { ...flags, directory: flags.directory ?? directory ?? process.cwd() };
    const work: Parameters<typeof withServer>[1] = async (opencode, _terminal, signal) => {
      const asking = { settings, terminal: createTerminal(signal, settings), signal };
      const session = opencode.session(chain[0] ?? sessionId);
      const { text, ...given } = await storedPrompt(session, messageId);
      await show(asking, session.askStream(text, { ...turnOptions(asking), ...given, messageId }));
    };
    code = await withServer(target, work, onFailure);
  }, onFailure);
  return failed === 0 ? code : failed;
}

async function requestOf(id: string): Promise<ApprovalRequest> {
  const found = (await openApprovals().list({ all: true })).find((approval) => approval.id === id);
  if (found !== undefined) return found.request;
  throw new UsageError(`there is no approval ${id}: "opencode-ts approvals list --all" lists them`);
}

/** The stored prompt, and whom it has asked: with the same text it is the same prompt. */
type StoredPrompt = { readonly text: string } & Pick<SessionTurnOptions, "agent" | "model" | "variant">;

async function storedPrompt(session: Session, messageId: string): Promise<StoredPrompt> {
  for await (const { info, parts } of session.history()) {
    if (info.id !== messageId) continue;
    if (info.role !== "user")
      throw new UsageError("the prompt cannot be read: ask it again in the program that has asked it");
    const own = parts.filter((part) => !(part.type === "text" && part.synthetic === true));
    const [text] = own.flatMap((part) => (part.type === "text" ? [part.text] : []));
    if (text === undefined || own.length > 1)
      throw new UsageError("the prompt has files: ask it again in the program that has asked it");
    const { agent, model } = info;
    const { providerID, modelID, variant } = model;
    return {
      text,
      ...(agent === "" ? {} : { agent }),
      ...(modelID === "" ? {} : { model: `${providerID}/${modelID}` }),
      ...(variant === undefined ? {} : { variant }),
    };
  }
  throw new UsageError(`the session ${session.id} has no prompt ${messageId}`);
}
