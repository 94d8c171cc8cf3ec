/**
 * Talks to a server on loopback with an HTTP proxy in the environment, and, with a third argument, with a dispatcher that
 * the application has installed. Run by any runtime: `behind-proxy.ts SERVER PASSWORD [PROXY]`.
 */
import { createOpencodeClient } from "../../../src/client/client.js";

const [baseUrl = "", password = "", proxy] = process.argv.slice(2);
if (proxy !== undefined) await installDispatcher(proxy);
const client = createOpencodeClient({ baseUrl, password, maxRetries: 0, timeout: 60_000 });
const read = await client.GET("/project");
const written = await client.POST("/session", { body: { title: "é" } });
const removed = await client.request("DELETE", "/removed", { body: { why: "é" } });
const refused = await client.GET("/agent").catch((error: Error) => error.name);
const { body } = await client.stream("/event");
const first = await body?.getReader().read();
const streamed = new TextDecoder().decode(first?.value);
process.stdout.write(
  `${JSON.stringify({ read: read.data, written: written.data, removed: removed.data, refused, streamed })}\n`,
  () => process.exit(0),
);

/** What `setGlobalDispatcher(new ProxyAgent(…))` does, with the undici that is inside of Node. */
async function installDispatcher(address: string): Promise<void> {
  await fetch("data:,"); // makes the global dispatcher
  const key = Symbol.for("undici.globalDispatcher.1");
  const Agent = Reflect.get(globalThis, key).constructor;
  const { origin } = new URL(address);
  class ProxyAgent extends Agent {
    dispatch(options: { origin: string | URL; path: string }, handler: unknown): unknown {
      return super.dispatch({ ...options, origin, path: new URL(options.path, options.origin).href }, handler);
    }
  }
  Reflect.set(globalThis, key, new ProxyAgent());
}
