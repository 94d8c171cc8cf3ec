/**
 * Stands in for `opencode serve`: passes everything on to the agent that the tests of one worker share (`shared-agents.ts`).
 *
 *   shared-agent <port of the broker> <file of the configuration> serve --port <port> --hostname <host>
 */
import { connect, createServer, type Socket } from "node:net";
import { Transform } from "node:stream";
import { parseArgs } from "node:util";
import type { Lease, LeaseRequest } from "../shared-agents.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { port: { type: "string" }, hostname: { type: "string" } },
});
const [broker = "", configFile = ""] = positionals;
const { port = "", hostname = "" } = values;

const lease = connect(Number(broker), "127.0.0.1");
const request: LeaseRequest = {
  pool: process.env["AGENT_TEST_POOL"] ?? "",
  file: process.env["AGENT_TEST_FILE"] ?? "",
  directory: process.cwd(),
  configFile,
  config: process.env["OPENCODE_CONFIG_CONTENT"] ?? "{}",
};
lease.write(`${JSON.stringify(request)}\n`);
lease.on("error", () => {}); // "close" follows
lease.once("close", () => {
  process.stderr.write("The shared agent is gone.\n");
  process.exit(1);
});
// A start that is silent for too long is given up.
const waiting = setInterval(() => process.stderr.write("Waiting for the shared agent.\n"), 1_000);
lease.once("data", (answer) => {
  clearInterval(waiting);
  if (answer.toString().startsWith("{")) serve(JSON.parse(answer.toString()) as Lease);
  else process.stderr.write(answer); // why there is none
});

function serve(agent: Lease): void {
  const server = createServer((client) => {
    client.on("error", () => {}); // "close" follows
    client.setNoDelay();
    client.once("data", (head) => {
      client.pause();
      client.unshift(head);
      if (head.toString("latin1").startsWith("POST /global/dispose ")) release(client);
      else pass(client, agent);
    });
  });
  server.once("error", (error) => {
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  });
  server.listen(Number(port), hostname, () => {
    process.stdout.write(`opencode server listening on http://${hostname}:${port}\n`);
  });
}

function pass(client: Socket, { port: agentPort, password }: Lease): void {
  const agent = connect(agentPort, "127.0.0.1");
  agent.setNoDelay();
  agent.on("error", () => {}); // "close" follows
  agent.once("close", () => client.destroySoon());
  client.once("close", () => agent.destroy());
  client.pipe(withPassword(password)).pipe(agent);
  agent.pipe(client);
}

/** Whoever has this server's password is let in with the agent's. */
function withPassword(password: string): Transform {
  const ours = authorization(process.env["OPENCODE_SERVER_PASSWORD"] ?? "");
  const theirs = authorization(password);
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const at = chunk.indexOf(ours);
      if (at < 0) done(undefined, chunk);
      else done(undefined, Buffer.concat([chunk.subarray(0, at), theirs, chunk.subarray(at + ours.length)]));
    },
  });
}

/** A header comes in one piece: it stands at the beginning of what a client writes at once. */
function authorization(password: string): Buffer {
  return Buffer.from(`Basic ${Buffer.from(`opencode:${password}`).toString("base64")}\r\n`);
}

/** Other tests go on with the agent: it is asked to give up this directory alone. */
function release(client: Socket): void {
  lease.removeAllListeners("close");
  lease.once("close", () => {
    client.end(
      "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 4\r\nconnection: close\r\n\r\ntrue",
    );
  });
  lease.write("release\n");
}
