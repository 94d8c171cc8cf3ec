/**
 * Looks at the package as its users get it: packs it, installs the tarball elsewhere, loads every entry, compiles against
 * its types, runs its command. `tsx scripts/smoke.ts`, after a build. Ends with the counts.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { agentBinary } from "./agent.js";
import { npm, run } from "./run.js";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const entries = ["opencode-ts", "opencode-ts/client", "opencode-ts/kept", "opencode-ts/testing"];

/** A program in this repository's `node_modules`, run by this Node. */
function tool(name: string, args: readonly string[], cwd: string): Promise<string> {
  return run(process.execPath, [join(root, "node_modules", ...name.split("/")), ...args], { cwd });
}

/** What must be in the tarball, and what must not. */
async function checkContents(tarball: string): Promise<void> {
  const listing = await run("tar", ["-tzf", tarball], { cwd: root });
  const files = listing
    .trim()
    .split("\n")
    .map((file) => file.replace(/^package\//, ""));
  const needed = [
    "package.json",
    "README.md",
    "LICENSE",
    "CHANGELOG.md",
    "dist/index.js",
    "dist/index.d.ts",
    "dist/cli/main.js",
    "dist/node/notice-sender.js",
    "dist/third-party-licenses.txt",
    ...["index.html", "page.js", "page.css", "icon.svg"].map((name) => `dist/web/page/${name}`),
  ];
  const missing = needed.filter((file) => !files.includes(file));
  const odd = files.filter((file) => !needed.includes(file) && !/^dist\/.*\.(js|d\.ts)$/.test(file));
  if (missing.length + odd.length > 0)
    throw new Error(`missing: ${missing.join(", ")}; not expected: ${odd.join(", ")}`);
}

/** Most bytes of all modules that the import of an entry loads. Every byte is read and compiled before the program starts. */
const loadBudgets: Readonly<Record<string, number>> = {
  "index.js": 392_000,
  "client.js": 382_000,
  "kept.js": 451_000,
  "testing/index.js": 635_000,
  "cli/main.js": 13_000,
};
/** Most bytes of the installed package. It has no dependencies. */
const installBudget = 2_700_000;

async function checkSizes(project: string): Promise<void> {
  const folder = join(project, "node_modules", "opencode-ts");
  const over: string[] = [];
  for (const [entry, budget] of Object.entries(loadBudgets)) {
    const bytes = await loadedBytes(join(folder, "dist", entry));
    console.log(`       ${entry}: ${bytes} bytes of ${budget}`);
    if (bytes > budget) over.push(entry);
  }
  const files = await readdir(folder, { recursive: true, withFileTypes: true });
  const sizes = files.filter((file) => file.isFile()).map((file) => stat(join(file.parentPath, file.name)));
  const installed = (await Promise.all(sizes)).reduce((sum, { size }) => sum + size, 0);
  console.log(`       installed: ${installed} bytes of ${installBudget}`);
  if (installed > installBudget) over.push("the whole package");
  if (over.length > 0) throw new Error(`larger than its budget: ${over.join(", ")}`);
}

/** The bytes of a module and of what it imports statically. */
async function loadedBytes(entry: string): Promise<number> {
  const { metafile } = await build({
    entryPoints: [entry],
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    external: ["@modelcontextprotocol/*"],
    write: false,
    metafile: true,
    outdir: "nowhere",
  });
  const { inputs } = metafile;
  const found = new Set(Object.keys(inputs).filter((name) => resolve(name) === entry));
  for (const name of found) {
    const imports = inputs[name]?.imports ?? [];
    for (const { path, kind, external } of imports) {
      if (kind === "import-statement" && external !== true) found.add(path);
    }
  }
  return [...found].reduce((sum, name) => sum + (inputs[name]?.bytes ?? 0), 0);
}

/** What is loaded must be the same either way, and must not be empty. */
async function checkLoading(project: string): Promise<void> {
  for (const entry of entries) {
    const byImport = `import(${JSON.stringify(entry)}).then((m) => console.log(Object.keys(m).sort().join()))`;
    const byRequire = `console.log(Object.keys(require(${JSON.stringify(entry)})).filter((k) => k !== "__esModule").sort().join())`;
    const imported = await run(process.execPath, ["--eval", byImport], { cwd: project });
    const required = await run(process.execPath, ["--no-warnings", "--eval", byRequire], { cwd: project });
    if (imported.trim() === "" || imported !== required)
      throw new Error(`${entry}: import gives ${imported}, require ${required}`);
  }
}

const consumer = `
import { ask, createOpencode, ModelNotFoundError, type Answer } from "opencode-ts";
import { createOpencodeClient } from "opencode-ts/client";
import { createScriptedModel, toolCall } from "opencode-ts/testing";

export async function main(): Promise<string> {
  const model = await createScriptedModel([toolCall("bash", { command: "ls" }), "done"]);
  const answer: Answer = await ask("hello", { config: model.config, isolation: "clean" });
  const opencode = await createOpencode({ baseUrl: "http://127.0.0.1:4096" });
  const typed = await opencode.ask<{ name: string }>("who?", { schema: { type: "object" } });
  const { data } = await createOpencodeClient({ baseUrl: "http://127.0.0.1:4096" }).GET("/session");
  // @ts-expect-error: without a schema there is no output
  answer.output.name;
  return answer.text + typed.output.name + data[0]?.title + new ModelNotFoundError("x").suggestions.join();
}
`;

const browserConsumer = `
import { createOpencode, type AgentEvent, type Session } from "opencode-ts/client";

export async function show(element: HTMLElement): Promise<AgentEvent | undefined> {
  const opencode = await createOpencode({ baseUrl: location.origin, token: () => "t" });
  const session: Session = await opencode.createSession();
  for await (const piece of session.askStream("hello")) element.textContent += piece;
  return undefined;
}
`;

/** Declarations are checked too (\`skipLibCheck: false\`): a user with strict settings must not see errors of ours. */
async function checkTypes(project: string, name: string, source: string, options: object): Promise<void> {
  const folder = join(project, name);
  await mkdir(folder);
  await writeFile(join(folder, "index.ts"), source);
  const compilerOptions = { strict: true, noEmit: true, skipLibCheck: false, target: "ES2022", ...options };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["index.ts"] }));
  await tool("typescript/bin/tsc", ["-p", folder], folder);
}

