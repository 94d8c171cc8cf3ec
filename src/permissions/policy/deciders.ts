/** Who decides about a permission, one after the other: the first that says something has decided. */

import type { Approval } from "../../types/approval.js";
import type { DecidedBy, ReviewFunction } from "../../types/decision.js";
import type { ToolFilter } from "../../types/options.js";
import type { PermissionPolicy, PolicyOptions, PolicyRule } from "../../types/policy.js";
import type { CallbackContext, PermissionHandler, PermissionRequest } from "../../types/request.js";
import { stringProperty } from "../../util/json.js";
import type { ApprovalCache } from "./approvals.js";
import { policyOf } from "./policy.js";
import type { Standing } from "./standing-rules.js";
import { isFiltered } from "./tool-filter.js";

/** A decision, and why. */
export interface Decision {
  readonly isAllowed: boolean;
  readonly reason: string;
  /** Default: the decider itself. */
  readonly by?: DecidedBy | undefined;
  /** The entry of a store that has the decision. */
  readonly approval?: Pick<Approval, "id" | "decidedBy"> | undefined;
  /** Called when the agent is told a refusal now. Never rejects. */
  readonly onTold?: (() => Promise<void>) | undefined;
}

/** Where a request waits that is parked in a store. */
export interface ParkingPlace {
  /** Id of the prompt. */
  readonly messageId: string;
  /** The run is aborted, or somebody else has answered the request. */
  readonly isVoid: () => boolean;
  /** The turn is not to wait any longer: it rejects with the error. */
  readonly park: (error: Error) => void;
  /** The request is not open any more. */
  readonly close: () => void;
}

/** What a decider is given beside the request. */
export interface DeciderContext extends CallbackContext {
  /** Resolves to what `opencode.reply()` was given for the request. */
  readonly replied: Promise<unknown>;
  /** Resolves when whoever reads the turn's events has gone on after the request; at once when nobody does. */
  readonly passed: () => Promise<void>;
  /** `undefined` where requests cannot be parked. */
  readonly parking?: ParkingPlace | undefined;
}

/** One that may decide; `undefined` leaves it to the next. What it throws refuses. */
export interface Decider {
  readonly by: DecidedBy;
  /** It asks a function of the caller's, so that it has to be bounded, and a turn's idle time stands meanwhile. */
  readonly isCallback: boolean;
  /** It bounds itself, and a turn's idle time stands meanwhile. */
  readonly isPatient?: boolean | undefined;
  /** It asks the user: from here on `opencode.reply()` can answer. */
  readonly asksUser?: boolean | undefined;
  readonly decide: (request: PermissionRequest, context: DeciderContext) => Promise<Decision | undefined>;
}

/** @internal */
export const refused = (reason: string): Decision => ({ isAllowed: false, reason });
const allowed = (reason: string): Decision => ({ isAllowed: true, reason });

/** Refuses what would go on with a repetition. `refusal`: the reason; `undefined` for what is none. */
export function loopDecider(refusal: (request: PermissionRequest) => string | undefined): Decider {
  return {
    by: "loop",
    isCallback: false,
    decide: async (request) => {
      const reason = refusal(request);
      return reason === undefined ? undefined : refused(reason);
    },
  };
}

/** The permissions that `confineTo` is about. */
export const confined: readonly string[] = ["read", "edit", "glob", "grep", "list", "external_directory"];

/** Refuses what is not below the directory, which is absolute. */
export function confinementDecider(directory: string, surroundings: Pick<PolicyOptions, "realpath" | "home">): Decider {
  const reason = `only files in ${directory} may be used`;
  const rules = confined.flatMap((permission): PolicyRule[] => [
    { permission, action: "deny", reason },
    { permission, pattern: directory, action: "allow" },
    { permission, pattern: `${directory === "/" ? "" : directory}/**`, action: "allow" },
  ]);
  const { explain } = policyOf(rules, { ...surroundings, default: "allow" });
  return {
    by: "confineTo",
    isCallback: false,
    decide: async (request) => {
      const { action, reason: why } = await explain(request);
      return action === "allow" ? undefined : refused(why);
    },
  };
}

