/**
 * The form of a configuration, as far as a server is known to drop the whole file for one wrong value without a word (2.0 preview
 * 1.18.18). Names that are not in the tables are the server's business. Pure.
 */
import { invalidOption } from "../util/invalid-option.js";
import { isRecord, type JsonRecord } from "../util/json.js";

/** Throws `ConfigError` for a value that is none. `at` is its place in the configuration. */
type Check = (value: unknown, at: string) => void;

/** Throws `ConfigError` for the first value that has the wrong form. */
export function checkConfigForm(config: JsonRecord): void {
  form(config, "config");
}

function is(expected: string, test: (value: unknown) => boolean): Check {
  return (value, at) => {
    // Not shown: it may be a key.
    if (!test(value)) throw invalidOption(at, expected, value, { hidden: true });
  };
}

const text = is("a string", (value) => typeof value === "string");
const number = is("a number", (value) => typeof value === "number");
const flag = is("true or false", (value) => typeof value === "boolean");
const record = is("an object", isRecord);
const list = is("an array", Array.isArray);
const texts = listOf(text);
const oneOf = (...words: readonly string[]): Check =>
  is(words.map((word) => JSON.stringify(word)).join(", "), (value) => words.some((word) => word === value));
const action = oneOf("allow", "ask", "deny");

function recordOf(check: Check): Check {
  return (value, at) => {
    record(value, at);
    for (const [name, one] of Object.entries(isRecord(value) ? value : {})) check(one, `${at}.${name}`);
  };
}

function listOf(check: Check): Check {
  return (value, at) => {
    list(value, at);
    for (const [index, one] of (Array.isArray(value) ? value : []).entries()) check(one, `${at}[${index}]`);
  };
}

function either(isFirst: (value: unknown) => boolean, first: Check, other: Check): Check {
  return (value, at) => (isFirst(value) ? first : other)(value, at);
}

/** An object: names of the table are checked where they are given, others are not. */
function fields(checks: Readonly<Record<string, Check>>, required: readonly string[] = []): Check {
  return (value, at) => {
    record(value, at);
    for (const [name, check] of Object.entries(checks)) {
      const given = isRecord(value) ? value[name] : undefined;
      if (given !== undefined || required.includes(name)) check(given, `${at}.${name}`);
    }
  };
}

const permission = either(isRecord, recordOf(either(isRecord, recordOf(action), action)), action);
const rules = listOf(fields({ action: text, resource: text, effect: action }, ["action", "resource", "effect"]));
const agent = fields({
  model: text,
  prompt: text,
  system: text,
  description: text,
  mode: oneOf("primary", "subagent", "all"),
  temperature: number,
  top_p: number,
  steps: number,
  disable: flag,
  hidden: flag,
  tools: recordOf(flag),
  permission,
  permissions: rules,
});
const limit = fields({ context: number, output: number });
const provider = fields({
  npm: text,
  name: text,
  env: texts,
  options: fields({ baseURL: text, apiKey: text, headers: recordOf(text) }),
  models: recordOf(fields({ name: text, limit, options: record, tool_call: flag, reasoning: flag, attachment: flag })),
});
const provider2 = fields({
  name: text,
  api: fields({ type: text, package: text, url: text, settings: record }),
  models: recordOf(fields({ name: text, limit, capabilities: record, variants: list })),
});
const commands = recordOf(fields({ template: text, description: text, agent: text, model: text }, ["template"]));

const form = fields({
  model: text,
  small_model: text,
  default_agent: text,
  username: text,
  share: oneOf("manual", "auto", "disabled"),
  autoupdate: either((value) => value === "notify", text, flag),
  snapshot: flag,
  tools: recordOf(flag),
  plugin: list,
  enabled_providers: texts,
  disabled_providers: texts,
  provider: recordOf(provider),
  providers: recordOf(provider2),
  permission,
  permissions: rules,
  agent: recordOf(agent),
  agents: recordOf(agent),
  mode: recordOf(agent),
  command: commands,
  commands,
});
