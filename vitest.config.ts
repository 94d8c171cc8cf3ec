import { defineConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/system/**"], // see vitest.system.config.ts
    globalSetup: ["test/support/global-setup.ts"],
    // Bounds for hanging, not expectations of speed: the agent needs seconds for its first turn on a busy machine.
    testTimeout: 90_000,
    hookTimeout: 90_000,
    maxWorkers: 3,
    pool: "forks",
  },
});

export default config;
