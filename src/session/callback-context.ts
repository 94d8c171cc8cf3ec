/** The functions of a turn's options, bound to the context of the caller: the connection that calls them may be another's. */

import type { TurnOptions } from "../types/options.js";
import { boundTo, contextNow, type InContext } from "../util/async-context.js";

type Callable = (...given: never[]) => unknown;

/** To be called where the turn was asked for. */
export function bindCallbacks<O extends TurnOptions<unknown>>(options: O): O {
  const { onPermission, onQuestion, onPlanExit, reviewer, audit, onSettled, hooks } = options;
  const given = { onPermission, onQuestion, onPlanExit, reviewer, audit, onSettled };
  const functions = Object.entries(given).filter(([, callback]) => typeof callback === "function");
  if (functions.length === 0 && hooks === undefined) return options; // a context is dear to keep (Node)
  const context = contextNow();
  const bound = functions.map(([name, callback]) => [name, boundFunction(context, callback)]);
  return {
    ...options,
    ...Object.fromEntries(bound),
    ...(hooks === undefined ? {} : { hooks: boundHooks(context, hooks) }),
  };
}

/** By name: one hook or several, each a function or one for some tools. */
function boundHooks(context: InContext, hooks: object): object {
  const one = (hook: unknown): unknown => {
    if (typeof hook === "function") return boundFunction(context, hook);
    const { run, ...rest } = hook as { readonly run: Callable }; // they are checked before
    return { ...rest, run: boundFunction(context, run) };
  };
  const all = (list: unknown): unknown =>
    list === undefined ? undefined : Array.isArray(list) ? list.map(one) : one(list);
  return Object.fromEntries(Object.entries(hooks).map(([name, list]) => [name, all(list)]));
}

function boundFunction(context: InContext, call: unknown): unknown {
  return boundTo(context, call as Callable);
}
