/** Tests that need more than npm packages: a terminal (tmux). */
import { defineConfig, mergeConfig, type ViteUserConfig } from "vitest/config";
import base from "./vitest.config.js";

const config: ViteUserConfig = mergeConfig(
  { ...base, test: { ...base.test, include: [], exclude: [] } },
  defineConfig({ test: { include: ["test/system/*.test.ts"] } }),
);

export default config;
