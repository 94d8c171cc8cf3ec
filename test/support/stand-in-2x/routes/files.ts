/** Files and version control of a directory, as far as clients of ours read them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Failure } from "../http/failure.js";
import { type ApiRequest, type Route, written } from "../http/router.js";
import { gitRoot } from "../state/locations.js";

export const fileRoutes: readonly Route[] = [
  { method: "GET", path: "/fs/read/{path*}", location: true, handle: read },
  { method: "GET", path: "/fs/list", location: true, query: ["path"], handle: list },
  {
    method: "GET",
    path: "/vcs",
    location: true,
    handle: ({ directory }) => ({
      location: { directory },
      data: gitRoot(directory) === undefined ? { branch: {} } : { provider: "git", branch: { current: "main" } },
    }),
  },
];

function read(request: ApiRequest): unknown {
  const path = existing(request, request.params["path"] ?? "");
  request.response.writeHead(200).end(readFileSync(path));
  return written;
}

function list(request: ApiRequest): unknown {
  const path = existing(request, request.query.get("path") ?? ".");
  const data = readdirSync(path, { withFileTypes: true }).map((entry) => ({
    path: entry.name,
    type: entry.isDirectory() ? "directory" : "file",
  }));
  return { location: { directory: request.directory }, data };
}

function existing({ directory }: ApiRequest, name: string): string {
  const path = join(directory, name);
  if (!existsSync(path)) throw new Failure(404, "FileNotFoundError", `File not found: ${name}`, { path: name });
  return path;
}
