/**
 * Simulated worlds: the client against the agent in memory, with time, network and every fault from one seed.
 *
 *   npm run simulate -- [--world W] [--seeds A-B] [--seed N [--trace] [--reduce]] [--new N] [--check-hashes] [--renew-hashes]
 *
 * `--world` names worlds, with commas between them (default: all); `--seeds` runs each seed of a range in the next world;
 * `--seed` runs one, with `--trace` as a time line and with `--reduce` made as small as it still fails; `--new` runs that
 * many prompts with seeds that were never used, and adds those that fail to the list that the tests run; `--check-hashes`
 * compares the traces of a few worlds with those that are written down, and `--renew-hashes` writes them down.
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
