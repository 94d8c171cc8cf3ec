/** Headless Chromium as Debian has it. */
import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { scaled } from "./slowness.js";

/** `CHROMIUM` names another one. */
const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";

/** Starts it. As root, as in containers, it has no sandbox. */
export async function startBrowser(): Promise<Browser> {
  if (!existsSync(executablePath)) {
    throw new Error(`there is no Chromium at ${executablePath}: install the package "chromium", or set CHROMIUM`);
  }
  const args = ["--no-sandbox", "--disable-dev-shm-usage"];
  return chromium.launch({ executablePath, args, timeout: scaled(60_000) });
}

/** What must never happen in a page: errors of its scripts, and what its policy has refused. */
export function watch(page: Page): string[] {
  const found: string[] = [];
  page.on("pageerror", (error) => found.push(`error: ${error.message}`));
  page.on("console", (message) => {
    if (/Content Security Policy|Trusted/i.test(message.text())) found.push(message.text());
  });
  return found;
}
