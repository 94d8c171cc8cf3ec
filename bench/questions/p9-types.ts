/** P9: the processor time of `tsc` on a consumer of 50 typed calls, each of another route, the same for both clients. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../machine.js";
import { runTimed } from "../processes.js";
import type { Question, Setting } from "../question.js";
import { measureInTurns } from "../runner.js";
import { pairRatios, spreadOf } from "../statistics.js";

/** The same call of both clients. `ID` is a constant of the consumer. */
const calls: readonly (readonly [ours: string, official: string])[] = [
  [`GET("/session")`, `session.list()`],
  [`GET("/session/status")`, `session.status()`],
  [`POST("/session", { body: { title: ID } })`, `session.create({ body: { title: ID } })`],
  [`GET("/session/{sessionID}", { params: { path: { sessionID: ID } } })`, `session.get({ path: { id: ID } })`],
  [`DELETE("/session/{sessionID}", { params: { path: { sessionID: ID } } })`, `session.delete({ path: { id: ID } })`],
  [
    `PATCH("/session/{sessionID}", { params: { path: { sessionID: ID } }, body: { title: ID } })`,
    `session.update({ path: { id: ID }, body: { title: ID } })`,
  ],
  [
    `GET("/session/{sessionID}/children", { params: { path: { sessionID: ID } } })`,
    `session.children({ path: { id: ID } })`,
  ],
  [`GET("/session/{sessionID}/todo", { params: { path: { sessionID: ID } } })`, `session.todo({ path: { id: ID } })`],
  [`GET("/session/{sessionID}/diff", { params: { path: { sessionID: ID } } })`, `session.diff({ path: { id: ID } })`],
  [
    `GET("/session/{sessionID}/message", { params: { path: { sessionID: ID } } })`,
    `session.messages({ path: { id: ID } })`,
  ],
  [
    `GET("/session/{sessionID}/message/{messageID}", { params: { path: { sessionID: ID, messageID: ID } } })`,
    `session.message({ path: { id: ID, messageID: ID } })`,
  ],
  [
    `POST("/session/{sessionID}/message", { params: { path: { sessionID: ID } }, body: { parts: [{ type: "text", text: ID }] } })`,
    `session.prompt({ path: { id: ID }, body: { parts: [{ type: "text", text: ID }] } })`,
  ],
  [
    `POST("/session/{sessionID}/prompt_async", { params: { path: { sessionID: ID } }, body: { parts: [{ type: "text", text: ID }] } })`,
    `session.promptAsync({ path: { id: ID }, body: { parts: [{ type: "text", text: ID }] } })`,
  ],
  [
    `POST("/session/{sessionID}/command", { params: { path: { sessionID: ID } }, body: { command: ID, arguments: ID } })`,
    `session.command({ path: { id: ID }, body: { command: ID, arguments: ID } })`,
  ],
  [
    `POST("/session/{sessionID}/shell", { params: { path: { sessionID: ID } }, body: { agent: ID, command: ID } })`,
    `session.shell({ path: { id: ID }, body: { agent: ID, command: ID } })`,
  ],
  [
    `POST("/session/{sessionID}/summarize", { params: { path: { sessionID: ID } }, body: { providerID: ID, modelID: ID } })`,
    `session.summarize({ path: { id: ID }, body: { providerID: ID, modelID: ID } })`,
  ],
  [
    `POST("/session/{sessionID}/init", { params: { path: { sessionID: ID } }, body: { providerID: ID, modelID: ID, messageID: ID } })`,
    `session.init({ path: { id: ID }, body: { providerID: ID, modelID: ID, messageID: ID } })`,
  ],
  [
    `POST("/session/{sessionID}/fork", { params: { path: { sessionID: ID } }, body: { messageID: ID } })`,
    `session.fork({ path: { id: ID }, body: { messageID: ID } })`,
  ],
  [
    `POST("/session/{sessionID}/abort", { params: { path: { sessionID: ID } } })`,
    `session.abort({ path: { id: ID } })`,
  ],
  [
    `POST("/session/{sessionID}/share", { params: { path: { sessionID: ID } } })`,
    `session.share({ path: { id: ID } })`,
  ],
  [
    `DELETE("/session/{sessionID}/share", { params: { path: { sessionID: ID } } })`,
    `session.unshare({ path: { id: ID } })`,
  ],
  [
    `POST("/session/{sessionID}/revert", { params: { path: { sessionID: ID } }, body: { messageID: ID } })`,
    `session.revert({ path: { id: ID }, body: { messageID: ID } })`,
  ],
  [
    `POST("/session/{sessionID}/unrevert", { params: { path: { sessionID: ID } } })`,
    `session.unrevert({ path: { id: ID } })`,
  ],
  [`GET("/agent")`, `app.agents()`],
  [
    `POST("/log", { body: { service: ID, level: "info", message: ID } })`,
    `app.log({ body: { service: ID, level: "info", message: ID } })`,
  ],
  [`GET("/command")`, `command.list()`],
  [`GET("/path")`, `path.get()`],
  [`GET("/vcs")`, `vcs.get()`],
  [`GET("/config")`, `config.get()`],
  [`PATCH("/config", { body: { model: ID } })`, `config.update({ body: { model: ID } })`],
  [`GET("/config/providers")`, `config.providers()`],
  [`GET("/provider")`, `provider.list()`],
  [`GET("/provider/auth")`, `provider.auth()`],
  [`GET("/find", { params: { query: { pattern: ID } } })`, `find.text({ query: { pattern: ID } })`],
  [`GET("/find/file", { params: { query: { query: ID } } })`, `find.files({ query: { query: ID } })`],
  [`GET("/find/symbol", { params: { query: { query: ID } } })`, `find.symbols({ query: { query: ID } })`],
  [`GET("/file", { params: { query: { path: ID } } })`, `file.list({ query: { path: ID } })`],
  [`GET("/file/content", { params: { query: { path: ID } } })`, `file.read({ query: { path: ID } })`],
  [`GET("/file/status")`, `file.status()`],
  [`GET("/project")`, `project.list()`],
  [`GET("/project/current")`, `project.current()`],
  [`GET("/mcp")`, `mcp.status()`],
  [`GET("/lsp")`, `lsp.status()`],
  [`GET("/formatter")`, `formatter.status()`],
  [`GET("/experimental/tool/ids")`, `tool.ids()`],
  [
    `GET("/experimental/tool", { params: { query: { provider: ID, model: ID } } })`,
    `tool.list({ query: { provider: ID, model: ID } })`,
  ],
  [`GET("/pty")`, `pty.list()`],
  [`POST("/pty", { body: { command: ID } })`, `pty.create({ body: { command: ID } })`],
  [`GET("/pty/{ptyID}", { params: { path: { ptyID: ID } } })`, `pty.get({ path: { id: ID } })`],
  [`POST("/instance/dispose")`, `instance.dispose()`],
];

