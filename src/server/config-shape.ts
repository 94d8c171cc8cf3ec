/**
 * A configuration for a server that reads a file in one of two shapes: the one of 1.x or its own. As soon as a file has one name
 * of the first, every name of the second is dropped without a word (2.0 preview 1.18.18). Pure.
 */
import { ConfigError } from "../errors/index.js";
import { isRecord, type JsonRecord } from "../util/json.js";

/** Names that make a file one of the 1.x shape. */
const namesOfV1 = [
  ...["provider", "permission", "agent", "mode", "tools", "command", "plugin", "small_model", "snapshot", "attachment"],
  ...["reference", "server", "layout", "logLevel", "autoshare", "enabled_providers", "disabled_providers"],
];

/** Names that only the 2.x shape has. */
const namesOfV2 = ["providers", "permissions", "agents", "commands", "plugins", "references", "media", "snapshots"];

/** The shape of a configuration; `undefined` where both would read the same. */
export function shapeOf(config: JsonRecord): "1.x" | "2.x" | "both" | undefined {
  const isV1 = namesOfV1.some((name) => config[name] !== undefined);
  const isV2 = namesOfV2.some((name) => config[name] !== undefined);
  if (isV1) return isV2 ? "both" : "1.x";
  return isV2 ? "2.x" : undefined;
}

/**
 * The configuration in one shape. `permission`, which this package adds itself, is translated where the rest has the 2.x shape.
 * @throws {ConfigError} when other names of both shapes are in it.
 */
export function inOneShape(config: JsonRecord): JsonRecord {
  if (shapeOf(config) !== "both") return config;
  const { permission, ...rest } = config;
  if (shapeOf(rest) !== "2.x") throw mixed(rest);
  const rules = Array.isArray(rest["permissions"]) ? rest["permissions"] : [];
  return { ...rest, permissions: [...rules, ...rulesOf(permission)] };
}

function mixed(config: JsonRecord): ConfigError {
  const given = (names: readonly string[]): string =>
    names
      .filter((name) => config[name] !== undefined)
      .map((name) => `\`${name}\``)
      .join(", ");
  return new ConfigError(
    `The \`config\` option mixes the shapes of 1.x (${given(namesOfV1)}) and 2.x (${given(namesOfV2)}): this server would drop the latter.`,
    { hint: "Write all of it in one of the shapes." },
  );
}

/** Its form is checked before. */
function rulesOf(permission: unknown): JsonRecord[] {
  const all = isRecord(permission) ? permission : { "*": permission };
  return Object.entries(all).flatMap(([action, value]) =>
    Object.entries(isRecord(value) ? value : { "*": value }).map(([resource, effect]) => ({
      action,
      resource,
      effect,
    })),
  );
}

/**
 * With the denial that the agent `plan` has of its own behind the permissions: those of a configuration would open it (2.0 preview
 * 1.18.18). Permissions of the agent that speak of editing stay as they are.
 */
export function withPlanDenial(config: JsonRecord): JsonRecord {
  if (config["permission"] !== undefined) {
    const { agents, plan, own } = planOf(config["agent"], "permission");
    if (own !== undefined && !(isRecord(own) && own["edit"] === undefined && own["*"] === undefined)) return config;
    return { ...config, agent: { ...agents, plan: { ...plan, permission: { ...own, edit: "deny" } } } };
  }
  if (config["permissions"] === undefined) return config;
  const { agents, plan, own } = planOf(config["agents"], "permissions");
  if (Array.isArray(own) && own.some((rule) => isRecord(rule) && ["edit", "*"].includes(String(rule["action"]))))
    return config;
  const denial = { action: "edit", resource: "*", effect: "deny" };
  const permissions = [...(Array.isArray(own) ? own : []), denial];
  return { ...config, agents: { ...agents, plan: { ...plan, permissions } } };
}

function planOf(given: unknown, name: string): { agents: JsonRecord; plan: JsonRecord; own: unknown } {
  const agents = isRecord(given) ? given : {};
  const plan = isRecord(agents["plan"]) ? agents["plan"] : {};
  return { agents, plan, own: plan[name] };
}

/** @throws {ConfigError} for a name in it that the server accepts and that does nothing there. A `*` in a name stands for any. */
export function checkCounterparts(config: JsonRecord, idle: Readonly<Record<string, string>>, server: string): void {
  for (const [path, hint] of Object.entries(idle)) {
    for (const [name, value] of valuesAt(config, path.split("."))) {
      const isEmpty = value === undefined || (isRecord(value) && Object.keys(value).length === 0);
      const isNone = isEmpty || (Array.isArray(value) && value.length === 0);
      if (!isNone) throw new ConfigError(`config.${name}: ${server} has no counterpart for it.`, { hint });
    }
  }
}

/** The values at a path, each with its name. */
function valuesAt(value: unknown, [name, ...rest]: readonly string[]): [string, unknown][] {
  if (name === undefined) return [["", value]];
  if (!isRecord(value)) return [];
  const names = name === "*" ? Object.keys(value) : [name];
  return names.flatMap((own) =>
    valuesAt(value[own], rest).map(([below, found]): [string, unknown] => [
      below === "" ? own : `${own}.${below}`,
      found,
    ]),
  );
}
