/** P9: the processor time of `tsc` on a consumer of 50 typed calls. Both consumers call the same ten routes five times. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { root } from "../machine.js";
import { runTimed } from "../processes.js";
import type { Question, Setting } from "../question.js";
import { measureInTurns } from "../runner.js";
import { pairRatios, spreadOf } from "../statistics.js";

/** A typed call of each client, and a field of its answer. `ID` is a constant of the consumer. */
const calls: readonly { readonly ours: string; readonly official: string; readonly field: string }[] = [
  { ours: `GET("/session")`, official: `session.list()`, field: "[0]?.title" },
  { ours: `GET("/agent")`, official: `app.agents()`, field: "[0]?.name" },
  { ours: `GET("/command")`, official: `command.list()`, field: "[0]?.name" },
  { ours: `GET("/path")`, official: `path.get()`, field: ".directory" },
  { ours: `GET("/config")`, official: `config.get()`, field: ".model" },
  {
    ours: `GET("/session/{sessionID}", { params: { path: { sessionID: ID } } })`,
    official: `session.get({ path: { id: ID } })`,
    field: ".title",
  },
  {
    ours: `GET("/session/{sessionID}/message", { params: { path: { sessionID: ID } } })`,
    official: `session.messages({ path: { id: ID } })`,
    field: "[0]?.info.id",
  },
  {
    ours: `GET("/session/{sessionID}/todo", { params: { path: { sessionID: ID } } })`,
    official: `session.todo({ path: { id: ID } })`,
    field: "[0]?.content",
  },
  {
    ours: `POST("/session", { body: { title: ID } })`,
    official: `session.create({ body: { title: ID } })`,
    field: ".id",
  },
  {
    ours: `POST("/session/{sessionID}/message", { params: { path: { sessionID: ID } }, body: { parts: [{ type: "text", text: ID }] } })`,
    official: `session.prompt({ path: { id: ID }, body: { parts: [{ type: "text", text: ID }] } })`,
    field: ".info.modelID",
  },
];

type Name = "ours" | "official";

const imports: Readonly<Record<Name, string>> = { ours: "opencode-ts", official: "@opencode-ai/sdk" };

function consumer(name: Name): string {
  const fieldOf = (field: string): string =>
    name === "official" ? `data${field.startsWith("[") ? "?." : "?"}${field}` : `data${field}`;
  const bodies = Array.from({ length: 5 }, (_round, round) =>
    calls.map((call, index) => {
      const code = `const { data } = await client.${call[name]};\n  return ${fieldOf(call.field)};`;
      return `export async function call${round}${index}() {\n  ${code}\n}`;
    }),
  );
  return [
    `import { createOpencodeClient } from "${imports[name]}";`,
    `const ID = "ses_1";`,
    `const client = createOpencodeClient({ baseUrl: "http://127.0.0.1:4096" });`,
    ...bodies.flat(),
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
