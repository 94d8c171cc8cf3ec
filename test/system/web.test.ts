import { readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { dirname, join } from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Config } from "../../src/index.js";
import { hold, toolCall } from "../../src/testing/index.js";
import { startBrowser, watch } from "../support/browser.js";
import { eventually } from "../support/fixture.js";
import { scaled } from "../support/slowness.js";
import {
  builtPage,
  type ConfigChange,
  type SharedAgent,
  startPageOn,
  startSharedAgent,
  startWebFixture,
  type WebFixture,
} from "../support/web-fixture.js";

let folder = "";
let browser: Browser;
/** By the configuration they are started with. */
const agents = new Map<ConfigChange, Promise<SharedAgent>>();
const plain = {};
const asking = { permission: { bash: "ask", edit: "ask" } };
const withSecondModel = ({ provider }: Config) => {
  const { scripted } = provider ?? {};
  const { model } = scripted?.models ?? {};
  return { provider: { scripted: { ...scripted, models: { model, second: { ...model, name: "Second" } } } } };
};

beforeAll(async () => {
  folder = await builtPage();
  browser = await startBrowser();
});

afterAll(async () => {
  await browser?.close();
  for (const agent of agents.values()) await agent.then((one) => one[Symbol.asyncDispose]());
  if (folder !== "") await rm(dirname(folder), { recursive: true, force: true });
});

interface Visit extends AsyncDisposable {
  readonly fixture: WebFixture;
  readonly context: BrowserContext;
  readonly page: Page;
  /** Errors of scripts, and what the policy has refused. */
  readonly wrong: readonly string[];
}

function agentWith(config: ConfigChange): Promise<SharedAgent> {
  const agent = agents.get(config) ?? startSharedAgent(config);
  agents.set(config, agent);
  return agent;
}

/** A person with a browser before the page. */
async function visit(config: object = plain, viewport = { width: 1280, height: 800 }): Promise<Visit> {
  return visitTo(await startPageOn(await agentWith(config), folder), viewport);
}

async function visitTo(fixture: WebFixture, viewport = { width: 1280, height: 800 }): Promise<Visit> {
  const context = await browser.newContext({ viewport });
  context.setDefaultTimeout(scaled(80_000)); // a bound for hanging
  const page = await context.newPage();
  const wrong = watch(page);
  await page.goto(fixture.web.url);
  await page.waitForSelector("body:not(.loading)");
  return {
    fixture,
    context,
    page,
    wrong,
    [Symbol.asyncDispose]: async () => {
      await context.close();
      await fixture[Symbol.asyncDispose]();
    },
  };
}

/** Types a prompt and sends it. */
async function ask(page: Page, prompt: string): Promise<void> {
  await page.fill("#prompt", prompt);
  await page.press("#prompt", "Enter");
}

const answers = (page: Page) => page.locator(".message.assistant .markdown");
const dialog = (page: Page) => page.locator("dialog[open]");
/** The turn is over: what it took is shown. */
const finished = (page: Page) => page.locator(".facts").last().waitFor();
/** How often the model was called for a prompt. */
const calls = ({ model }: WebFixture, prompt: string): number =>
  model.requests.filter(({ lastUserText }) => lastUserText === prompt).length;