/** Bytes of all declarations. With one declaration file per source file they were 1,157,000. */
const mostBytes = 400_000;
/** Types that `tsc` instantiates for the consumer above. With generics over the whole document they were 9,970. */
const mostInstantiations = 1_500;

async function checkDeclarations(project: string): Promise<void> {
  const dist = join(project, "node_modules", "opencode-ts", "dist");
  const files = (await readdir(dist, { recursive: true })).filter((name) => name.endsWith(".d.ts"));
  const sizes = await Promise.all(files.map(async (name) => (await stat(join(dist, name))).size));
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  if (bytes > mostBytes) throw new Error(`the declarations have ${bytes} bytes, more than ${mostBytes}`);
  const command = ["-p", join(project, "nodenext"), "--skipLibCheck", "--extendedDiagnostics"];
  const printed = await tool("typescript/bin/tsc", command, project);
  const instantiations = Number(/^Instantiations: +(\d+)/m.exec(printed)?.[1]);
  if (!(instantiations <= mostInstantiations))
    throw new Error(`tsc instantiates ${instantiations} types, more than ${mostInstantiations}`);
}

async function checkCommand(project: string): Promise<void> {
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string }; // our own
  const printed = await npm(["exec", "--no", "--", "opencode-ts", "--version"], project);
  if (printed.trim() !== version) throw new Error(`opencode-ts --version printed ${JSON.stringify(printed)}`);
}

