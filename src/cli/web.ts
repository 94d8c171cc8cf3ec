/** `opencode-ts web`: serves the page until it is told to stop. */
import { startWeb, type WebOptions } from "../web/server.js";

/** What the command line gives. */
export interface WebCommand {
  /** Of the page; 0 for any free one. Default 3000. */
  readonly port?: number | undefined;
  /** Where the agent works. Default: the current directory. */
  readonly directory?: string | undefined;
  /** `"provider/model"` that the page starts with. */
  readonly model?: string | undefined;
  /** Address of a running agent. Its password is taken from `OPENCODE_SERVER_PASSWORD`. */
  readonly attach?: string | undefined;
}

/**
 * Serves the page until `signal` aborts, and says by `note` where it is. Throws what `startWeb` throws, and
 * `ServerExitedError` when the agent has ended for good.
 */
export async function runWeb(
  { port, directory, model, attach }: WebCommand,
  note: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const onUrl = (url: string): void => note(`a browser has logged in; for another one: ${url}`);
  const page = { port, signal, model, onUrl };
  const options: WebOptions =
    attach === undefined
      ? { ...page, directory }
      : { ...page, directory, baseUrl: attach, password: process.env["OPENCODE_SERVER_PASSWORD"] };
  const web = await startWeb(options);
  try {
    note(`the page is at ${web.url}`);
    note("this address works once, in one browser; Ctrl-C ends the page");
    await web.closed;
  } finally {
    await web.close();
  }
}
