/** Every route that the stand-in has. */
import type { Route } from "../http/router.js";
import { askRoutes } from "./asks.js";
import { fileRoutes } from "./files.js";
import { formRoutes } from "./forms.js";
import { listRoutes } from "./lists.js";
import { mcpRoutes } from "./mcp.js";
import { messageRoutes } from "./messages.js";
import { promptRoutes } from "./prompts.js";
import { runRoutes } from "./runs.js";
import { serverRoutes } from "./server.js";
import { sessionRoutes } from "./sessions.js";
import { shellRoutes } from "./shell.js";

export const allRoutes: readonly Route[] = [
  ...serverRoutes,
  ...runRoutes,
  ...sessionRoutes,
  ...promptRoutes,
  ...messageRoutes,
  ...shellRoutes,
  ...askRoutes,
  ...formRoutes,
  ...listRoutes,
  ...mcpRoutes,
  ...fileRoutes,
];
