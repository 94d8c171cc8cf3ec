/**
 * Calls that the server's rules have refused, where it does not say so: their error is like that of any call that has failed (2.0 preview
 * 1.18.18: `Unable to read no.txt`). A call that its rules deny has not run, so the rules are looked at.
 */
import type { AgentApi } from "../../api/agent-api.js";
import type { ReadOptions } from "../../client/retry-transient.js";
import { resolve } from "../../permissions/paths/normalize.js";
import { isClosed } from "../../permissions/policy/server-rules.js";
import type { AssistantMessage, Denial, Part, PermissionRule, ToolPart } from "../../types/answer.js";
import { stringProperty } from "../../util/json.js";
import { matchesWildcard } from "../../util/wildcard.js";
import { sessionRules } from "./effective-rules.js";
import { permissionOfTool, subjectOf } from "./server-denials.js";

/** A step, with its calls. */
export interface Step {
  readonly info: AssistantMessage;
  readonly parts: readonly Part[];
}

/** Whether one of its calls has failed. */
export function hasFailedCall({ parts }: Step): boolean {
  return parts.some((part) => part.type === "tool" && part.state.status === "error");
}

/** `isAnswered`: the request of this call was answered here, so the rules have asked. */
export async function ruledDenials(
  api: AgentApi,
  steps: readonly Step[],
  isAnswered: (callId: string) => boolean,
  call: ReadOptions,
): Promise<Denial[]> {
  const { hasSessionRules } = api.capabilities;
  const failed = api.capabilities.tellsDenials ? [] : steps.filter(hasFailedCall);
  if (failed.length === 0) return [];
  const agents = await api.catalog.agents(call);
  const ids = [...new Set(failed.map(({ info }) => info.sessionID))];
  const read = async (id: string) => [id, hasSessionRules ? await sessionRules(api, id, call) : []] as const;
  const ofSessions = new Map(await Promise.all(ids.map(read)));
  return failed.flatMap(({ info, parts }) => {
    const agent = agents.find(({ name }) => name === (info.agent ?? info.mode));
    const rules = [...(agent?.permission ?? []), ...(ofSessions.get(info.sessionID) ?? [])];
    return parts.flatMap((part) => {
      if (part.type !== "tool" || part.state.status !== "error" || isAnswered(part.callID)) return [];
      const found = subjectsOf(part, info).find(({ permission, texts }) => isDenied(rules, permission, texts));
      if (found === undefined) return [];
      const { permission, texts } = found;
      return [{ permission, patterns: texts.slice(0, 1), reason: part.state.error, sessionId: part.sessionID }];
    });
  });
}

/** A tool whose permission is denied altogether is not offered; a call of it is a slip of the model. */
function isDenied(rules: readonly PermissionRule[], permission: string, texts: readonly string[]): boolean {
  if (isClosed(rules, permission)) return false;
  return texts.some((text) => {
    const matches = (rule: PermissionRule): boolean =>
      matchesWildcard(permission, rule.permission) && matchesWildcard(text, rule.pattern);
    return rules.findLast(matches)?.action === "deny";
  });
}

interface Subject {
  readonly permission: string;
  /** One thing, in the ways in which it can be written. */
  readonly texts: readonly string[];
}

/** What the server has compared with its rules, as far as the call's input tells. */
function subjectsOf(part: ToolPart, { path: { cwd, root } }: AssistantMessage): Subject[] {
  const permission = permissionOfTool(part.tool);
  const patch = stringProperty(part.state.input, "patchText");
  if (patch !== undefined) {
    const files = [...patch.matchAll(/^\*\*\* (?:Add|Update|Delete) File: (.+)$/gm)];
    return files.map(([, file = ""]) => ({ permission, texts: [file.trim()] }));
  }
  const file = stringProperty(part.state.input, "filePath");
  if (file === undefined) return [{ permission, texts: [subjectOf(part, root)] }];
  const whole = resolve(cwd, file);
  const inside = whole.startsWith(`${cwd}/`) ? whole.slice(cwd.length + 1) : whole;
  const own: Subject = { permission, texts: [inside, subjectOf(part, root), whole] };
  const folder: Subject = { permission: "external_directory", texts: [`${whole.slice(0, whole.lastIndexOf("/"))}/*`] };
  return inside === whole ? [folder, own] : [own];
}
