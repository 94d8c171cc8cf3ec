/** MCP servers of a directory. */
import type { JsonRecord } from "../../../../src/util/json.js";
import type { Route } from "../http/router.js";
import { object } from "../http/shape.js";
import { mcpConfig } from "../http/shapes.js";

export const mcpRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/mcp",
    location: true,
    handle: ({ world, directory }) => ({ location: { directory }, data: world.mcp.list(directory) }),
  },
  {
    // Answers before the connection stands.
    method: "PUT",
    path: "/experimental/mcp/{server}",
    location: true,
    body: object({ config: mcpConfig }),
    handle: ({ world, directory, params, body }) =>
      world.mcp.put(directory, params["server"] ?? "", body["config"] as JsonRecord),
  },
  {
    method: "DELETE",
    path: "/experimental/mcp/{server}",
    location: true,
    handle: ({ world, directory, params }) => world.mcp.remove(directory, params["server"] ?? ""),
  },
  {
    method: "POST",
    path: "/experimental/mcp/{server}/connect",
    location: true,
    handle: ({ world, directory, params }) => world.mcp.connect(directory, params["server"] ?? ""),
  },
  {
    method: "POST",
    path: "/experimental/mcp/{server}/disconnect",
    location: true,
    handle: ({ world, directory, params }) => world.mcp.disconnect(directory, params["server"] ?? ""),
  },
];
