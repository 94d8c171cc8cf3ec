import { defineConfig, type ViteUserConfig } from "vitest/config";

const config: ViteUserConfig = defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: ["test/system/**"], // see vitest.system.config.ts
    globalSetup: ["test/support/global-setup.ts"],
    setupFiles: ["test/support/setup.ts"], // time limits
    maxWorkers: 3,
    pool: "forks",
  },
});

export default config;
