/** Runs all behaviours on one kind of server. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { behaviours } from "./behaviours.js";
import type { TargetName } from "./target-names.js";
import { targetOf } from "./targets.js";
import { startWorld, type World } from "./world.js";

/** Declares a test for each behaviour, as it is on that server. */
export function describeConformance(name: TargetName): void {
  describe(`behaviours on ${name}`, () => {
    let world: World;
    beforeAll(async () => {
      world = await startWorld(targetOf(name));
      await world.oc.ask("warm up");
    });
    afterAll(async () => {
      await world?.[Symbol.asyncDispose]();
      expect(await targetOf(name).readViolations?.(), "requests that the protocol does not have").toBeFalsy();
    });

    for (const { title, show, others } of behaviours)
      test.concurrent(title, () => (others?.[name]?.show ?? show)(world));
  });
}
