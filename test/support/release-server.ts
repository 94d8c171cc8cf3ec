/** A server on this machine that answers as api.github.com and github.com do about one release. */
import type { ServerResponse } from "node:http";
import { digestOf } from "./archives.js";
import { type HttpServer, type SeenRequest, sendJson, startHttpServer } from "./http-server.js";

/** A file of the release. */
export interface ReleaseFile {
  readonly name: string;
  readonly content: Buffer;
  /** What the API says of it. Default: the truth. `null`: nothing. */
  readonly digest?: string | null;
  readonly size?: number | null;
  /** Default: on this server. */
  readonly url?: string;
}

/** Answers a request for a file; `count` is 1 for the first of a file. `serve` does what a good server does. */
export type FileHandler = (request: SeenRequest, response: ServerResponse, count: number, serve: () => void) => void;

export interface ReleaseOptions {
  readonly version?: string;
  /** Instead of serving the files. */
  readonly file?: FileHandler;
  /** Instead of the API's answer. */
  readonly api?: (request: SeenRequest, response: ServerResponse, serve: () => void) => void;
}

export interface ReleaseServer extends HttpServer {
  /** Requests for the API, and for files. */
  readonly asked: () => readonly SeenRequest[];
  readonly fetched: () => readonly SeenRequest[];
}

const files = "/anomalyco/opencode/releases/download/";

export async function startReleaseServer(
  release: readonly ReleaseFile[],
  { version = "1.18.33", file, api }: ReleaseOptions = {},
): Promise<ReleaseServer> {
  let count = 0;
  const server: HttpServer = await startHttpServer((request, response) => {
    if (request.url.startsWith(files)) {
      const found = release.find(({ name }) => request.url === `${files}v${version}/${name}`);
      const serve = (): void =>
        void (found === undefined ? response.writeHead(404).end() : send(found, request, response));
      count += 1;
      if (file === undefined) serve();
      else file(request, response, count, serve);
      return;
    }
    const serve = (): void => {
      if (request.url !== `/repos/anomalyco/opencode/releases/tags/v${version}`) {
        sendJson(response, { message: "Not Found" }, 404);
        return;
      }
      const assets = release.map(({ name, content, digest = digestOf(content), size = content.length, url }) => ({
        name,
        state: "uploaded",
        ...(size === null ? {} : { size }),
        digest,
        browser_download_url: url ?? `${server.url}${files}v${version}/${name}`,
      }));
      sendJson(response, { tag_name: `v${version}`, assets });
    };
    if (api === undefined) serve();
    else api(request, response, serve);
  });
  return {
    ...server,
    asked: () => server.requests.filter(({ url }) => !url.startsWith(files)),
    fetched: () => server.requests.filter(({ url }) => url.startsWith(files)),
  };
}

/** With ranges, as GitHub's own hosts do. */
function send({ content }: ReleaseFile, request: SeenRequest, response: ServerResponse): void {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? "")?.[1] ?? 0);
  const headers = { etag: '"one"', "accept-ranges": "bytes", "content-length": content.length - start };
  if (start === 0) response.writeHead(200, headers);
  else {
    const range = `bytes ${start}-${content.length - 1}/${content.length}`;
    response.writeHead(206, { ...headers, "content-range": range });
  }
  response.end(content.subarray(start));
}
