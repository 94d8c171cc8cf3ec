/**
 * Where scenarios play. A directory costs the real agent seconds at its first use, so scenarios share one when they can;
 * what needs other settings has another.
 */
import type { ScriptedModelConfig, ScriptedModelOptions } from "../../src/testing/index.js";
import type { Config } from "../../src/types/options.js";

/** A directory's settings. */
export interface PlaceSettings {
  readonly model?: ScriptedModelOptions | undefined;
  /** Beside the model's. */
  readonly config?: Config | undefined;
  /** A git repository with one commit. */
  readonly git?: boolean | undefined;
}

const entry: ScriptedModelConfig = { cost: { input: 1, output: 2 }, variants: { high: { reasoningEffort: "high" } } };

const config: Config = {
  permission: { bash: { "*": "allow", "ask-me*": "ask", "deny-me*": "deny" }, webfetch: "deny" },
  agent: {
    careful: { mode: "all", description: "Asks.", permission: { bash: "ask" } },
    brief: { mode: "all", description: "Takes two steps.", steps: 2 },
    deep: { mode: "subagent", description: "Delegates.", permission: { task: "allow" } },
  },
  command: { greet: { template: "Say hello to $ARGUMENTS", description: "Greets." } },
  subagent_depth: 3,
} as Config; // `subagent_depth` is read by the server and not in its document

export type PlaceName = "plain" | "git" | "small" | "failing" | "disposable" | "mortal";

export const places: Readonly<Record<PlaceName, PlaceSettings>> = {
  plain: { model: { model: entry }, config },
  git: { model: { model: entry }, config, git: true },
  /** A model that forgets soon. */
  small: { model: { model: { ...entry, limit: { context: 20_000, output: 1_000 } } }, config },
  /** Its summaries fail; and what is allowed for always, is allowed here. */
  failing: { model: { model: entry, summary: { status: 401, message: "no summary" } }, config },
  /** Is disposed while others run. */
  disposable: { model: { model: entry }, config },
  /** Its server may be killed. */
  mortal: { model: { model: entry }, config },
};
