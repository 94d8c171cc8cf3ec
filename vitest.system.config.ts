import { defineConfig, type ViteUserConfig } from "vitest/config";

/** Tests that need programs of the system, as Debian has them: Chromium, a terminal. */
const config: ViteUserConfig = defineConfig({
  test: {
    include: ["test/system/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    setupFiles: ["test/support/setup.ts"], // time limits
    maxWorkers: 2,
    pool: "forks",
  },
});

export default config;
