/** `opencode-ts doctor`: checks the installation, the server, the configuration and the stored data. */
import {
  type BinaryVerdict,
  createOpencode,
  isOpencodeError,
  listBinaries,
  measureData,
  type Opencode,
  resolveBinary,
  type StoredData,
} from "../../index.js";
import { listKept } from "../../kept.js";
import { failureData } from "../failures.js";
import { guarded } from "../run-command.js";
import { type Flags, readTarget } from "../settings.js";
import { sizeText } from "../sizes.js";
import { connect } from "../target.js";
import { createTerminal, type Terminal } from "../terminal.js";

interface Finding {
  readonly topic: string;
  readonly state: "ok" | "warning" | "problem";
  readonly text: string;
  readonly hint?: string | undefined;
}

/** Checks everything that a prompt needs, without a prompt. Resolves to exit code 1 if there is a problem. */
export function doctor(flags: Flags): Promise<number> {
  return guarded(async (signal) => {
    const terminal = createTerminal(signal);
    const findings: Finding[] = [runtime()];
    if (flags.attach === undefined) findings.push(...(await binaries(signal)));
    if (findings.every(({ state }) => state !== "problem")) findings.push(...(await server(flags, terminal, signal)));
    findings.push(...(await kept()));
    if (flags.attach === undefined) findings.push(...(await stored()));
    await write(findings, flags.json === true, terminal);
    return findings.some(({ state }) => state === "problem") ? 1 : 0;
  });
}

function runtime(): Finding {
  const text = `Node ${process.versions.node} on ${process.platform} ${process.arch}`;
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const isOld = major < 20 || (major === 20 && minor < 19);
  return { topic: "runtime", state: isOld ? "problem" : "ok", text, hint: isOld ? "Node 20.19 is needed." : undefined };
}

/** The used agent, and the other agents with the reason. Downloads nothing. */
async function binaries(signal: AbortSignal): Promise<Finding[]> {
  const verdicts = await listBinaries({ signal });
  const others = verdicts.filter(({ isUsed, problem }) => !isUsed && problem !== "no such file").flatMap(notUsed);
  const used = verdicts.find(({ isUsed }) => isUsed);
  if (used !== undefined) return [{ topic: "agent", state: "ok", text: placed(used) }, ...others];
  try {
    return [{ topic: "agent", state: "ok", text: placed(await resolveBinary({ signal })) }, ...others]; // just installed
  } catch (error) {
    const isNamed = verdicts.some(({ source }) => source === "OPENCODE_BINARY");
    const hint = isNamed ? {} : { hint: "`opencode-ts install` downloads it, and so does the first prompt." };
    return [{ ...failed("agent", error), ...hint }, ...others];
  }
}

function placed({ version, path, source }: Pick<BinaryVerdict, "version" | "path" | "source">): string {
  return `opencode ${version} at ${path} (${source})`;
}

/** A place without a file yields no finding. */
function notUsed(verdict: BinaryVerdict): Finding[] {
  const { path, source, problem } = verdict;
  if (path === undefined) return [];
  if (problem === undefined) return [{ topic: "another agent", state: "ok", text: `${placed(verdict)}, not needed` }];
  return [{ topic: "another agent", state: "warning", text: `${path} (${source}): ${problem}` }];
}

async function server(flags: Flags, terminal: Terminal, signal: AbortSignal): Promise<Finding[]> {
  const target = readTarget(flags);
  const { directory, protocol, isolation, port } = target;
  const begun = Date.now();
  let opencode: Opencode;
  try {
    opencode =
      target.attach === undefined
        ? await createOpencode({ directory, protocol, isolation, port, signal })
        : (await connect({ ...target, keep: false }, { terminal, signal })).opencode;
  } catch (error) {
    return [failed("server", error)];
  }
  try {
    const { version } = await opencode.health();
    const text = `${opencode.client.baseUrl} answers (opencode ${version}, protocol ${opencode.protocol.name}, after ${Date.now() - begun} ms)`;
    return [{ topic: "server", state: "ok", text }, ...(await configuration(opencode))];
  } finally {
    await opencode.close();
  }
}

