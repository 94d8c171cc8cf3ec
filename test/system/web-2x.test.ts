/** The page before servers of 2.x: the real preview of 2.0, and the stand-in of 2.1 (not run against a real 2.1). One of each is started. */
import { realpath, rm } from "node:fs/promises";
import { dirname } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { previewBinary } from "../../scripts/agent.js";
import { hold, toolCall } from "../../src/testing/index.js";
import { startWeb, type WebServer } from "../../src/web/server.js";
import { startBrowser, watch } from "../support/browser.js";
import { createLookupModel, eventually, type Fixture, temporaryFolder } from "../support/fixture.js";
import { type Preview, startPreview } from "../support/preview.js";
import { isAlive } from "../support/processes.js";
import { scaled, unhurried } from "../support/slowness.js";
import { type StandIn, startStandIn } from "../support/stand-in-2x/stand-in.js";
import { builtPage } from "../support/web-fixture.js";

let folder = "";
let browser: Browser;
let preview: Preview;
let standIn: StandIn;
let lookup: Awaited<ReturnType<typeof createLookupModel>>;
let answer: Fixture["answer"];

beforeAll(async () => {
  lookup = await createLookupModel();
  answer = lookup.answer;
  const permission = { bash: "ask" };
  [folder, browser, preview, standIn] = await Promise.all([
    builtPage(),
    startBrowser(),
    startPreview({ model: lookup.model, config: { permission } }),
    startStandIn({ config: { ...lookup.model.config, permission } }),
  ]);
}, scaled(120_000));

afterAll(async () => {
  await browser?.close();
  await preview?.[Symbol.asyncDispose]();
  await standIn?.close();
  await lookup?.model.close();
  if (folder !== "") await rm(dirname(folder), { recursive: true, force: true });
});

interface Visit extends AsyncDisposable {
  readonly web: WebServer;
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors of scripts, and what the policy has refused. */
  readonly wrong: readonly string[];
}

/** A person with a browser before the page of the preview, in a directory of its own. */
async function visit(): Promise<Visit> {
  return visitTo(preview, await preview.directory());
}

async function visitTo({ url: baseUrl, password }: Preview | StandIn, directory: string): Promise<Visit> {
  const web = await startWeb({ baseUrl, password, directory, page: folder, port: 0 });
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(scaled(80_000)); // a bound for hanging
  const page = await context.newPage();
  const wrong = watch(page);
  await page.goto(web.url);
  await page.waitForSelector("body:not(.loading)");
  return {
    web,
    context,
    page,
    wrong,
    [Symbol.asyncDispose]: async () => {
      await context.close();
      await web.close();
    },
  };
}

async function ask(page: Page, prompt: string): Promise<void> {
  await page.fill("#prompt", prompt);
  await page.press("#prompt", "Enter");
}

const answers = (page: Page) => page.locator(".message.assistant .markdown");
const dialog = (page: Page) => page.locator("dialog[open]");
/** The turn is over: what it took is shown. */
const finished = (page: Page) => page.locator(".facts").last().waitFor();
const calls = (prompt: string): number =>
  lookup.model.requests.filter(({ lastUserText }) => lastUserText === prompt).length;

describe("the page on the preview of 2.0", () => {
  test("the page on a preview shows an answer while it arrives, and has no button for renaming or deleting", async () => {
    await using visited = await visit();
    const { page, wrong } = visited;
    const rest = hold("**second** part");
    answer("Hello", { text: ["The first, ", rest] });
    await ask(page, "Hello");
    await answers(page).getByText("The first,").waitFor();
    await page.locator("#stop").waitFor();
    rest.release();
    await finished(page);
    expect(await answers(page).last().locator("strong").textContent()).toBe("second");
    await page.locator("#stop").waitFor({ state: "hidden" });
    expect(await page.locator(".message.user").allTextContents()).toEqual(["Hello"]);
    await page.locator("#sessions a[aria-current]").getByText("Hello").waitFor();
    expect(await page.locator("#usage dd").first().textContent()).toBe("10");
    expect(await page.locator("#rename, #delete").count()).toBe(0);
    expect(calls("Hello")).toBe(1);
    expect(wrong).toEqual([]);
  });

  test("a permission dialog on a preview shows the command, and a reload shows it again", async () => {
    await using visited = await visit();
    const { page, wrong } = visited;
    answer("Run it", toolCall("bash", { command: "echo allowed", description: "say" }), "It ran.");
    await ask(page, "Run it");
    await dialog(page).waitFor();
    await page.reload();
    expect(await dialog(page).locator(".command").textContent()).toBe("echo allowed");
    await dialog(page).getByText("Allow once").click();
    await answers(page).getByText("It ran.").waitFor();
    await finished(page);
    expect(await dialog(page).count()).toBe(0);
    const run = page.locator(".tool").filter({ hasText: "Run" });
    await run.locator("summary").click();
    expect(await run.locator("section pre").textContent()).toContain("allowed");
    expect(await page.locator(".message.user").count()).toBe(1);
    expect(wrong).toEqual([]);
  });

  test("a refusal in a dialog of a preview does not run the command, and the agent continues", async () => {
    await using visited = await visit();
    const { page } = visited;
    answer("Refuse it", toolCall("bash", { command: "echo no", description: "say" }), "I go on.");
    await ask(page, "Refuse it");
    await dialog(page).getByLabel("Reason").fill("use another way");
    await page.keyboard.press("Enter");
    await answers(page).getByText("I go on.").waitFor();
    expect(await page.locator(".tool").getAttribute("data-status")).toBe("error");
  });

  test("a question of a preview's agent is answered in the dialog", async () => {
    await using visited = await visit();
    const { page } = visited;
    const options = [
      { label: "Red", description: "like a rose" },
      { label: "Blue", description: "like the sea" },
    ];
    const questions = [{ question: "Which colour?", header: "Colour", options }];
    answer("Ask me", toolCall("question", { questions }), ({ toolResults }) => toolResults.at(-1)?.content ?? "");
    await ask(page, "Ask me");
    await dialog(page).getByLabel("Blue").check();
    await dialog(page).getByText("Answer", { exact: true }).click();
    await answers(page).getByText(/Blue/).waitFor();
  });

  test("a run of a preview is stopped by Escape, and its sessions are listed and opened", async () => {
    await using visited = await visit();
    const { page, wrong } = visited;
    answer("Go on for ever", { text: ["it begins ", hold("never")] });
    await ask(page, "Go on for ever");
    await answers(page).getByText("it begins").waitFor();
    await page.keyboard.press("Escape");
    await page.getByText("Stopped", { exact: true }).waitFor();
    await page.locator("#stop").waitFor({ state: "hidden" });
    await page.locator("#new").click();
    await ask(page, "Again");
    await answers(page).getByText("echo: Again").waitFor();
    await page.locator("#sessions").getByText("Go on for ever").click();
    await answers(page).getByText("it begins").waitFor();
    expect(await answers(page).count()).toBe(1);
    await page.goBack();
    await answers(page).getByText("echo: Again").waitFor();
    expect(calls("Go on for ever")).toBe(1);
    expect(wrong).toEqual([]);
  });

  test("a file that a preview's model cannot get is refused when it is attached, and a text is sent", async () => {
    await using visited = await visit();
    const { page } = visited;
    const pdf = { name: "a.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.4") };
    await page.setInputFiles("#files", pdf);
    await page.locator("#errors").getByText("a.pdf cannot be attached").waitFor();
    const note = { name: "note.md", mimeType: "text/markdown", buffer: Buffer.from("secret word: plum") };
    await page.setInputFiles("#files", note);
    await page.locator("#attached").getByText("note.md").waitFor();
    await ask(page, "What is in it?");
    await finished(page);
    expect(JSON.stringify(lookup.model.requests.map(({ body }) => body))).toContain("secret word: plum");
  });
});

