/**
 * Simulated worlds: the client against the agent in memory, with time, network and every fault from one seed.
 *
 *   npm run simulate -- --help
 */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { bundleSimulation, root } from "../test/simulation/tools/bundle.js";

const program = await bundleSimulation(join(root, ".build/simulation"));
const regressions = join(root, "test/simulation/regressions.json");
const hashes = join(root, "test/simulation/hashes.json");
const args = [program, "--regressions", regressions, "--hashes", hashes, ...process.argv.slice(2)];
const { status } = spawnSync(process.execPath, args, { stdio: "inherit" });
process.exitCode = status ?? 1;