type Name = "ours" | "official";

const imports: Readonly<Record<Name, string>> = { ours: "opencode-ts", official: "@opencode-ai/sdk" };

function consumer(name: Name): string {
  const code = calls.map(([ours, official]) => (name === "ours" ? ours : official));
  return [
    `import { createOpencodeClient } from "${imports[name]}";`,
    `const ID: string = "ses_1";`,
    `const client = createOpencodeClient({ baseUrl: "http://127.0.0.1:4096" });`,
    ...code.map((call, index) => `export const call${index} = async () => (await client.${call}).data;`),
  ].join("\n");
}

async function writeConsumer({ programs }: Setting, name: Name): Promise<string> {
  const folder = join(programs, `types-${name}`);
  await mkdir(folder, { recursive: true });
  const compilerOptions = {
    target: "ES2022",
    lib: ["ES2023", "DOM", "DOM.Iterable"],
    module: "NodeNext",
    strict: true,
    skipLibCheck: true,
    noEmit: true,
    types: ["node"],
  };
  await writeFile(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, files: ["index.ts"] }));
  await writeFile(join(folder, "index.ts"), consumer(name));
  return folder;
}

export const types: Question = {
  name: "P9",
  title: "tsc CPU on a consumer of 50 typed calls",
  async run(setting) {
    const tsc = join(root, "node_modules", "typescript", "bin", "tsc");
    const compile = async (name: Name) => {
      const folder = await writeConsumer(setting, name);
      return async () => {
        const { cpu, wall } = await runTimed(process.execPath, [tsc, "-p", folder], { cwd: folder });
        return { cpu, wall };
      };
    };
    const { ours, official } = await measureInTurns(
      { ours: await compile("ours"), official: await compile("official") },
      setting.runs,
    );
    setting.report(`CPU: ours ${spreadOf(ours.cpu).median} ms, official ${spreadOf(official.cpu).median} ms`);
    const value = pairRatios(ours.cpu, official.cpu);
    return { findings: [{ label: "tsc CPU, 50 typed calls ÷ official", value, goal: 1.15, before: 1.76 }] };
  },
};
