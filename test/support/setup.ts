/** Runs before each file of tests. */
import { vi } from "vitest";
import { scaled } from "./slowness.js";

// Bounds for hanging, not expectations of speed: a test may wait for several things, each for as long as it takes.
vi.setConfig({ testTimeout: scaled(240_000), hookTimeout: scaled(240_000) });

// Who shares an agent (`shared-agents.ts`), under names that the package passes on to the servers it starts.
process.env["AGENT_TEST_POOL"] = process.env["VITEST_POOL_ID"];
process.env["AGENT_TEST_FILE"] = process.env["VITEST_WORKER_ID"];
