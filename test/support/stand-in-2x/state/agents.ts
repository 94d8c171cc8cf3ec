/** The agents of a configuration, the built-in ones first, with their effective rules. */
import type { Rule } from "../types.js";
import type { AgentEntry, Config } from "./config.js";

export interface Agent {
  readonly id: string;
  readonly mode: string;
  readonly hidden: boolean;
  readonly description: string | undefined;
  readonly system: string | undefined;
  readonly steps: number | undefined;
  readonly rules: readonly Rule[];
}

const everything: readonly Rule[] = [
  { action: "*", resource: "*", effect: "allow" },
  { action: "external_directory", resource: "*", effect: "ask" },
];

const noEdits: readonly Rule[] = [...everything, { action: "edit", resource: "*", effect: "deny" }];

const builtIn: Readonly<Record<string, { mode: string; hidden?: true; description: string; rules: readonly Rule[] }>> =
  {
    build: { mode: "primary", description: "The default agent.", rules: everything },
    plan: { mode: "primary", description: "Plans and edits nothing.", rules: noEdits },
    general: { mode: "subagent", description: "Works on tasks of several steps.", rules: everything },
    explore: { mode: "subagent", description: "Looks through the code.", rules: noEdits },
    compaction: { mode: "primary", hidden: true, description: "", rules: noEdits },
    title: { mode: "primary", hidden: true, description: "", rules: noEdits },
    summary: { mode: "primary", hidden: true, description: "", rules: noEdits },
  };

/** Rules of all files come behind an agent's built-in rules, and its own behind them. */
export function agentsOf(config: Config): Agent[] {
  const names = [...new Set([...Object.keys(builtIn), ...Object.keys(config.agents)])];
  return names.map((id) => {
    const known = builtIn[id];
    const own: AgentEntry = config.agents[id] ?? { rules: [] };
    return {
      id,
      mode: own.mode ?? known?.mode ?? "all",
      hidden: own.hidden === true || known?.hidden === true,
      description: own.description ?? known?.description,
      system: own.system,
      steps: own.steps,
      rules: [...(known?.rules ?? everything), ...config.rules, ...own.rules],
    };
  });
}
