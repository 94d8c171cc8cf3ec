/**
 * How a server of each generation is started, asked whether it serves, and ended. The differences are data: no other file of
 * this folder knows of versions.
 */
import { disposeAddress, healthAddress as healthOfV1 } from "../api/v1/addresses.js";
import { busyProbeProgram as busyProbeOfV1 } from "../api/v1/busy-probe.js";
import { activeAddress, healthAddress, infoAddress, interruptAddress } from "../api/v2/addresses.js";
import { busyProbeProgram } from "../api/v2/busy-probe.js";
import { compareVersions, protocolOf } from "../binary/version.js";

/** One generation. */
export interface Generation {
  /** For messages. */
  readonly name: string;
  /** Arguments of `serve` besides port and host name. */
  readonly args: readonly string[];
  /** `"held"`: the server ends when its standard input does, so it gets one that does not end: `held-input.ts`. */
  readonly input: "none" | "held";
  /** Where the server takes its password from: a variable, or a file in the state folder (raw content). */
  readonly password: { readonly variables: readonly string[] } | { readonly file: string };
  /** Where it takes a configuration from: JSON in a variable, or a folder that a variable names, in the place of the user's. */
  readonly config: { readonly content: string } | { readonly folder: string };
  /** Names in a configuration that it accepts and that do nothing, with the nearest thing. A `*` stands for any name. */
  readonly idleConfig: Readonly<Record<string, string>>;
  /** Variables that keep the configuration of the directory away; `undefined` where nothing does. */
  readonly withoutProject: Readonly<Record<string, string>> | undefined;
  /** Its list of model providers comes from `OPENCODE_MODELS_PATH`, and its logins are in files. */
  readonly hasFileLogins: boolean;
  /** A session has rules of its own. Otherwise the server is to ask about everything from its start. */
  readonly hasSessionRules: boolean;
  /** Where it is asked whether it serves: the first address that answers in JSON counts. */
  readonly health: readonly ((url: string) => string)[];
  /** Its answer has its version. Otherwise the binary's counts. */
  readonly reportsVersion: boolean;
  /** Answers 503 as long as the server boots, where the health does not tell. */
  readonly boot?: ((url: string) => string) | undefined;
  /** A program that finds out whether the server runs anything. */
  readonly busyProbe: (codes: { readonly busy: number; readonly idle: number }) => string;
  /** How its runs are ended: all by one request, or one by one. */
  readonly end:
    | { readonly all: (url: string) => string }
    | { readonly list: (url: string) => string; readonly one: (url: string, sessionId: string) => string };
}

const v1: Generation = {
  name: "1.x",
  args: [],
  input: "none",
  password: { variables: ["OPENCODE_SERVER_PASSWORD"] },
  config: { content: "OPENCODE_CONFIG_CONTENT" },
  idleConfig: {},
  withoutProject: { OPENCODE_DISABLE_PROJECT_CONFIG: "1" },
  hasFileLogins: true,
  hasSessionRules: true,
  health: [healthOfV1],
  reportsVersion: true,
  busyProbe: busyProbeOfV1,
  end: { all: disposeAddress },
};

const interrupt = { list: activeAddress, one: interruptAddress } as const;

/** The preview's agents use the model of the session. */
const modelOfTurn = "Give the model to the turn, beside the agent: { agent, model }.";

/** Measured on 2.0 preview 1.18.18. */
const preview: Generation = {
  name: "the preview of 2.0",
  args: [],
  input: "none",
  password: { file: "password" },
  config: { folder: "OPENCODE_CONFIG_DIR" },
  idleConfig: {
    mcp: "The preview starts no MCP servers: use a 1.x or a released 2.x server for them.",
    instructions: "Put the text into AGENTS.md of the directory or of the configuration folder.",
    ...Object.fromEntries(["agent", "agents", "mode"].map((name) => [`${name}.*.model`, modelOfTurn])),
  },
  withoutProject: undefined,
  hasFileLogins: false,
  hasSessionRules: false,
  health: [healthAddress],
  reportsVersion: false,
  busyProbe: busyProbeProgram,
  end: interrupt,
};

/** 2.0.x: not run against a real one. */
const v20: Generation = {
  ...preview,
  name: "2.0",
  password: { variables: ["OPENCODE_PASSWORD", "OPENCODE_SERVER_PASSWORD"] }, // 2.0.0 to 2.0.3 may know the older one only
  config: { content: "OPENCODE_CONFIG_CONTENT" },
  idleConfig: { instructions: "Put the text into AGENTS.md of the directory or of the configuration folder." },
  withoutProject: { OPENCODE_DISABLE_PROJECT_CONFIG: "1", OPENCODE_CONFIG_PROJECT_DISABLE: "1" },
  hasSessionRules: false, // only at the creation of a session
  health: [infoAddress, healthAddress],
  boot: activeAddress,
  reportsVersion: true,
};

/** 2.1 and later: not run against a real one. `--stdio` also keeps the password from the tools. */
const v21: Generation = { ...v20, name: "2.1", args: ["--stdio"], input: "held", hasSessionRules: true };

/** All variables in which a generation takes its password: an inherited one is nobody's here. */
export const passwordVariables: readonly string[] = "variables" in v20.password ? v20.password.variables : [];

/** The line in which a server says that it listens: in words, or as JSON with `--stdio`. */
export const banner: RegExp = /\blistening on https?:\/\/\S|^\{"url":\s*"https?:\/\/[^"]/;

/** The generation of a release, by its version as the binary gives it. A version that says nothing counts as 1.x. */
export function generationOf(version: string): Generation {
  if (protocolOf(version) !== "v2") return v1;
  if (/^2\.0\.0-preview/.test(version)) return preview;
  return compareVersions(version, "2.1.0") < 0 ? v20 : v21;
}
