/** A program that finds out by itself whether a 2.x server runs anything: its process cannot load this library. */

/**
 * Arguments and environment as those of the program for 1.x; the password may also be in the file of the state folder (2.0 preview
 * 1.18.18). A server of 2.x knows what runs in all directories. `busy` and `idle` are its exit codes.
 */
export function busyProbeProgram({ busy, idle }: { readonly busy: number; readonly idle: number }): string {
  return `
const [url] = process.argv.slice(-3);
const { env } = process;
const state = env.XDG_STATE_HOME || require("node:path").join(env.HOME || require("node:os").homedir(), ".local", "state");
const inFile = () => require("node:fs").readFileSync(require("node:path").join(state, "opencode", "password"), "utf8");
const password = env.OPENCODE_PASSWORD || env.OPENCODE_SERVER_PASSWORD || inFile();
const authorization = "Basic " + Buffer.from("opencode:" + password).toString("base64");
const http = require("node:http");
setTimeout(() => process.exit(1), 60000);
http.get(url + "/api/session/active", { headers: { authorization }, agent: new http.Agent({ proxyEnv: {} }) }, (response) => {
  let text = "";
  response.setEncoding("utf8").on("data", (piece) => { text += piece; }).on("error", () => process.exit(1));
  response.on("end", () => process.exit(response.statusCode === 200 && Object.keys(JSON.parse(text).data).length > 0 ? ${busy} : response.statusCode === 200 ? ${idle} : 1));
}).on("error", () => process.exit(1));
`;
}
