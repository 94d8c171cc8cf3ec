/** Small requests to a server of our own, before and after the time in which a client does that. */
import { Agent, request } from "node:http";
import { onAbort } from "../util/abort.js";

/** One request. */
export interface LoopbackRequest {
  readonly url: string;
  readonly method: "GET" | "POST";
  readonly username: string;
  readonly password: string;
  /** For everything, ms. Default: none. */
  readonly timeout?: number | undefined;
  /** Ends it. */
  readonly signal?: AbortSignal | undefined;
}

/** The answer, with at most a mebibyte of its body. */
export interface LoopbackResponse {
  readonly status: number;
  readonly contentType: string;
  readonly body: string;
}

const maxBody = 1_048_576;

/**
 * Asks a server on this machine. Not by `fetch`: that one goes through a proxy where the runtime is told to use one, and
 * an application may have replaced it. Rejects with the network's error.
 */
export function loopbackRequest({
  url,
  method,
  username,
  password,
  timeout,
  signal,
}: LoopbackRequest): Promise<LoopbackResponse> {
  return new Promise((resolve, reject) => {
    // Deno's agent goes through the environment's proxy unless it is told that there is none.
    const settings: object = { proxyEnv: {} };
    const call = request(url, { method, agent: new Agent(settings), auth: `${username}:${password}` }, (response) => {
      let body = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        body += chunk;
        if (body.length > maxBody) call.destroy(new Error(`The answer of ${method} ${url} is too long.`));
      });
      response.on("error", fail);
      response.on("end", () => {
        settle();
        resolve({ status: response.statusCode ?? 0, contentType: response.headers["content-type"] ?? "", body });
      });
    });
    const fail = (error: Error): void => {
      settle();
      reject(error);
    };
    const end = (): void => void call.destroy(new Error(`No answer to ${method} ${url} within ${timeout} ms.`));
    const timer = timeout === undefined ? undefined : setTimeout(end, timeout);
    const forget =
      signal === undefined ? undefined : onAbort(signal, () => void call.destroy(new Error("Not needed.")));
    const settle = (): void => {
      clearTimeout(timer);
      forget?.();
    };
    call.on("error", fail);
    call.end();
  });
}
