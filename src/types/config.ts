/** The agent's configuration, in the two shapes of its file. */
import type { Schemas } from "../generated/schema.js";
import type { PermissionRule } from "./answer.js";

/** The agent's configuration, as in its `opencode.json`. */
export type Config = Schemas["Config"];

/** A rule in a configuration of 2.x. The last that matches wins. */
export interface ConfigRule {
  /** The name of a permission, for example `"bash"` (released 2.x: `"shell"`). `*` and `?` are wildcards. */
  readonly action: string;
  /** What it is about, for example `"git *"`. */
  readonly resource: string;
  readonly effect: PermissionRule["action"];
}

/** A model provider in a configuration of 2.x. The preview of 2.0 takes `api`, released servers take `package` and `settings`. */
export interface ConfigProvider {
  readonly name?: string;
  readonly package?: string;
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly api?: {
    readonly type?: string;
    readonly package?: string;
    readonly url?: string;
    readonly settings?: Readonly<Record<string, unknown>>;
  };
  readonly models?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** An agent in a configuration of 2.x. */
export interface ConfigAgent {
  readonly model?: string;
  readonly system?: string;
  readonly description?: string;
  readonly mode?: "primary" | "subagent" | "all";
  readonly permissions?: readonly ConfigRule[];
  /** The model calls of one run. */
  readonly steps?: number;
  readonly hidden?: boolean;
}

/** The names that only a configuration in the shape of 2.x has: a server of 1.x does not know them. */
export type ConfigNames2 = {
  readonly providers?: Readonly<Record<string, ConfigProvider>>;
  readonly permissions?: readonly ConfigRule[];
  readonly agents?: Readonly<Record<string, ConfigAgent>>;
  readonly commands?: Readonly<Record<string, { readonly template: string; readonly description?: string }>>;
  readonly plugins?: readonly unknown[];
  readonly references?: Readonly<Record<string, unknown>>;
  readonly media?: Readonly<Record<string, unknown>>;
  readonly snapshots?: boolean;
};

/**
 * The agent's configuration in the shape of 1.x or in that of 2.x; both have `model`, `share` and others. A mixture is a `ConfigError`
 * where the server would drop a part of it.
 */
export type AnyConfig = Config & ConfigNames2;
