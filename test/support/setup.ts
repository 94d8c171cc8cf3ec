/** Runs before each file of tests. */
import { vi } from "vitest";
import { scaled } from "./slowness.js";

// Bounds for hanging, not expectations of speed: a test may wait for several things, each for as long as it takes.
vi.setConfig({ testTimeout: scaled(240_000), hookTimeout: scaled(240_000) });
