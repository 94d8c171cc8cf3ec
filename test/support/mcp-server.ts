/** A small MCP server over HTTP, made with the official library. */
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import type { Transport } from "@modelcontextprotocol/sdk/shared/transport.js";

export interface SmallMcpServer extends AsyncDisposable {
  readonly url: string;
}

/** Offers one tool, `hello`. With a token it answers 401 to whoever does not have it. */
export async function startMcpServer({ token }: { readonly token?: string } = {}): Promise<SmallMcpServer> {
  const sessions = new Map<string, StreamableHTTPServerTransport>();
  const begin = async (): Promise<StreamableHTTPServerTransport> => {
    const transport = new StreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (id) => void sessions.set(id, transport),
    });
    const server = new McpServer({ name: "small", version: "1.0.0" });
    server.registerTool("hello", { description: "Says hello." }, () => ({
      content: [{ type: "text", text: "hello" }],
    }));
    await server.connect(transport as Transport); // the library's types do not fit `exactOptionalPropertyTypes`
    return transport;
  };
  const http = createServer(async (request, response) => {
    if (token !== undefined && request.headers.authorization !== `Bearer ${token}`) {
      response.writeHead(401).end();
      return;
    }
    const known = sessions.get(String(request.headers["mcp-session-id"]));
    await (known ?? (await begin())).handleRequest(request, response);
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/mcp`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
}
