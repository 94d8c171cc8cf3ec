import { mkdtemp, realpath, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { agentBinary } from "../../scripts/agent.js";
import { bundleCommand } from "../../scripts/bundle-cli.js";
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
  // As users get it: in one piece it starts three times as fast as from the sources.
  const cli = join(repository, ".build", `cli-${process.pid}`);
  await bundleCommand(cli);
  process.env["OPENCODE_TEST_CLI"] = join(cli, "main.js");
  return async () => {
    await speedometer.stop();
    for (const folder of [root, cli]) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  };
}
