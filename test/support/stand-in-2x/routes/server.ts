/** The server itself: what it is, its events, its directories. */
import { tmpdir } from "node:os";
import { type Route, written } from "../http/router.js";

export const serverRoutes: readonly Route[] = [
  {
    method: "GET",
    path: "/info",
    handle: ({ world }) => ({ version: "2.1.3", pid: process.pid, urls: [world.url], paths: { tmp: tmpdir() } }),
  },
  {
    method: "GET",
    path: "/event",
    handle: ({ world, response }) => {
      world.hub.open(response);
      return written;
    },
  },
  {
    method: "GET",
    path: "/location",
    location: true,
    handle: ({ world, directory }) => ({ directory, project: world.locations.project(directory) }),
  },
  {
    method: "POST",
    path: "/location/reload",
    handle: ({ world }) => world.locations.reload(),
  },
  { method: "GET", path: "/pty", location: true, handle: ({ directory }) => ({ location: { directory }, data: [] }) },
  {
    // Holds nothing but the marker: a plain server keeps no events.
    method: "GET",
    path: "/experimental/session/{s}/log",
    query: ["after", "follow"],
    handle: ({ world, params, query, response }) => {
      const { info, seq } = world.store.get(params["s"] ?? "");
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(`data: ${JSON.stringify({ type: "log.synced", aggregateID: info.id, seq })}\n\n`);
      if (query.get("follow") !== "true") response.end();
      return written;
    },
  },
];