/** The page, as the installed command serves it: its files are found, and Ctrl-C ends it with its agent. */
async function checkPage(project: string): Promise<void> {
  const command = join(project, "node_modules", "opencode-ts", "dist", "cli", "main.js");
  const child = spawn(process.execPath, [command, "web", "--port", "0", "--isolated"], {
    cwd: project,
    env: { ...process.env, OPENCODE_BINARY: await agentBinary() },
    stdio: ["ignore", "pipe", "inherit"],
    timeout: 120_000,
  });
  const ended = once(child, "close");
  try {
    child.stdout.setEncoding("utf8");
    const [line] = (await Promise.race([once(child.stdout, "data"), ended])) as [unknown];
    const address = String(line).trim();
    const entered = await fetch(address, { redirect: "manual" });
    const cookie = entered.headers.get("set-cookie")?.split(";")[0] ?? "";
    const page = await fetch(new URL("/", address), { headers: { cookie } });
    if (page.status !== 200 || !(await page.text()).includes("page.js")) {
      throw new Error(`${address} answered ${entered.status}, then ${page.status}`);
    }
    const library = await fetch(new URL("/client.js", address), { headers: { cookie } });
    const [chunk = ""] = /\.\/chunks\/[\w-]+\.js/.exec(await library.text()) ?? [];
    const module = await fetch(new URL(chunk, address), { headers: { cookie } });
    if (!module.ok || module.headers.get("content-type")?.startsWith("text/javascript") !== true)
      throw new Error(`${module.url} answered ${module.status}`);
  } finally {
    child.kill("SIGINT");
    await ended;
  }
  if (child.exitCode !== 130) throw new Error(`after Ctrl-C it ended with ${child.exitCode ?? child.signalCode}`);
}

/** Packs and installs; resolves to where both are. */
async function install(work: string): Promise<{ tarball: string; project: string }> {
  const packed = await npm(["pack", "--json", "--pack-destination", work], root);
  const [{ filename }] = JSON.parse(packed) as [{ filename: string }]; // npm's own form
  const project = join(work, "project");
  await mkdir(project);
  await writeFile(join(project, "package.json"), JSON.stringify({ name: "consumer", private: true, type: "commonjs" }));
  const manifest = JSON.parse(await readFile(join(root, "node_modules/@types/node/package.json"), "utf8")) as {
    version: string;
  };
  const nodeTypes = `@types/node@${manifest.version}`;
  await npm(["install", "--prefer-offline", "--no-audit", "--no-fund", join(work, filename), nodeTypes], project);
  return { tarball: join(work, filename), project };
}

async function main(): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), "opencode-ts-smoke-"));
  let passed = 0;
  let failed = 0;
  const check = async (name: string, test: () => Promise<unknown>): Promise<void> => {
    try {
      await test();
      passed += 1;
      console.log(`ok     ${name}`);
    } catch (error) {
      failed += 1;
      console.log(
        `FAILED ${name}\n${String(error instanceof Error ? error.message : error).replace(/^/gm, "         ")}`,
      );
    }
  };
  try {
    const { tarball, project } = await install(work);
    const node = { module: "NodeNext", types: ["node"], lib: ["ES2022"] };
    const bundler = { ...node, module: "ESNext", moduleResolution: "bundler" };
    const browser = {
      module: "ESNext",
      moduleResolution: "bundler",
      types: [],
      lib: ["ES2022", "DOM", "DOM.Iterable"],
    };
    await check("the tarball has what it needs, and nothing else", () => checkContents(tarball));
    await check("entries and package are within their budgets of bytes", () => checkSizes(project));
    await check("every entry loads by import and by require", () => checkLoading(project));
    await check("types: NodeNext", () => checkTypes(project, "nodenext", consumer, node));
    await check("types: bundler", () => checkTypes(project, "bundler", consumer, bundler));
    await check("types: opencode-ts/client in a browser, without Node's", () =>
      checkTypes(project, "browser", browserConsumer, browser),
    );
    await check("the declarations are few bytes, and little work for a compiler", () => checkDeclarations(project));
    await check("publint", () => tool("publint/src/cli.js", ["run", tarball, "--strict"], work));
    await check("are the types wrong?", () =>
      tool("@arethetypeswrong/cli/dist/index.js", [tarball, "--profile", "esm-only"], work),
    );
    await check("the command opencode-ts", () => checkCommand(project));
    await check("opencode-ts web", () => checkPage(project));
  } finally {
    await rm(work, { recursive: true, force: true, maxRetries: 5 });
  }
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