/** The server starts with a broken configuration; only requests that need it fail (1.18.33). */
async function configuration(opencode: Opencode): Promise<Finding[]> {
  try {
    const { configFiles = [], mcpServers, plugins, configFolder } = await opencode.loaded();
    const none = configFolder === "" ? "this server does not tell its files" : `none (your folder is ${configFolder})`;
    const text = configFiles.length === 0 ? none : configFiles.join(", ");
    const findings: Finding[] = [{ topic: "configuration", state: "ok", text }];
    if (mcpServers.length > 0) findings.push({ topic: "MCP servers", state: "ok", text: mcpServers.join(", ") });
    if (plugins.length > 0) findings.push({ topic: "plugins", state: "ok", text: plugins.join(", ") });
    return [...findings, await models(opencode)];
  } catch (error) {
    return [failed("configuration", error)];
  }
}

async function models(opencode: Opencode): Promise<Finding> {
  const all = await opencode.models();
  const providers = [...new Set(all.map(({ providerID }) => providerID))];
  if (all.length > 0) {
    return { topic: "models", state: "ok", text: `${all.length} of ${providers.length}: ${providers.join(", ")}` };
  }
  return { topic: "models", state: "problem", text: "none", hint: "Log in with `opencode auth login`." };
}

async function kept(): Promise<Finding[]> {
  return (await listKept()).map(({ state, server, entry, problem }): Finding => {
    if (state === "running" && server !== undefined) {
      return { topic: "kept server", state: "ok", text: `${server.directory} (process ${server.pid}, ${server.url})` };
    }
    const text = `${server?.directory ?? entry}: ${problem ?? state}`;
    return {
      topic: "kept server",
      state: "warning",
      text,
      hint: "The next --keep in that directory removes this entry; so does `opencode-ts stop --all`.",
    };
  });
}

/** Above this size the finding is a warning with this advice. */
const limits: Readonly<Record<StoredData["name"], readonly [bytes: number, advice: string]>> = {
  database: [
    2e9,
    "`opencode-ts prune --all` deletes old sessions. `sqlite3 <file> VACUUM` shrinks the file; run it while no agent runs.",
  ],
  log: [2e8, "It can be deleted while no agent runs."],
  snapshots: [5e9, "They can be deleted while no agent runs. Later reverts then restore no older changes."],
  "tool output": [1e9, "Tool results that were too long for the model. They can be deleted while no agent runs."],
  "temporary files": [
    1e9,
    "Files named opencode… can be deleted while no agent runs. Servers of this package leave none.",
  ],
};

async function stored(): Promise<Finding[]> {
  const all = await measureData();
  return all
    .filter(({ bytes }) => bytes > 0)
    .map(({ name, path, bytes, isWhole }): Finding => {
      const [limit, advice] = limits[name];
      const text = `${isWhole ? "" : "more than "}${sizeText(bytes)} (${path})`;
      return bytes > limit ? { topic: name, state: "warning", text, hint: advice } : { topic: name, state: "ok", text };
    });
}

function failed(topic: string, error: unknown): Finding {
  const text = error instanceof Error ? error.message : String(error);
  return {
    topic,
    state: "problem",
    text,
    hint: isOpencodeError(error) ? error.hint : String(failureData(error)["name"]),
  };
}

const marks = { ok: "ok", warning: "? ", problem: "!!" } as const;

async function write(findings: readonly Finding[], json: boolean, terminal: Terminal): Promise<void> {
  if (json) return terminal.text(`${JSON.stringify(findings)}\n`);
  for (const { topic, state, text, hint } of findings) {
    await terminal.text(`${marks[state]} ${topic}: ${text}\n`);
    if (hint !== undefined) await terminal.text(`     ${hint}\n`);
  }
}
