/** What the permission modes mean, as tables. */
import { ConfigError } from "../../errors/index.js";
import type { PermissionRule } from "../../types/answer.js";
import type { PermissionConfig } from "../../types/options.js";
import type { PermissionMode, PolicyRule } from "../../types/policy.js";
import { editDistance } from "../../util/edit-distance.js";
import { toRules } from "./config-rules.js";

/** One mode: what makes the server ask or refuse, and what is answered when it asks. */
export interface ModeTable {
  /** Runs the turns that name no agent. */
  readonly agent: string | undefined;
  /**
   * For the configuration of a server that is started for it: it holds for sub-agents too. (A server gives sub-agents a
   * session's denials, and none of its other rules, 1.18.33.)
   */
  readonly config: PermissionConfig;
  /** For a session of any server, set when it is created: what sub-agents would not be held to is left out or asked for. */
  readonly sessionRules: readonly PermissionRule[];
  /** Answers to what is asked; `"ask"`, and what no rule matches, is left to `reviewer` and `onPermission`. */
  readonly answers: readonly PolicyRule[];
  /** For turns that name no `maxSteps`. */
  readonly maxSteps?: number | undefined;
}

/** Files that hold credentials: the server asks before it reads them, and so do the modes. */
const secretFiles = { "*": "allow", "*.env": "ask", "*.env.*": "ask", "*.env.example": "allow" } as const;

const readOnlyConfig: PermissionConfig = {
  "*": "deny",
  read: secretFiles,
  glob: "allow",
  grep: "allow",
  list: "allow",
  lsp: "allow",
  skill: "allow",
  todowrite: "allow",
  todoread: "allow",
  question: "allow",
  external_directory: "ask",
  doom_loop: "ask",
};

/** `external_directory` and `doom_loop` are not among them: those questions are for a person. */
function answersOf(mode: string, config: PermissionConfig): PolicyRule[] {
  const reason = `the permission mode is "${mode}"`;
  return toRules(config).map((rule) => (rule.action === "deny" ? { ...rule, reason } : rule));
}

const planConfig: PermissionConfig = { ...readOnlyConfig, plan_exit: "allow" };

/** The modes by name. In all of them what the server's configuration denies stays denied. */
export const modes: Readonly<Record<PermissionMode, ModeTable>> = {
  default: { agent: undefined, config: {}, sessionRules: [], answers: [] },
  plan: {
    agent: "plan",
    config: planConfig,
    sessionRules: toRules(planConfig),
    answers: answersOf("plan", planConfig),
  },
  readOnly: {
    agent: undefined,
    config: readOnlyConfig,
    sessionRules: toRules(readOnlyConfig),
    answers: answersOf("readOnly", readOnlyConfig),
  },
  // Nothing is set: a rule that allows edits would also overrule what the project's configuration denies.
  acceptEdits: {
    agent: undefined,
    config: {},
    sessionRules: [],
    answers: [{ permission: "edit", action: "allow" }],
  },
  autoTools: {
    agent: undefined,
    config: { bash: "ask" },
    // A sub-agent would run commands unasked: starting one is asked for instead.
    sessionRules: toRules({ bash: "ask", task: "ask" }),
    answers: toRules({ edit: "allow", read: secretFiles, glob: "allow", grep: "allow", list: "allow", bash: "ask" }),
    maxSteps: 25,
  },
  bypass: { agent: undefined, config: {}, sessionRules: [], answers: [{ permission: "*", action: "allow" }] },
};

/** Throws `ConfigError` for anything but the name of a mode. */
export function modeNamed(mode: unknown): ModeTable {
  const names = Object.keys(modes);
  const name = names.find((known) => known === mode);
  if (name !== undefined) return modes[name as PermissionMode]; // one of the table's own names
  const plain = String(mode).toLowerCase().replace(/[-_ ]/g, "");
  const meant = names.find((known) => editDistance(plain, known.toLowerCase()) <= 2);
  throw new ConfigError(
    `unknown permissionMode ${JSON.stringify(mode)}; expected one of ${names.join(", ")}${meant === undefined ? "" : `; did you mean "${meant}"?`}`,
  );
}
