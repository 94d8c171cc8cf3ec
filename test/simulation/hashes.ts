/** The traces of a few worlds as hashes: those of another machine, or another version of Node, must be the same. */
import { simulate } from "./simulate.js";
import { firstSeed } from "./workload/generate.js";
import { worlds } from "./world/worlds.js";

/** For each world. */
const seedsOfEach = 2;

/** By world and seed. */
export type Hashes = Record<string, string>;

/** Runs them. */
export async function hashesNow(): Promise<Hashes> {
  const hashes: Hashes = {};
  for (const [index, world] of worlds.entries()) {
    for (let nth = 0; nth < seedsOfEach; nth += 1) {
      const seed = firstSeed + 10 * index + nth;
      hashes[`${world.name} ${seed}`] = (await simulate({ seed, world })).hash;
    }
  }
  return hashes;
}
