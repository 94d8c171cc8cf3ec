/** The options of `npm run simulate`, each with its line of help. */
import { apiNames } from "./workload/connect.js";
import { worlds } from "./world/worlds.js";

/** For `parseArgs`. */
export const options = {
  help: { type: "boolean", short: "h" },
  world: { type: "string" },
  api: { type: "string", default: "v1" },
  seeds: { type: "string" },
  seed: { type: "string" },
  trace: { type: "boolean" },
  reduce: { type: "boolean" },
  about: { type: "string" },
  new: { type: "string" },
  prompts: { type: "string" },
  "until-breach": { type: "boolean" },
  skip: { type: "string", default: "" },
  regressions: { type: "string" },
  hashes: { type: "string" },
  "check-hashes": { type: "boolean" },
  "renew-hashes": { type: "boolean" },
} as const;

const lines: Readonly<Record<keyof typeof options, readonly [string, string]>> = {
  help: ["", "prints this help"],
  world: ["W,W", "runs these worlds (default: all)"],
  api: [apiNames.join("|"), "runs the engine over this implementation of AgentApi (default: v1)"],
  seeds: ["A-B", "runs each seed of the range in the next world; A alone: from A on"],
  seed: ["N", "runs one seed in each chosen world"],
  trace: ["", "with --seed: prints the timeline"],
  reduce: ["", "with --seed: finds the smallest case that still fails"],
  about: ["TEXT", "with --reduce: the breach must match this expression"],
  new: ["N", "runs N prompts with seeds that were never used, and keeps the seeds that fail"],
  prompts: ["N", "ends after N prompts (default: 2000, or all of --seeds A-B)"],
  "until-breach": ["", "ends at the first breach"],
  skip: ["W:N,W:N", "leaves out these seeds of these worlds"],
  regressions: ["FILE", "the list to which --new adds the seeds that fail"],
  hashes: ["FILE", "the recorded hashes"],
  "check-hashes": ["", "compares the traces of a few seeds with the recorded hashes"],
  "renew-hashes": ["", "records the hashes of these traces"],
};

/** The text of `--help`. */
export const help: string = [
  "npm run simulate -- [options]",
  "",
  ...Object.entries(lines).map(([name, [value, text]]) => `  ${`--${name} ${value}`.padEnd(22)} ${text}`),
  "",
  `worlds: ${worlds.map(({ name }) => name).join(", ")}`,
].join("\n");
