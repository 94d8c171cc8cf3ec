/** The checks of the options of turns, for each side that gives some. They run before anything is sent. */
import { checkHooks } from "../hooks/hooks.js";
import { compileRules } from "../permissions/policy/compile.js";
import { toRules } from "../permissions/policy/config-rules.js";
import { modeNamed } from "../permissions/policy/modes.js";
import { checkToolName } from "../permissions/policy/names.js";
import { checkToolFilter } from "../permissions/policy/tool-filter.js";
import type { ReviewModel, SessionTurnOptions } from "../types/index.js";
import { checkOptions } from "../util/check-options.js";
import { checkSignal, invalidOption } from "../util/invalid-option.js";
import { isRecord } from "../util/json.js";
import { checkFallbackModels } from "./fallback-options.js";
import { checkOnSettled } from "./settled/check.js";
import { parseModel } from "./turn/prompt.js";

export { checkApprovalStore } from "./approvals/approvals.js";
export { checkBudget } from "./budget/check-budget.js";

/** What a client, a session or a turn gives; the schema is checked with the answer. */
type GivenOptions = Omit<SessionTurnOptions<unknown>, "schema">;

/** The options of one side: of a client, a session or a turn. Throws `ConfigError` for a value of the wrong kind. */
export function checkTurnOptions(options: GivenOptions): void {
  const { structured, maxRepairs } = options;
  if (structured !== undefined && !["auto", "native", "prompt"].includes(structured)) {
    throw invalidOption("structured", '"auto", "native" or "prompt"', structured);
  }
  if (maxRepairs !== undefined && (!Number.isInteger(maxRepairs) || maxRepairs < 0)) {
    throw invalidOption("maxRepairs", "a whole number from 0 on", maxRepairs);
  }
  const { whenBusy, timeout, idleTimeout, maxRetryWait, callbackTimeout, messageId, signal } = options;
  if (whenBusy !== undefined && !["queue", "reject", "steer"].includes(whenBusy)) {
    throw invalidOption("whenBusy", '"queue", "reject" or "steer"', whenBusy);
  }
  requirePositive("timeout", timeout);
  requirePositive("idleTimeout", idleTimeout);
  if (maxRetryWait !== 0) requirePositive("maxRetryWait", maxRetryWait);
  requireShare(options.contextWarning);
  const { maxRepeats } = options;
  if (maxRepeats !== undefined && maxRepeats !== false && (!Number.isInteger(maxRepeats) || maxRepeats < 2)) {
    throw invalidOption("maxRepeats", "a whole number from 2 on, or false", maxRepeats);
  }
  for (const name of ["maxCost", "maxSteps", "maxTokens"] as const) requireAmount(name, options[name]);
  for (const name of ["maxSubagents", "maxDepth"] as const) requireCount(name, options[name]);
  requirePositive("callbackTimeout", callbackTimeout);
  requirePositive("approvalTimeout", options.approvalTimeout);
  if (options.parkAfter !== 0) requirePositive("parkAfter", options.parkAfter, "from 0 on");
  for (const name of ["agent", "system", "variant"] as const) requireText(name, options[name]);
  checkFallbackModels(options);
  checkPermissionOptions(options);
  if (options.onSettled !== undefined) checkOnSettled(options.onSettled);
  for (const name of ["onPermission", "onQuestion", "onPlanExit"] as const) {
    const callback = options[name];
    if (callback === undefined || callback === "reply" || typeof callback === "function") continue;
    if (name !== "onPermission") throw invalidOption(name, 'a function or "reply"', callback);
    if (callback !== "park") throw invalidOption(name, 'a function, "reply" or "park"', callback);
  }
  if (messageId !== undefined && (typeof messageId !== "string" || !/^msg_[A-Za-z0-9_-]{1,120}$/.test(messageId))) {
    throw invalidOption("messageId", '"msg_" and up to 120 letters, digits, "_" or "-"', messageId);
  }
  checkSignal(signal);
}

function checkPermissionOptions({
  tools,
  permission,
  permissionMode,
  confineTo,
  reviewer,
  audit,
  hooks,
}: GivenOptions): void {
  if (tools !== undefined) checkToolFilter(tools);
  if (permission !== undefined) compileRules(toRules(permission), undefined);
  if (permissionMode !== undefined) modeNamed(permissionMode);
  if (hooks !== undefined) checkHooks(hooks, checkToolName);
  if (confineTo !== undefined && (typeof confineTo !== "string" || confineTo === "")) {
    throw invalidOption("confineTo", "the path of a directory", confineTo);
  }
  if (audit !== undefined && typeof audit !== "function" && (typeof audit !== "string" || audit === "")) {
    throw invalidOption("audit", "the path of a file, or a function", audit);
  }
  if (reviewer !== undefined && typeof reviewer !== "function") checkReviewModel(reviewer);
}

const reviewerNames = { model: true, rubric: true, timeout: true, maxReviews: true, maxCost: true } satisfies Record<
  keyof ReviewModel,
  true
>;

function checkReviewModel(reviewer: ReviewModel): void {
  if (!isRecord(reviewer) || typeof reviewer.rubric !== "string" || reviewer.rubric.trim() === "") {
    const expected = "a function, or { model, rubric } with the rules in words as `rubric`";
    throw invalidOption("reviewer", expected, reviewer);
  }
  checkOptions(reviewer, reviewerNames, "reviewer");
  parseModel(reviewer.model);
  const { timeout, maxReviews, maxCost } = reviewer;
  requirePositive("reviewer.timeout", timeout);
  requireAmount("reviewer.maxReviews", maxReviews);
  requireAmount("reviewer.maxCost", maxCost);
}

function requireText(name: string, value: unknown): void {
  // The server takes null for "not given".
  if (value === undefined || value === null || typeof value === "string") return;
  throw invalidOption(name, "a string", value);
}

function requirePositive(name: string, value: unknown, range = "above 0"): void {
  if (value === undefined || (typeof value === "number" && value > 0)) return;
  throw invalidOption(name, `a number of milliseconds ${range}`, value);
}

function requireShare(value: unknown): void {
  if (value === undefined || (typeof value === "number" && value > 0 && value < 1)) return;
  throw invalidOption("contextWarning", "a share between 0 and 1", value);
}

function requireCount(name: string, value: unknown): void {
  if (value === undefined || (typeof value === "number" && Number.isInteger(value) && value >= 0)) return;
  throw invalidOption(name, "a whole number from 0 on", value);
}

function requireAmount(name: string, value: unknown): void {
  if (value === undefined || (typeof value === "number" && value > 0)) return;
  throw invalidOption(name, "a number above 0", value);
}
