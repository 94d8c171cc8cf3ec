/**
 * What a supervisor asks before it ends a server that nobody is connected to: does a session of it run? A run may go on
 * without its caller (`detach`, or a client that has died). A shell has no HTTP client, so the runtime that started the
 * server is called once more. Constant text: every value comes as an argument or in the environment.
 */

/** Exit codes. Any other: not to be found out, because the server hangs or the runtime is gone. */
const [busyCode, idleCode] = [10, 11];

/**
 * Arguments: the server's address, its directory, and since when it runs (ms since 1970). The password is in the
 * environment. A server knows what runs in one directory at a time: its own is asked for, and those of the sessions that
 * have changed since it was started.
 */
export const busyProbe: string = `
const [url, own, since] = process.argv.slice(-3);
const login = "Basic " + Buffer.from("opencode:" + process.env.OPENCODE_SERVER_PASSWORD).toString("base64");
const http = require("node:http");
setTimeout(() => process.exit(1), 60000);
const get = (path, directory) => new Promise((resolve, reject) => {
  const headers = { authorization: login, ...(directory === undefined ? {} : { "x-opencode-directory": encodeURIComponent(directory) }) };
  http.get(url + path, { headers, agent: new http.Agent({ proxyEnv: {} }) }, (response) => {
    let text = "";
    response.setEncoding("utf8").on("data", (piece) => { text += piece; }).on("error", reject);
    response.on("end", () => { try { resolve(JSON.parse(text)); } catch (error) { reject(error); } });
  }).on("error", reject);
});
const look = async (directory) => {
  const status = await get("/session/status", directory);
  if (Object.values(status).some((one) => one?.type !== undefined && one.type !== "idle")) process.exit(${busyCode});
};
(async () => {
  await look(own);
  const sessions = await get("/experimental/session?limit=200&archived=true&start=" + since).catch(() => []);
  const others = new Set((Array.isArray(sessions) ? sessions : []).map((one) => one.directory));
  others.delete(own);
  for (const directory of [...others].slice(0, 50)) if (typeof directory === "string") await look(directory);
  process.exit(${idleCode});
})().catch(() => process.exit(1));
`;

/** How a runtime is told to run a text, and that it is to be one: Electron is an application otherwise. */
export interface ProbeCommand {
  readonly runtime: string;
  /** One word. */
  readonly how: string;
}

/** This process's own runtime. */
export function probeCommand(): ProbeCommand {
  return { runtime: process.execPath, how: "deno" in process.versions ? "eval" : "-e" };
}

/** The exit code for "something runs". */
export const busyExit: string = String(busyCode);
/** The exit code for "nothing runs". */
export const idleExit: string = String(idleCode);