describe("prompts on the page", () => {
  test("the page shows an answer as formatted text while the answer arrives", async () => {
    await using visited = await visit();
    const { fixture, page, wrong } = visited;
    const rest = hold("**second** part\n\n| a | b |\n| - | - |\n| 1 | 2 |\n");
    fixture.answer("Hello", { text: ["The first, ", rest], reasoning: "I think about it." });
    expect(page.url()).not.toContain("token");
    await ask(page, "Hello");
    await answers(page).getByText("The first,").waitFor();
    await page.locator("#stop").waitFor();
    expect(await page.locator("#list").getAttribute("aria-busy")).toBe("true");
    rest.release();
    await finished(page);
    expect(await answers(page).last().locator("strong").textContent()).toBe("second");
    expect(await answers(page).last().locator("td").allTextContents()).toEqual(["1", "2"]);
    await page.locator("#stop").waitFor({ state: "hidden" });
    expect(await page.locator(".message.user").count()).toBe(1);
    await page.getByText("Thought for").click();
    await page.getByText("I think about it.").waitFor();
    await page.locator("#sessions a[aria-current]").getByText("Hello").waitFor();
    expect(await page.locator("#usage dd").first().textContent()).toBe("10");
    expect(await page.locator("#usage svg g").count()).toBe(1);
    const context = page.getByRole("progressbar", { name: "Context" });
    await context.waitFor();
    expect([await context.getAttribute("value"), await context.getAttribute("aria-label")]).toEqual([
      "15",
      expect.stringMatching(/^Context: 15 of \S+ tokens$/),
    ]);
    expect(calls(fixture, "Hello")).toBe(1);
    expect(wrong).toEqual([]);
  });

  test("a tool call shows its input, its output, its time and its change", async () => {
    await using visited = await visit();
    const { fixture, page, wrong } = visited;
    const file = join(fixture.directory, "a.txt");
    await writeFile(file, "one\ntwo\nthree\n");
    fixture.answer(
      "Change it",
      toolCall("read", { filePath: file }),
      toolCall("edit", { filePath: file, oldString: "two", newString: "2" }),
      toolCall("bash", { command: "echo from-the-tool", description: "say" }),
      toolCall("todowrite", { todos: [{ content: "Look twice", status: "in_progress", priority: "high" }] }),
      "Done.",
    );
    await ask(page, "Change it");
    await finished(page);
    const edit = page.locator(".tool").filter({ hasText: "Edit" });
    expect(await edit.locator("tr.removed .text").textContent()).toBe("two");
    expect(await edit.locator("tr.added .text").textContent()).toBe("2");
    const run = page.locator(".tool").filter({ hasText: "Run" });
    expect(await run.locator(".tool-time").textContent()).toMatch(/\d m?s$/);
    await run.locator("summary").click();
    expect(await run.locator(".command").textContent()).toBe("echo from-the-tool");
    expect(await run.locator("section pre").textContent()).toContain("from-the-tool");
    expect(await page.locator("#todos li").allTextContents()).toEqual([expect.stringContaining("Look twice")]);
    expect(wrong).toEqual([]);
  });

  test("the output of a command is shown while the command runs, until it ends", async () => {
    await using visited = await visit();
    const { fixture, page, wrong } = visited;
    const gate = join(fixture.directory, "gate");
    const command = `echo first-line; until [ -e ${gate} ]; do sleep 0.1; done; echo last-line`;
    fixture.answer("Build it", toolCall("bash", { command, timeout: 3_600_000, description: "build" }), "Built.");
    await ask(page, "Build it");
    const output = page.locator(".tool").filter({ hasText: "Run" }).locator("section pre");
    await output.getByText("first-line").waitFor();
    expect(await output.textContent()).not.toContain("last-line");
    await writeFile(gate, "");
    await answers(page).getByText("Built.").waitFor();
    await output.waitFor({ state: "hidden" });
    expect(wrong).toEqual([]);
  });

  test("a prompt that is sent while a tool runs steers the run", async () => {
    await using visited = await visit();
    const { fixture, page } = visited;
    const gate = join(fixture.directory, "gate");
    const command = `until [ -e ${gate} ]; do sleep 0.1; done`;
    fixture.answer("Work long", toolCall("bash", { command, timeout: 3_600_000, description: "work" }), "Worked.");
    await ask(page, "Work long");
    await page.locator(".tool").filter({ hasText: "Run" }).waitFor();
    await ask(page, "Be brief");
    await page.getByText("The agent gets it at its next step.").first().waitFor();
    await writeFile(gate, "");
    await answers(page).getByText("echo: Be brief").waitFor();
    await page.locator("#stop").waitFor({ state: "hidden" });
    expect(await page.locator(".message.user").allTextContents()).toEqual(["Work long", "Be brief"]);
    expect([calls(fixture, "Work long"), calls(fixture, "Be brief")]).toEqual([1, 1]);
  });

  test("Escape gives a prompt that the agent has not got back to the person", async () => {
    await using visited = await visit();
    const { fixture, page } = visited;
    fixture.answer("Write for ever", { text: ["it begins ", hold("never")] });
    await ask(page, "Write for ever");
    await answers(page).getByText("it begins").waitFor();
    await ask(page, "Rather this");
    await page.getByText("The agent gets it at its next step.").first().waitFor();
    await page.keyboard.press("Escape");
    await eventually("the prompt is back", async () => (await page.inputValue("#prompt")) === "Rather this");
    await page.locator("#stop").waitFor({ state: "hidden" });
    expect(calls(fixture, "Rather this")).toBe(0);
    await page.press("#prompt", "Enter");
    await answers(page).getByText("echo: Rather this").waitFor();
    expect(calls(fixture, "Rather this")).toBe(1);
  });

  test("prompts that are sent during a run are answered after it, in the same session", async () => {
    await using visited = await visit();
    const { fixture, page } = visited;
    const rest = hold("one.");
    fixture.answer("First", { text: ["Number ", rest] });
    await ask(page, "First");
    await ask(page, "Second");
    await answers(page).getByText("Number").waitFor();
    rest.release();
    await answers(page).getByText("echo: Second").waitFor();
    await finished(page);
    expect(await page.locator(".message.user").allTextContents()).toEqual(["First", "Second"]);
    expect(await page.locator("#sessions a").count()).toBe(1);
    expect([calls(fixture, "First"), calls(fixture, "Second")]).toEqual([1, 1]);
  });

  test("an attached file is sent with the prompt, and its name is shown", async () => {
    await using visited = await visit();
    const { fixture, page } = visited;
    await page.setInputFiles("#files", {
      name: "note.md",
      mimeType: "text/markdown",
      buffer: Buffer.from("secret word: plum"),
    });
    await page.locator("#attached").getByText("note.md").waitFor();
    await ask(page, "What is in it?");
    await finished(page);
    expect(JSON.stringify(fixture.model.requests.map(({ body }) => body))).toContain("secret word: plum");
    expect(await page.locator(".message.user .file").textContent()).toBe("note.md");
    expect(await page.locator("#attached").isVisible()).toBe(false);
  });

  test("the model and the agent that were chosen are used, and stay chosen after a reload", async () => {
    await using visited = await visit();
    const { fixture, page } = visited;
    await page.locator("#agent option[value=plan]").waitFor({ state: "attached" });
    await page.selectOption("#agent", "plan");
    await page.selectOption("#model", fixture.model.model);
    await ask(page, "Plan it");
    await finished(page);
    expect(await page.locator(".facts").textContent()).toContain(`${fixture.model.model}plan`);
    await page.reload();
    await page.locator("#agent option[value=plan]").waitFor({ state: "attached" });
    expect(await page.inputValue("#agent")).toBe("plan");
    expect(await page.inputValue("#model")).toBe(fixture.model.model);
  });

  test("the page shows the message of a failed model call", async () => {
    await using visited = await visit();
    const { fixture, page } = visited;
    fixture.answer("Fail", { status: 400, message: "the scripted failure" });
    await ask(page, "Fail");
    await page.locator(".failure").getByText("the scripted failure").waitFor();
    expect(await page.locator(".failure").count()).toBe(1);
    await page.locator("#stop").waitFor({ state: "hidden" });
  });

  test("the next of the fallback models answers on the page when a model fails, and the page says so", async () => {
    await using visited = await visitTo(
      await startPageOn(await agentWith(withSecondModel), folder, { fallbackModels: ["scripted/second"] }),
    );
    const { fixture, page, wrong } = visited;
    const [file, note] = [join(fixture.directory, "calls"), "the tool ran"];
    fixture.answer(
      "Carry on",
      toolCall("bash", { command: `echo ran >> '${file}'; echo ${note}`, description: "count" }),
      ({ model }) => (model === "model" ? { status: 401, message: "no such key" } : "The second answers."),
    );
    await ask(page, "Carry on");
    await answers(page).getByText("The second answers.").waitFor();
    const news = page.getByText("scripted/model has failed: it refuses the login. scripted/second goes on.");
    await news.waitFor();
    await page.locator("#stop").waitFor({ state: "hidden" });
    expect(await readFile(file, "utf8")).toBe("ran\n");
    await ask(page, "And now");
    await answers(page).getByText("echo: And now").waitFor();
    expect([await news.count(), await page.locator("#errors .failure").count()]).toEqual([0, 0]);
    expect(fixture.model.requests.at(-1)?.model).toBe("model");
    expect(wrong).toEqual([]);
  });

  test("the button of a sub-agent's call stops the sub-agent, and the agent goes on", async () => {
    await using visited = await visit();
    const { fixture, page, wrong } = visited;
    fixture.answer("Search for ever", { text: ["searching ", hold("never")] });
    const task = { description: "search", prompt: "Search for ever", subagent_type: "general" };
    fixture.answer("Delegate", toolCall("task", task), "Without the sub-agent, then.");
    await ask(page, "Delegate");
    const call = page.locator(".tool").filter({ hasText: "Sub-agent" });
    await eventually("the sub-agent asks its model", () => calls(fixture, "Search for ever") === 1);
    await call.getByRole("button", { name: "Stop the sub-agent" }).click();
    await answers(page).getByText("Without the sub-agent, then.").waitFor();
    await page.locator("#stop").waitFor({ state: "hidden" });
    expect(await call.getAttribute("data-status")).toBe("error");
    expect(await call.getByRole("button", { name: "Stop the sub-agent" }).count()).toBe(0);
    expect([calls(fixture, "Delegate"), calls(fixture, "Search for ever")]).toEqual([2, 1]);
    expect(await page.locator("#errors .failure").count()).toBe(0);
    expect(wrong).toEqual([]);
  });

  test("Escape stops the run of the agent, and the next prompt is answered", async () => {
    await using visited = await visit();
    const { fixture, page } = visited;
    fixture.answer("Go on for ever", { text: ["it begins ", hold("never")] });
    await ask(page, "Go on for ever");
    await answers(page).getByText("it begins").waitFor();
    await page.keyboard.press("Escape");
    await page.getByText("Stopped", { exact: true }).waitFor();
    await page.locator("#stop").waitFor({ state: "hidden" });
    await ask(page, "Again");
    await answers(page).getByText("echo: Again").waitFor();
    expect(calls(fixture, "Go on for ever")).toBe(1);
  });
});

