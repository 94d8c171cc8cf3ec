import { defineConfig, type ViteUserConfig } from "vitest/config";

/** Tests that need programs of the system, as Debian has them: Chromium, a terminal. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ["test/system/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    // Bounds for hanging, not expectations of speed.
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    pool: "forks",
  },
});

export default config;
