/** The option `fallbackModels`: its check, and how it is used with the other options. */
import { ConfigError } from "../errors/index.js";
import type { SessionTurnOptions } from "../types/options.js";
import { invalidOption } from "../util/invalid-option.js";

type Given = Pick<SessionTurnOptions<unknown>, "fallbackModels" | "model">;

/** The options of one side. Throws `ConfigError` for a list that is empty, has a name twice, or has the model that it is for. */
export function checkFallbackModels({ fallbackModels, model }: Given): void {
  if (fallbackModels === undefined) return;
  const expected = 'a list of "provider/model"';
  if (!Array.isArray(fallbackModels)) throw invalidOption("fallbackModels", expected, fallbackModels);
  if (fallbackModels.length === 0) {
    throw new ConfigError(`Expected the \`fallbackModels\` option to be ${expected}, got an empty list`, {
      hint: "Leave it out for turns that ask one model.",
    });
  }
  for (const [index, name] of (fallbackModels as readonly unknown[]).entries()) {
    if (typeof name !== "string" || !/^[^/]+\/./.test(name)) throw invalidOption("fallbackModels", expected, name);
    if (name === model) throw twice(name, "is the turn's `model`");
    if (fallbackModels.indexOf(name) !== index) throw twice(name, "is in it twice");
  }
}

/**
 * What a turn falls back to. `given`: by the turn itself, `all`: with the defaults of its client or session, whose list may have the turn's
 * model: it is left out.
 */
export function fallbackOptions(given: Given, all: Given): Pick<Given, "fallbackModels"> {
  const { fallbackModels, model } = all;
  if (fallbackModels === undefined) return {};
  if (given.fallbackModels !== undefined) checkFallbackModels({ fallbackModels, model });
  const others = fallbackModels.filter((name) => name !== model);
  return { fallbackModels: others.length === 0 ? undefined : others };
}

function twice(name: string, why: string): ConfigError {
  return new ConfigError(`The \`fallbackModels\` option has "${name}", which ${why}`, {
    hint: "Name each model once: a model that has failed is not asked again.",
  });
}