describe("permission requests and questions", () => {
  test("a permission dialog shows the command, and `Allow once` runs the command", async () => {
    await using visited = await visit(asking);
    const { fixture, page } = visited;
    fixture.answer("Run it", toolCall("bash", { command: "echo allowed", description: "say" }), "It ran.");
    await ask(page, "Run it");
    await dialog(page).waitFor();
    expect(await dialog(page).locator(".command").textContent()).toBe("echo allowed");
    // A key that was meant for the prompt answers nothing.
    await page.keyboard.press("Enter");
    await page.keyboard.press("Space");
    expect(await dialog(page).count()).toBe(1);
    await dialog(page).getByText("Allow once").click();
    await answers(page).getByText("It ran.").waitFor();
    expect(await dialog(page).count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("prompt");
  });

  test("a refusal in the dialog passes its reason to the agent, and the agent continues", async () => {
    await using visited = await visit(asking);
    const { fixture, page } = visited;
    const file = join(fixture.directory, "kept.txt");
    fixture.answer("Write it", toolCall("write", { filePath: file, content: "new\n" }), ({ toolResults }) => {
      return `I was told: ${toolResults.map(({ content }) => content).join()}`;
    });
    await ask(page, "Write it");
    await dialog(page).locator(".diff tr.added").getByText("new").waitFor();
    await dialog(page).getByLabel("Reason").fill("use another file");
    await page.keyboard.press("Enter");
    await answers(page).getByText("use another file").waitFor();
  });

  test("a question of the agent is answered with an option or with a typed text", async () => {
    await using visited = await visit();
    const { fixture, page } = visited;
    const options = [
      { label: "Red", description: "like a rose" },
      { label: "Blue", description: "like the sea" },
    ];
    const questions = [
      { question: "Which colour?", header: "Colour", options },
      { question: "Which size?", header: "Size", options: [{ label: "Small", description: "" }] },
    ];
    fixture.answer(
      "Ask me",
      toolCall("question", { questions }),
      ({ toolResults }) => toolResults.at(-1)?.content ?? "",
    );
    await ask(page, "Ask me");
    await dialog(page).getByLabel("Blue").check();
    await dialog(page).getByPlaceholder("In your own words").last().fill("huge");
    await dialog(page).getByText("Answer", { exact: true }).click();
    await answers(page).getByText(/Blue/).waitFor();
    expect(await answers(page).last().textContent()).toContain("huge");
  });
});

describe("reloads and restarts", () => {
  test("a reload during an answer shows the whole answer, and the model is called once", async () => {
    await using visited = await visit();
    const { fixture, page, wrong } = visited;
    const [second, third] = [hold("second, "), hold("third.")];
    fixture.answer("Count", { text: ["first, ", second, third] });
    await ask(page, "Count");
    await answers(page).getByText("first,").waitFor();
    await page.reload();
    await answers(page).getByText("first,").waitFor();
    second.release();
    await answers(page).getByText("second,").waitFor();
    third.release();
    await finished(page);
    expect((await answers(page).last().textContent())?.trim()).toBe("first, second, third.");
    expect(calls(fixture, "Count")).toBe(1);
    expect(await page.locator(".message.user").count()).toBe(1);
    await eventually("the turn is forgotten", () =>
      page.evaluate(() => Object.keys(localStorage).every((name) => !name.startsWith("turn:"))),
    );
    expect(wrong).toEqual([]);
  });

  test("a permission request that is open during a reload is shown again", async () => {
    await using visited = await visit(asking);
    const { fixture, page } = visited;
    fixture.answer("Run it", toolCall("bash", { command: "echo yes", description: "say" }), "It ran.");
    await ask(page, "Run it");
    await dialog(page).waitFor();
    await page.reload();
    await dialog(page).getByText("Allow once").click();
    await answers(page).getByText("It ran.").waitFor();
    expect(await page.locator(".message.user").count()).toBe(1);
  });

  test("a prompt with a file is joined again after a reload", async () => {
    await using visited = await visit(asking);
    const { fixture, page } = visited;
    const file = { name: "a.txt", mimeType: "text/plain", buffer: Buffer.from("attached") };
    const askWithFile = async (): Promise<void> => {
      await page.setInputFiles("#files", file);
      await page.locator("#attached").getByText("a.txt").waitFor();
      await ask(page, "Run it");
    };
    await askWithFile();
    await finished(page);
    // The agent adds the file's text to the prompt: what the model sees is known only now.
    const seen = fixture.model.requests.at(-1)?.lastUserText ?? "";
    fixture.answer(seen, toolCall("bash", { command: "echo yes", description: "say" }), "It ran.");
    await askWithFile();
    await dialog(page).waitFor();
    await page.reload();
    await dialog(page).getByText("Allow once").click();
    await answers(page).getByText("It ran.").waitFor();
    expect(await page.locator(".message.user").count()).toBe(2);
    expect(await page.locator("#errors").textContent()).toBe("");
  });

  test("another tab takes over the turn of a closed tab", async () => {
    await using visited = await visit(asking);
    const { fixture, page, context } = visited;
    fixture.answer("Run it", toolCall("bash", { command: "echo yes", description: "say" }), "It ran.");
    await ask(page, "Run it");
    await dialog(page).waitFor();
    const other = await context.newPage();
    await other.goto(page.url());
    await other.getByText("Waiting for an answer…").or(other.getByText("Working…")).first().waitFor();
    expect(await dialog(other).count()).toBe(0);
    await page.close();
    await dialog(other).getByText("Allow once").click();
    await answers(other).getByText("It ran.").waitFor();
  });

  test("an agent that is killed during an answer restarts, and the answer arrives", async () => {
    await using visited = await visitTo(await startWebFixture(folder)); // with an agent that may die
    const { fixture, page, wrong } = visited;
    let tries = 0;
    fixture.answer("Survive", () => {
      tries += 1;
      return tries === 1 ? { text: ["lost ", hold("never")] } : "It has survived.";
    });
    await ask(page, "Survive");
    await answers(page).getByText("lost").waitFor();
    process.kill(fixture.web.agent?.pid ?? 0, "SIGKILL");
    await answers(page).getByText("It has survived.").waitFor();
    await finished(page);
    expect(fixture.web.agent?.restarts).toBe(1);
    await ask(page, "And now?");
    await answers(page).getByText("echo: And now?").waitFor();
    expect(await page.locator("#banner").isVisible()).toBe(false);
    expect(wrong).toEqual([]);
  });

  test("old messages are loaded in pages", async () => {
    await using visited = await visit();
    const { page } = visited;
    await ask(page, "The newest");
    await finished(page);
    const id = new URL(page.url()).hash.slice(1);
    // Prompts without an answer, made through the page's own way to the agent.
    await page.evaluate(async (session) => {
      for (let index = 0; index < 70; index += 1) {
        const body = JSON.stringify({ noReply: true, parts: [{ type: "text", text: `note ${index}` }] });
        const headers = { "content-type": "application/json", "x-opencode-web": "1" };
        await fetch(`/agent/session/${session}/prompt_async`, { method: "POST", headers, body });
      }
    }, id);
    await page.getByText("note 69", { exact: true }).waitFor();
    await page.reload();
    await page.getByText("note 69", { exact: true }).waitFor();
    expect(await page.locator(".message").count()).toBe(40);
    await page.getByText("Load older messages").click();
    await eventually("the older page is there", async () => (await page.locator(".message").count()) === 72);
    expect(await page.locator(".message.user").first().textContent()).toBe("The newest");
  });
});

describe("the view", () => {
  test("the message list stays at the end while text arrives, except after a scroll up", async () => {
    await using visited = await visit();
    const { fixture, page } = visited;
    const [second, third] = [hold("- more\n".repeat(60)), hold("- the end\n".repeat(60))];
    fixture.answer("Write much", { text: ["- line\n".repeat(60), second, third] });
    const fromEnd = (): Promise<number> =>
      page.locator("#scroller").evaluate((box) => box.scrollHeight - box.scrollTop - box.clientHeight);
    await ask(page, "Write much");
    await answers(page).getByText("line").last().waitFor();
    await eventually("the view is at the end", async () => (await fromEnd()) < 5);
    second.release();
    await answers(page).getByText("more").last().waitFor();
    await eventually("the view is at the end", async () => (await fromEnd()) < 5);
    await page.locator("#scroller").evaluate((box) => box.scrollBy(0, -600));
    await page.locator("#to-end").waitFor();
    third.release();
    await finished(page);
    expect(await fromEnd()).toBeGreaterThan(500);
    await page.click("#to-end");
    await eventually("the view is at the end", async () => (await fromEnd()) < 5);
  });
});

describe("sessions", () => {
  test("sessions are listed, opened, renamed and deleted on the page", async () => {
    await using visited = await visit();
    const { page } = visited;
    for (const prompt of ["First session", "Second session"]) {
      await page.click("#new");
      await ask(page, prompt);
      await answers(page).getByText(`echo: ${prompt}`).waitFor();
      await finished(page);
    }
    await page.locator("#sessions").getByText("First session").click();
    await answers(page).getByText("echo: First session").waitFor();
    expect(await answers(page).count()).toBe(1);
    await page.goBack();
    await answers(page).getByText("echo: Second session").waitFor();
    await page.click("#rename");
    await dialog(page).locator("input").fill("Another name");
    await page.keyboard.press("Enter");
    await page.locator("#sessions").getByText("Another name").waitFor();
    expect(await page.textContent("#title")).toBe("Another name");
    await page.click("#delete");
    await dialog(page).getByText("Delete", { exact: true }).click();
    await page.locator("#welcome").waitFor();
    await page.locator("#sessions").getByText("Another name").waitFor({ state: "detached" });
    expect(await page.locator("#sessions a").count()).toBe(1);
  });
});

describe("hostile text", () => {
  test("HTML in an answer, a tool or a title runs no script and loads no address", async () => {
    await using visited = await visit();
    const { fixture, page, wrong } = visited;
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    const evil = [
      "<script>window.broken = 1</script>",
      '<img src=x onerror="window.broken = 2">',
      "[click](javascript:window.broken=3) [data](data:text/html,<script>window.broken=4</script>)",
      '![pixel](http://evil.example/pixel?secret) ![x](x" onerror="window.broken=5)',
      '<svg onload="window.broken = 6"><style>* { display: none }</style></svg>',
      '<iframe srcdoc="<script>parent.broken = 7</script>"></iframe><form action="http://evil.example"><input name=x></form>',
      '<a href="http://evil.example" onclick="window.broken = 8">x</a>',
      '```"><img src=x onerror=window.broken=9>\ncode\n```',
      "| <img src=x onerror=window.broken=10> |\n| - |\n| <b onmouseover=window.broken=11>x</b> |",
      '<math><mtext><table><mglyph><style><!--</style><img title="--&gt;&lt;img src=1 onerror=window.broken=12&gt;">',
    ].join("\n\n");
    const title = '<img src=x onerror="window.broken = 13">';
    fixture.answer(title, toolCall("bash", { command: `echo '${title}'`, description: title }), evil);
    await ask(page, title);
    await finished(page);
    await page.locator(".tool summary").click();
    await page.locator(".markdown").getByText("click", { exact: true }).click();
    expect(await page.evaluate(() => "broken" in window)).toBe(false);
    expect(await page.locator("#list :is(script, iframe, form, style, object, embed, math, img)").count()).toBe(0);
    const links = await page
      .locator("#list a")
      .evaluateAll((all) => all.map((link) => link.getAttribute("href") ?? ""));
    expect(links.filter((href) => !/^(?:https?:|mailto:|$)/.test(href))).toEqual([]);
    expect(asked.filter((url) => !url.startsWith(`http://127.0.0.1:${fixture.web.port}/`))).toEqual([]);
    expect(wrong).toEqual([]);
  });

  test("a foreign page in the same browser reads nothing and creates no session", async () => {
    await using visited = await visit();
    const { fixture, context } = visited;
    const { port } = fixture.web;
    const foreign = createServer((_request, response) => {
      response.writeHead(200, { "content-type": "text/html" }).end("<!doctype html><title>foreign</title>");
    });
    await new Promise<void>((resolve) => foreign.listen(0, "127.0.0.1", resolve));
    /** The page's own, as it asks for them. */
    const sessions = (): Promise<unknown[]> =>
      visited.page.evaluate(async () => {
        const response = await fetch("/agent/session?limit=1000", { headers: { "x-opencode-web": "1" } });
        return ((await response.json()) as { id: string }[]).map(({ id }) => id); // the agent's list
      });
    try {
      const before = await sessions();
      const page = await context.newPage();
      // The same host: the browser sends the cookie, which knows no ports.
      await page.goto(`http://127.0.0.1:${(foreign.address() as AddressInfo).port}/`);
      const results = await page.evaluate(async (target) => {
        const tries: [string, RequestInit][] = [
          ["/agent/session", { credentials: "include" }],
          ["/agent/session", { credentials: "include", headers: { "x-opencode-web": "1" } }],
          ["/agent/session", { method: "POST", mode: "no-cors", credentials: "include", body: "{}" }],
          ["/", { credentials: "include" }],
        ];
        return Promise.all(
          tries.map(([path, init]) =>
            fetch(target + path, init).then(
              (response) => response.type,
              () => "refused",
            ),
          ),
        );
      }, `http://127.0.0.1:${port}`);
      expect(results.filter((result) => result !== "refused" && result !== "opaque")).toEqual([]);
      expect(await sessions()).toEqual(before);
      await page.goto("about:blank");
      await page.setContent(`<iframe src="http://127.0.0.1:${port}/"></iframe>`);
      await eventually("the frame is refused", () =>
        page
          .frames()
          .slice(1)
          .every((frame) => !frame.url().includes(`:${port}/`) || frame.url().startsWith("chrome-error:")),
      );
    } finally {
      foreign.close();
      foreign.closeAllConnections();
    }
  });

  test("the page refuses scripts and HTML that are not its own", async () => {
    await using visited = await visit();
    const { page } = visited;
    const results = await page.evaluate(() => {
      const tries: (() => unknown)[] = [
        () => {
          document.body.innerHTML = "<b>x</b>";
        },
        () => {
          const script = document.createElement("script");
          script.textContent = "window.broken = 3";
          document.body.append(script);
        },
      ];
      for (const one of tries) {
        try {
          one();
        } catch {
          // refused: what is looked at is whether anything ran
        }
      }
      return {
        broken: "broken" in window,
        cookie: document.cookie,
        bold: document.querySelectorAll("body > b").length,
      };
    });
    expect(results).toEqual({ broken: false, cookie: "", bold: 0 });
  });

  test("a browser without the token gets 401, and an address with a token works once", async () => {
    await using visited = await visit();
    const { fixture } = visited;
    const stranger = await browser.newContext();
    try {
      const page = await stranger.newPage();
      const origin = `http://127.0.0.1:${fixture.web.port}`;
      expect((await page.goto(`${origin}/`))?.status()).toBe(401);
      expect((await page.goto(`${origin}/?token=wrong`))?.status()).toBe(401);
      await page.getByText("not logged in").waitFor();
      const { url } = fixture.web;
      expect((await page.goto(url))?.status()).toBe(200);
      const third = await browser.newContext();
      expect((await (await third.newPage()).goto(url))?.status()).toBe(401);
      await third.close();
    } finally {
      await stranger.close();
    }
  });
});

describe("keyboard and phone", () => {
  test("all controls of the page are reached by keyboard with a visible focus", async () => {
    await using visited = await visit();
    const { page } = visited;
    await page.press("#prompt", "Shift+Enter");
    expect(await page.inputValue("#prompt")).toBe("\n");
    await page.evaluate(() => (document.activeElement as HTMLElement).blur());
    const reached: string[] = [];
    for (let index = 0; index < 15; index += 1) {
      await page.keyboard.press("Tab");
      const [name, outline] = await page.evaluate((): [string, boolean] => {
        const element = document.activeElement as HTMLElement; // there is always one
        const frame = element.closest("#composer") ?? element;
        const style = getComputedStyle(element);
        return [
          element.id || element.textContent || "",
          style.outlineStyle !== "none" || frame !== element || element === document.body,
        ];
      });
      reached.push(name);
      expect([name, outline]).toEqual([name, true]);
    }
    expect(reached).toEqual(
      expect.arrayContaining(["new", "search", "theme", "prompt", "attach", "agent", "model", "send"]),
    );
    await page.locator("h2").first().click();
    await page.keyboard.press("/");
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("prompt");
  });

  test("the theme follows the system until the person chooses another theme", async () => {
    await using visited = await visit();
    const { page } = visited;
    const ground = (): Promise<string> => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
    await page.emulateMedia({ colorScheme: "light" });
    const light = await ground();
    await page.emulateMedia({ colorScheme: "dark" });
    const dark = await ground();
    expect(dark).not.toBe(light);
    await page.click("#theme");
    expect(await ground()).toBe(light);
    await page.reload();
    await page.waitForSelector("body:not(.loading)");
    expect(await ground()).toBe(light);
  });

  test("the page on a phone is not wider than the screen, and its lists are drawers", async () => {
    await using visited = await visit(plain, { width: 360, height: 720 });
    const { fixture, page } = visited;
    fixture.answer(
      "Something wide",
      toolCall("bash", { command: `echo ${"wide".repeat(60)}`, description: "say" }),
      `${"unbroken".repeat(40)}\n\n\`\`\`ts\nconst long = "${"x".repeat(300)}";\n\`\`\`\n\n| ${"column | ".repeat(12)}\n| ${"- | ".repeat(12)}\n| ${"cell | ".repeat(12)}`,
    );
    await ask(page, "Something wide");
    await finished(page);
    await page.locator(".tool summary").click();
    const widths = await page.evaluate(() => [
      document.documentElement.scrollWidth,
      document.querySelector("#scroller")?.scrollWidth,
    ]);
    for (const width of widths) expect(width).toBeLessThanOrEqual(360);
    expect(await page.locator("#sidebar").isVisible()).toBe(false);
    await page.click("#show-sidebar");
    await page.locator("#sessions").getByText("Something wide").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("#sidebar").waitFor({ state: "hidden" });
    expect(await page.evaluate(() => document.activeElement?.id)).toBe("show-sidebar");
    await page.click("#show-panel");
    await page.locator("#usage dd").first().waitFor();
  });
});
