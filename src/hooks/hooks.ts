/** Hooks in the form in which they are called: checked, in order, with their matchers. */
import { ConfigError } from "../errors/index.js";
import type { Hook, HookList, Hooks } from "../types/hook.js";
import { checkOptions } from "../util/check-options.js";
import { invalidOption } from "../util/invalid-option.js";
import { isRecord } from "../util/json.js";
import { matchesWildcard } from "../util/wildcard.js";

const names: readonly (keyof Hooks)[] = [
  "preToolUse",
  "postToolUse",
  "userPromptSubmit",
  "sessionStart",
  "stop",
  "error",
];
const ofTools: ReadonlySet<string> = new Set(["preToolUse", "postToolUse"]);

/** Throws for the name of a tool that nobody has. `where` says what is wrong. */
type CheckName = (name: string, where: string) => void;

/** Throws `ConfigError` for an unknown name, and for what is no hook. `checkTool` is given the names in matchers. */
export function checkHooks(hooks: unknown, checkTool: CheckName): asserts hooks is Hooks {
  if (!isRecord(hooks)) throw invalidOption("hooks", "an object of hooks", hooks);
  for (const [name, given] of Object.entries(hooks)) {
    if (!names.some((known) => known === name)) {
      throw new ConfigError(`hooks.${name}: there is no such hook; expected ${names.join(", ")}`);
    }
    const list: unknown[] = given === undefined ? [] : Array.isArray(given) ? given : [given];
    for (const [index, hook] of list.entries())
      checkHook(hook, name, `hooks.${name}${list.length > 1 ? `[${index}]` : ""}`, checkTool);
  }
}

function checkHook(hook: unknown, name: string, where: string, checkTool: CheckName): void {
  if (typeof hook === "function") return;
  if (!isRecord(hook) || typeof hook["run"] !== "function") {
    throw invalidOption(where, "a function, or { matcher, run } with a function as `run`", hook);
  }
  checkOptions(hook, { matcher: true, run: true }, where);
  const { matcher } = hook;
  if (matcher === undefined) return;
  if (!ofTools.has(name))
    throw new ConfigError(`${where}.matcher: only preToolUse and postToolUse have tools to match`);
  if (typeof matcher === "string" ? matcher === "" : !(matcher instanceof RegExp)) {
    throw invalidOption(`${where}.matcher`, "a tool name, with or without wildcards, or a RegExp", matcher);
  }
  if (typeof matcher === "string") checkTool(matcher, `${where}.matcher`);
}

type Callable = (...given: never[]) => unknown;

/** The functions that are called for this tool, in order. */
export function hooksFor<F extends Callable>(list: HookList<F> | undefined, tool?: string): F[] {
  const all: readonly Hook<F>[] = list === undefined ? [] : isList(list) ? list : [list];
  return all.flatMap((hook): F[] => {
    if (typeof hook === "function") return [hook as F]; // the other form is no function
    const { matcher, run } = hook as Exclude<Hook<F>, F>;
    return tool === undefined || matches(matcher, tool) ? [run] : [];
  });
}

function isList<F extends Callable>(list: HookList<F>): list is readonly Hook<F>[] {
  return Array.isArray(list);
}

function matches(matcher: string | RegExp | undefined, tool: string): boolean {
  if (matcher === undefined) return true;
  if (typeof matcher === "string") return matchesWildcard(tool, matcher);
  // A copy without "g" and "y": with them a RegExp remembers where it was.
  return new RegExp(matcher.source, matcher.flags.replace(/[gy]/g, "")).test(tool);
}

/** The reason of a refusal; `undefined` for anything else. */
export function refusalIn(result: unknown): string | undefined {
  if (!isRecord(result) || !("reject" in result)) return undefined;
  const { reject } = result;
  return typeof reject === "string" && reject !== "" ? reject : "a hook refused it";
}
