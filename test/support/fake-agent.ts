/** Small executables that behave like the agent, or like one that misbehaves: real processes, real ports. */
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** What a fake agent does. Each is the text of a program. */
export interface FakeAgentOptions {
  /** For `--version`. Default: prints 1.18.33. */
  readonly version?: string;
  /** For `serve`. `serve({...})`, `port`, `host`, `starts` (how often it was started, 1 for the first time) are at hand. */
  readonly serve?: string;
}

/** A fake agent on disk. */
export interface FakeAgent {
  readonly path: string;
  /** The arguments of every start so far. */
  calls(): Promise<string[][]>;
}

/** Prints a version number. */
export const printsVersion = (version: string): string => `console.log(${JSON.stringify(version)});`;

const helpers = `
const port = Number(process.argv[process.argv.indexOf("--port") + 1]);
const host = process.argv[process.argv.indexOf("--hostname") + 1];
function serve({ banner = "opencode server listening on", type = "application/json", status = 200, health = { healthy: true, version: "1.18.33" } } = {}) {
  const server = require("node:http").createServer((request, response) => {
    response.writeHead(status, { "content-type": type });
    response.end(request.url === "/global/health" ? (typeof health === "string" ? health : JSON.stringify(health)) : "true");
  });
  server.listen(port, host, () => console.log(banner + " http://" + host + ":" + port));
}
`;

/** Writes a fake agent to `path`. */
export async function fakeAgent(path: string, { version, serve }: FakeAgentOptions = {}): Promise<FakeAgent> {
  const log = `${path}.calls`;
  await mkdir(dirname(path), { recursive: true });
  await writeFile(
    path,
    `#!${process.execPath}
const fs = require("node:fs");
fs.appendFileSync(${JSON.stringify(log)}, JSON.stringify(process.argv.slice(2)) + "\\n");
if (process.argv[2] === "--version") {
  ${version ?? printsVersion("1.18.33")}
} else {
  const starts = fs.readFileSync(${JSON.stringify(log)}, "utf8").split("\\n").filter((line) => line.includes("serve")).length;
  ${helpers}
  ${serve ?? "serve();"}
}
`,
  );
  await chmod(path, 0o755);
  const calls = async (): Promise<string[][]> => {
    const text = await readFile(log, "utf8").catch(() => "");
    return text
      .split("\n")
      .filter((line) => line !== "")
      .map((line): string[] => JSON.parse(line));
  };
  return { path, calls };
}

/** Writes a package to `<folder>/node_modules/<name>`, with a fake agent as `bin/opencode`. */
export async function fakePackage(folder: string, name: string, options: FakeAgentOptions = {}): Promise<FakeAgent> {
  const root = join(folder, "node_modules", name);
  const agent = await fakeAgent(join(root, "bin", "opencode"), options);
  await writeFile(join(root, "package.json"), JSON.stringify({ name, version: "1.18.33" }));
  return agent;
}