/** What the rules that hold on the server say of a request that it was told to ask about; `undefined` when it asks of itself. */
export type Baseline = (request: PermissionRequest) => Promise<Standing | undefined>;

/** The rules of the turn; where they say nothing, and against denials, those that hold on the server. */
export function rulesDecider(explain: PermissionPolicy["explain"], baseline: Baseline): Decider {
  return {
    by: "rules",
    isCallback: false,
    decide: async (request) => {
      const { action, rule, reason } = await explain(request);
      if (action === "deny") return refused(reason);
      const standing = await baseline(request);
      const by = standing?.isOurs === true ? "rules" : "server";
      if (standing?.action === "deny") return { ...refused(standing.reason), by };
      if (action === "allow") return allowed(reason);
      if (rule !== undefined) return undefined; // they say that it is to be asked
      return standing?.action === "allow" ? { ...allowed(standing.reason), by } : undefined;
    },
  };
}

/** Refuses the tools that the filter of a turn takes away, where the server cannot be told. */
export function toolFilterDecider(tools: ToolFilter): Decider {
  return {
    by: "rules",
    isCallback: false,
    decide: async ({ permission }) =>
      isFiltered(tools, permission) ? refused(`the option \`tools\` of the turn leaves out ${permission}`) : undefined,
  };
}

/** What "always" was said to before, in the same tree of sessions. */
export function approvalsDecider(approvals: ApprovalCache): Decider {
  return {
    by: "remembered",
    isCallback: false,
    decide: async (request) =>
      (await approvals.covers(request)) ? allowed('an earlier "always" of this session covers it') : undefined,
  };
}

/** The reviewer, given as a function. */
export function reviewerDecider(review: ReviewFunction): Decider {
  return {
    by: "reviewer",
    isCallback: true,
    decide: async (request, context) => {
      const reply = await review(request, context);
      if (reply === undefined) return undefined;
      if (reply === "allow") return allowed("the reviewer allows it");
      return refused(
        stringProperty(reply, "reject") ??
          `the reviewer answered ${JSON.stringify(reply)}: expected "allow", { reject: reason } or undefined`,
      );
    },
  };
}

/**
 * The user: `opencode.reply()`, or the callback `onPermission`, whichever answers first. Without a callback a reader of the events may
 * reply until it goes on; `"reply"` waits. An `"always"` is remembered here; the server would take it for all sessions.
 */
export function handlerDecider(
  onPermission: PermissionHandler | "reply" | undefined,
  approvals: ApprovalCache,
): Decider {
  return {
    by: "onPermission",
    isCallback: true,
    asksUser: true,
    decide: async (request, { signal, replied, passed }) => {
      const byReply = replied.then((reply): UsersAnswer => ({ reply, isByReply: true }));
      const byHandler = async (): Promise<UsersAnswer | undefined> => {
        if (onPermission === undefined) return passed().then(() => undefined);
        if (onPermission === "reply") return new Promise(() => {});
        return { reply: await onPermission(request, { signal }), isByReply: false };
      };
      const answer = await Promise.race([byReply, byHandler()]);
      if (answer === undefined) return undefined;
      const ruling = rulingOf(answer);
      if (answer.reply === "always") approvals.remember(request);
      return answer.isByReply ? { ...ruling, by: "reply" } : ruling;
    },
  };
}

/** What the user has said, and by which way. */
export interface UsersAnswer {
  readonly reply: unknown;
  readonly isByReply: boolean;
}

/** The decision in an answer of the user. What is none refuses. */
export function rulingOf({ reply, isByReply }: UsersAnswer): Decision {
  const who = isByReply ? "reply()" : "onPermission";
  if (reply === "once" || reply === "always") return allowed(`${who} answered "${reply}"`);
  if (reply === "reject")
    return refused(isByReply ? "the user refused the request" : "the permission handler refused the request");
  return refused(
    stringProperty(reply, "reject") ??
      `the permission handler answered ${JSON.stringify(reply)}: expected "once", "always", "reject" or { reject: reason }`,
  );
}