test("the page's server starts a preview, and ends it", async () => {
  const directory = await realpath(await temporaryFolder());
  const { config } = lookup.model;
  const env = { OPENCODE_MODELS_PATH: process.env["OPENCODE_TEST_MODELS"] };
  const { serverTimeout } = unhurried();
  const started = { serverTimeout, binary: await previewBinary(), isolation: "clean", config, env } as const;
  await using web = await startWeb({ ...started, directory, page: folder, port: 0 });
  const pid = web.agent?.pid ?? 0;
  expect([web.agent?.version, isAlive(pid)]).toEqual(["2.0.0-preview", true]);
  await web.close();
  expect(isAlive(pid)).toBe(false);
  await rm(directory, { recursive: true, force: true, maxRetries: 5 });
});

describe("the page on the stand-in of 2.1", () => {
  test("the button of a sub-agent's call stops the sub-agent on 2.1, and the agent goes on", async () => {
    await using visited = await visitTo(standIn, await temporaryFolder());
    const { page, wrong } = visited;
    answer("Search for ever", { text: ["searching ", hold("never")] });
    const task = { description: "search", prompt: "Search for ever", agent: "general" };
    answer("Delegate", toolCall("subagent", task), "Without the sub-agent, then.");
    await ask(page, "Delegate");
    const call = page.locator(".tool").filter({ hasText: "Sub-agent" });
    await eventually("the sub-agent asks its model", () => calls("Search for ever") === 1);
    await call.getByRole("button", { name: "Stop the sub-agent" }).click();
    await answers(page).getByText("Without the sub-agent, then.").waitFor();
    await page.locator("#stop").waitFor({ state: "hidden" });
    expect(await page.locator("#errors .failure").count()).toBe(0);
    expect(wrong).toEqual([]);
  });

  test("the page on 2.1 answers, asks, renames and deletes, and has no todo list", async () => {
    const directory = await realpath(await temporaryFolder());
    await using visited = await visitTo(standIn, directory);
    const { page, wrong } = visited;
    const rest = hold("second part");
    answer("Hello", { text: ["The first, ", rest] });
    await ask(page, "Hello");
    await answers(page).getByText("The first,").waitFor();
    rest.release();
    await finished(page);
    answer("Run it", toolCall("shell", { command: "echo allowed", description: "say" }), "It ran.");
    await ask(page, "Run it");
    expect(await dialog(page).locator(".command").textContent()).toBe("echo allowed");
    await dialog(page).getByText("Allow once").click();
    await answers(page).getByText("It ran.").waitFor();
    const questions = [
      { question: "Which?", header: "Colour", options: [{ label: "Blue", description: "like the sea" }] },
    ];
    answer("Ask me", toolCall("question", { questions }), ({ toolResults }) => toolResults.at(-1)?.content ?? "");
    await ask(page, "Ask me");
    await dialog(page).getByLabel("Blue").check();
    await dialog(page).getByText("Answer", { exact: true }).click();
    await answers(page).getByText(/Blue/).waitFor();
    expect(await page.locator("#todo").isVisible()).toBe(false);
    await page.click("#rename");
    await dialog(page).locator("input").fill("Another name");
    await page.keyboard.press("Enter");
    await page.locator("#sessions").getByText("Another name").waitFor();
    await page.click("#delete");
    await dialog(page).getByText("Delete", { exact: true }).click();
    await page.locator("#welcome").waitFor();
    await page.locator("#sessions").getByText("Another name").waitFor({ state: "detached" });
    expect(standIn.readViolations()).toEqual([]);
    expect(wrong).toEqual([]);
    await rm(directory, { recursive: true, force: true, maxRetries: 5 });
  });
});
