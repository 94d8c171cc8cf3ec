// A small MCP server over standard input and output, without a library, so that it starts fast: one tool, `hello`.
import { createInterface } from "node:readline";

const answers = {
  initialize: ({ protocolVersion }) => ({
    protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: "stdio", version: "1.0.0" },
  }),
  "tools/list": () => ({ tools: [{ name: "hello", description: "Says hello.", inputSchema: { type: "object" } }] }),
  "tools/call": () => ({ content: [{ type: "text", text: "hello" }] }),
  ping: () => ({}),
};
createInterface({ input: process.stdin })
  .on("line", (line) => {
    const { id, method, params } = JSON.parse(line);
    if (id === undefined) return;
    const answer = answers[method];
    const body =
      answer === undefined ? { error: { code: -32601, message: "no such method" } } : { result: answer(params) };
    process.stdout.write(`${JSON.stringify({ jsonrpc: "2.0", id, ...body })}\n`);
  })
  .on("close", () => process.exit());
