/**
 * Stands in for `opencode serve`: passes everything on to the agent that the tests of one worker share (`shared-agents.ts`),
 * which reads this server's configuration from the folder above the directory.
 *
 *   shared-agent <port of the broker> <file of the configuration> serve --port <port> --hostname <host>
 */
import { writeFileSync } from "node:fs";
import { connect, createServer, type Socket } from "node:net";
import { parseArgs } from "node:util";
import type { LeaseRequest } from "../shared-agents.js";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { port: { type: "string" }, hostname: { type: "string" } },
});
const [broker = "", configFile = ""] = positionals;
const { port = "", hostname = "" } = values;

writeFileSync(configFile, process.env["OPENCODE_CONFIG_CONTENT"] || "{}");
const lease = connect(Number(broker), "127.0.0.1");
const request: LeaseRequest = {
  pool: process.env["AGENT_TEST_POOL"] ?? "",
  file: process.env["AGENT_TEST_FILE"] ?? "",
  directory: process.cwd(),
  configFile,
};
lease.write(`${JSON.stringify(request)}\n`);
lease.on("error", () => {});
lease.once("close", () => {
  process.stderr.write("The shared agent is gone.\n");
  process.exit(1);
});
// A start that is silent for too long is given up.
const waiting = setInterval(() => process.stderr.write("Waiting for the shared agent.\n"), 1_000);
lease.once("data", (data) => {
  const answer = data.toString();
  clearInterval(waiting);
  if (/^\d+\n$/.test(answer)) serve(Number(answer));
  else process.stderr.write(answer); // why there is none
});

function serve(agentPort: number): void {
  const server = createServer((client) => {
    client.on("error", () => {}); // "close" follows
    client.setNoDelay();
    client.once("data", (head) => {
      client.pause();
      client.unshift(head);
      if (head.toString("latin1").startsWith("POST /global/dispose ")) release(client);
      else pass(client, agentPort);
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

function pass(client: Socket, agentPort: number): void {
  const agent = connect(agentPort, "127.0.0.1");
  agent.setNoDelay();
  agent.on("error", () => {}); // "close" follows
  agent.once("close", () => client.destroySoon());
  client.once("close", () => agent.destroy());
  client.pipe(agent).pipe(client);
}

/** Other tests go on with the agent: it is asked to give up this directory alone. */
function release(client: Socket): void {
  lease.removeAllListeners("close");
  lease.write("release\n");
  lease.once("close", () => {
    client.end(
      "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 4\r\nconnection: close\r\n\r\ntrue",
    );
  });
}
