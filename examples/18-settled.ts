/** Nobody waits: a web hook is told when a turn has settled. Its receiver checks the signature and remembers the ids. */
import assert from "node:assert/strict";
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { once } from "node:events";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { createOpencode, type SettledNotice } from "opencode-ts";
import { setUp } from "./setup.js";

/** Shared with the receiver: 24 to 64 bytes in base64, with or without "whsec_" before them. */
const key = randomBytes(32);
const notices = new Map<string, SettledNotice>();

/** By Standard Webhooks 1.0; any library of it does the same. */
async function receive(request: IncomingMessage): Promise<number> {
  const body = await text(request);
  const [id, time, given] = ["id", "timestamp", "signature"].map((name) => String(request.headers[`webhook-${name}`]));
  const signature = createHmac("sha256", key).update(`${id}.${time}.${body}`).digest("base64");
  const [expected, actual] = [Buffer.from(`v1,${signature}`), Buffer.from(given ?? "")];
  if (expected.length !== actual.length || !timingSafeEqual(expected, actual)) return 401;
  const notice = JSON.parse(body) as SettledNotice;
  notices.set(notice.id, notice); // one that comes twice has the same id
  return 204;
}

const receiver = createServer(async (request, response) => void response.writeHead(await receive(request)).end());
await once(receiver.listen(0, "127.0.0.1"), "listening");
const { port } = receiver.address() as AddressInfo;

await using setup = await setUp("All tests pass.");
{
  await using opencode = await createOpencode({
    ...setup.options,
    onSettled: { url: `http://127.0.0.1:${port}/settled`, secret: `whsec_${key.toString("base64")}` },
  });
  await opencode.ask("Do the tests pass?");
} // close() waits for the notice; a daemon (docs/kept.md) tells it also if this process is killed
receiver.close();
receiver.closeAllConnections();

const [notice] = notices.values();
assert.ok(notice !== undefined, "nobody was told");
console.log(notice.data.outcome, notice.data.durationMs, "ms:", notice.data.text);
assert.equal(notice.data.outcome, "answered");
if (setup.scripted) assert.equal(notice.data.text, "All tests pass.");
