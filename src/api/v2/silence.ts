/** Why a prompt was never answered: 2.x drops one whose model it cannot call, and says so in its log only (2.0 preview 1.18.18). */
import type { OpencodeClient } from "../../client/client.js";
import { isRecord, property, recordProperty, stringProperty } from "../../util/json.js";
import type { ApiCall } from "../inputs.js";
import { failureInLog } from "./log-witness.js";
import { readSession } from "./session-reads.js";
import { locationList } from "./wire.js";

/** A sentence for the error of the turn. What cannot be read is left out of it. Never rejects. */
export async function reasonOfSilence(client: OpencodeClient, sessionId: string, call: ApiCall): Promise<string> {
  const logged = failureInLog(client.baseUrl, sessionId);
  const general =
    logged ??
    "the server took the prompt and ended its run without a step; its log has the reason. " +
      "Usual ones: the model's package is not supported, the prompt came before the lists of the directory were complete, or the run was interrupted before the model's first word.";
  try {
    const session = await readSession(client, sessionId, call);
    const model = recordProperty(session, "model");
    const providerId = stringProperty(model, "providerID");
    const modelId = stringProperty(model, "id");
    if (providerId === undefined || modelId === undefined) return general;
    const directory = stringProperty(recordProperty(session, "location"), "directory") ?? client.directory;
    const found = (await locationList({ client }, "/api/model", { ...call, directory })).find(
      (one) => stringProperty(one, "providerID") === providerId && stringProperty(one, "id") === modelId,
    );
    if (found === undefined) return `Model not found: ${providerId}/${modelId}.`;
    const variant = stringProperty(model, "variant");
    const variants = property(found, "variants");
    const names = Array.isArray(variants) ? variants.filter(isRecord).map((one) => stringProperty(one, "id")) : [];
    if (variant === undefined || variant === "default" || names.includes(variant)) return general;
    return `the model ${providerId}/${modelId} has no variant "${variant}"; it has ${names.join(", ") || "none"}`;
  } catch {
    return general;
  }
}
