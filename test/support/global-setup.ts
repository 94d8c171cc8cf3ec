import { randomUUID } from "node:crypto";
import { mkdtemp, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { agentBinary } from "../../scripts/agent.js";
import { compile, compilePrograms } from "./compile-programs.js";
import { startSharedAgents } from "./shared-agents.js";
import { startSpeedometer } from "./speedometer.js";

const repository = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/**
 * Brings the agent if it is not there, tells the tests where it is and how slow the machine is, and gives them folders
 * that are removed afterwards.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const binary = process.env["OPENCODE_TEST_BINARY"] ?? (await agentBinary());
  process.env["OPENCODE_TEST_BINARY"] = binary;
  // The agent's last compiler pays off after minutes; most agents of the tests live for seconds.
  process.env["BUN_JSC_useFTLJIT"] ??= "0";
  const root = await realpath(await mkdtemp(join(tmpdir(), "opencode-ts-test-")));
  // Also the folder in which the package remembers what `--version` said: the user's own stays as it is.
  process.env["XDG_STATE_HOME"] = root;
  process.env["TMPDIR"] = root;
  const slowness = join(root, "slowness");
  process.env["OPENCODE_TEST_SLOWNESS"] = slowness;
  const speedometer = await startSpeedometer(binary, slowness);
  // Of the 4 MB of providers and models that the agent knows, the tests use none: it reads them for each directory.
  const models = join(root, "models.json");
  await writeFile(models, "{}");
  process.env["OPENCODE_TEST_MODELS"] = models;
  const password = randomUUID();
  const shared = await startSharedAgents(join(root, "shared"), {
    binary,
    password,
    env: { OPENCODE_MODELS_PATH: models },
  });
  process.env["OPENCODE_TEST_SHARED_BINARY"] = shared.binary;
  // As users get it: in one piece it starts three times as fast as from the sources.
  const cli = join(repository, ".build", `cli-${process.pid}`);
  await compile({ outdir: cli, entryPoints: [join(repository, "src/cli/main.ts")] });
  process.env["OPENCODE_TEST_CLI"] = join(cli, "main.js");
  const programs = join(repository, ".build", `programs-${process.pid}`);
  await compilePrograms(programs);
  return async () => {
    await speedometer.stop();
    await shared.close();
    for (const folder of [root, cli, programs]) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
}
