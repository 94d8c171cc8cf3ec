/**
 * A name that is no option is refused: whoever writes `maxCots: 1` believes in a limit that would not be there. The names are
 * in `types/option-names.ts`, and beside those options whose types are not in `types/`.
 */
import { ConfigError } from "../errors/index.js";
import { editDistance } from "./edit-distance.js";
import { isRecord } from "./json.js";

/** The names of a call's options, written as `{ … } satisfies Record<keyof Options, true>`: none can be forgotten. */
export type OptionNames = Readonly<Record<string, true>>;

/** Throws `ConfigError` for what is no object. */
export function requireOptions(options: unknown): asserts options is object {
  if (isRecord(options)) return;
  const kind = options === null ? "null" : Array.isArray(options) ? "an array" : typeof options;
  throw new ConfigError(`options must be an object; got ${kind}`);
}

/**
 * Throws `ConfigError` for what is no object, and for a name that is none of `known`; the message has the nearest that is.
 * `undefined` counts as not given. `call` is what takes the options, for example `"compact()"`; `others` are names that belong
 * somewhere else, by what takes them.
 */
export function checkOptions(
  options: unknown,
  known: OptionNames,
  call: string,
  others: Readonly<Record<string, OptionNames>> = {},
): void {
  requireOptions(options);
  for (const [name, value] of Object.entries(options)) {
    if (value !== undefined && !Object.hasOwn(known, name)) throw unknownOption(name, Object.keys(known), call, others);
  }
}

function unknownOption(
  name: string,
  known: readonly string[],
  call: string,
  others: Readonly<Record<string, OptionNames>>,
): ConfigError {
  const place = Object.keys(others).find((one) => Object.hasOwn(others[one] ?? {}, name));
  if (place !== undefined) {
    return new ConfigError(`"${name}" is no option of ${call}`, { hint: `Give it to ${place}.` });
  }
  const meant = nearestOption(name, known);
  const guess = meant === undefined ? "" : `; did you mean "${meant}"?`;
  const list = known.length === 0 ? `${call} takes no options.` : `The options of ${call} are ${known.join(", ")}.`;
  return new ConfigError(`there is no option "${name}"${guess}`, { hint: list });
}

/** Names of other programs for what is here, in the simplified form. */
const aliases: Readonly<Record<string, string>> = {
  abortsignal: "signal",
  allowedtools: "tools",
  budget: "maxCost",
  budgetusd: "maxCost",
  maxbudget: "maxCost",
  maxbudgetusd: "maxCost",
  cost: "maxCost",
  maxturns: "maxSteps",
  steps: "maxSteps",
  maxoutputtokens: "maxTokens",
  tokens: "maxTokens",
  canusetool: "onPermission",
  cwd: "directory",
  workdir: "directory",
  workingdirectory: "directory",
  path: "directory",
  url: "baseUrl",
  endpoint: "baseUrl",
  executable: "binary",
  attachments: "files",
  images: "files",
  outputformat: "schema",
  jsonschema: "schema",
  instructions: "system",
  systemprompt: "system",
  retries: "maxRetries",
  timeoutms: "timeout",
  user: "username",
  apikey: "password",
};

/** The option that is probably meant. */
export function nearestOption(name: string, known: readonly string[]): string | undefined {
  const plain = simplified(name);
  const others = Object.entries(aliases).filter(([, option]) => known.includes(option));
  const words = [...known.map((one): [string, string] => [simplified(one), one]), ...others];
  const [best] = words
    .map(([word, option]) => ({ option, far: editDistance(plain, word), most: slips(word) }))
    .filter(({ far, most }) => far <= most)
    .sort((a, b) => a.far - b.far);
  return best?.option ?? known.find((one) => isPartOf(plain, simplified(one)));
}

/** Short words are near to too many others. */
function slips(word: string): number {
  return word.length < 5 ? 1 : 2;
}

function isPartOf(name: string, option: string): boolean {
  const shorter = Math.min(name.length, option.length);
  return shorter >= 5 && (name.includes(option) || option.includes(name));
}

function simplified(name: string): string {
  return name.toLowerCase().replace(/[_\- ]/g, "");
}
