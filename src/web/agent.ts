/** The agent behind the page: started for it, or somebody else's. */
import {
  ConfigError,
  type ConnectOptions,
  createOpencode,
  createOpencodeServer,
  type OpencodeServer,
  type Protocol,
  ServerExitedError,
  type ServerOptions,
} from "../index.js";

/** Where requests for the agent go, and with which credentials. */
export interface Agent {
  /** Without credentials, without a slash at the end. */
  readonly url: URL;
  readonly directory: string | undefined;
  readonly version: string;
  /** Which routes the page's client calls. */
  readonly protocol: Protocol;
  /** The `authorization` header. `isRefused`: the last one was answered with 401. */
  authorization(isRefused: boolean): Promise<string | undefined>;
  /** The server that was started for the page. */
  readonly server: OpencodeServer | undefined;
  /** Resolves with the reason when it has ended by itself. */
  readonly ended: Promise<Error>;
  close(): Promise<void>;
}

/** Options of `createOpencode` that concern the agent itself. The turns are the page's. */
export type AgentOptions = (Omit<ServerOptions, "port" | "hostname"> | ConnectOptions) & {
  readonly model?: string | undefined;
};

/** Starts the agent, or connects to it. Throws as `createOpencode` does. */
export function openAgent(options: AgentOptions): Promise<Agent> {
  return isConnect(options) ? connect(options) : start(options);
}

async function start(options: Omit<ServerOptions, "port" | "hostname">): Promise<Agent> {
  const server = await createOpencodeServer({ restart: true, ...options });
  const { url, directory, version, username, password } = server;
  try {
    const { protocol } = await look({ baseUrl: url, directory, username, password });
    return {
      server,
      url: new URL(url),
      directory,
      version,
      protocol,
      authorization: async () => basic(username, password),
      ended: server.exited.then(
        ({ exitCode, signal }) =>
          new ServerExitedError("the agent has ended", { exitCode, signal, tail: server.outputTail() }),
      ),
      close: () => server.close(),
    };
  } catch (error) {
    await server.close();
    throw error;
  }
}

async function connect(options: ConnectOptions): Promise<Agent> {
  const seen = await look(options);
  const url = new URL(options.baseUrl);
  const { username = decodeURIComponent(url.username) || "opencode" } = options;
  const password = options.password ?? decodeURIComponent(url.password);
  url.username = "";
  url.password = "";
  url.pathname = url.pathname.replace(/\/+$/, "");
  const { token } = options;
  return {
    ...seen,
    server: undefined,
    url,
    authorization: token === undefined ? async () => basic(username, password) : bearer(token),
    ended: new Promise(() => {}), // it is not ours to watch
    close: async () => {},
  };
}

/** The library's own check: an address that is none, a wrong password or an old release is said at once. */
async function look(options: ConnectOptions): Promise<Pick<Agent, "directory" | "version" | "protocol">> {
  await using checked = await createOpencode(options);
  const { name, version } = checked.protocol;
  const { directory = (await checked.api.catalog.paths()).directory } = options;
  return { directory, version, protocol: name === "v1" ? "v1" : "v2" };
}

function isConnect(options: AgentOptions): options is ConnectOptions {
  return "baseUrl" in options && options.baseUrl !== undefined;
}

function basic(username: string, password: string): string | undefined {
  return password === "" ? undefined : `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;
}

/** A token that a function gives is kept until it is refused. */
function bearer(token: NonNullable<ConnectOptions["token"]>): Agent["authorization"] {
  let current: string | undefined;
  return async (isRefused) => {
    if (current === undefined || isRefused) current = typeof token === "function" ? await token() : token;
    if (!/^[\x21-\x7e]+$/.test(current))
      throw new ConfigError("token: it contains characters that are not allowed in a header");
    return `Bearer ${current}`;
  };
}
