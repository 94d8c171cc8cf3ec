/** A program that finds out by itself whether a 1.x server runs anything: its process cannot load this library. */

/**
 * Arguments: the server's address, its directory, and since when it runs (ms since 1970). The password is in the
 * environment. A server knows what runs in one directory at a time: its own is asked for, and those of the sessions that
 * have changed since it was started. `busy` and `idle` are its exit codes.
 */
export function busyProbeProgram({ busy, idle }: { readonly busy: number; readonly idle: number }): string {
  return `
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
  if (Object.values(status).some((one) => one?.type !== undefined && one.type !== "idle")) process.exit(${busy});
};
(async () => {
  await look(own);
  const sessions = await get("/experimental/session?limit=200&archived=true&start=" + since).catch(() => []);
  const others = new Set((Array.isArray(sessions) ? sessions : []).map((one) => one.directory));
  others.delete(own);
  for (const directory of [...others].slice(0, 50)) if (typeof directory === "string") await look(directory);
  process.exit(${idle});
})().catch(() => process.exit(1));
`;
}
