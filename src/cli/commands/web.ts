/** `opencode-ts web`: serves the page until Ctrl-C. */
import { startWeb, type WebOptions } from "../../web/server.js";
import { withDownloadLine } from "../download-progress.js";
import { builtPage } from "../package-files.js";
import { guarded } from "../run-command.js";
import { type Flags, readFallbackModels, readModel, readTarget } from "../settings.js";
import { withCredentials } from "../target.js";
import { createTerminal, type Terminal } from "../terminal.js";

/** Prints the first address, and the addresses for other browsers, on standard output. */
export function web(flags: Flags): Promise<number> {
  return guarded(async (signal) => {
    const terminal = createTerminal(signal);
    const server = await start(flags, terminal, signal);
    try {
      await terminal.text(`${server.url}\n`);
      terminal.note("open this address in a browser. It works once. Ctrl-C ends the page");
      await server.closed;
      signal.throwIfAborted();
    } finally {
      await server.close();
    }
  });
}

function start(flags: Flags, terminal: Terminal, signal: AbortSignal): ReturnType<typeof startWeb> {
  const { port, directory, protocol, isolation, attach } = readTarget(flags);
  const onUrl = (url: string): void => {
    terminal.note("a browser has logged in. Address for another browser:");
    void terminal.text(`${url}\n`).catch(() => {}); // standard output is closed
  };
  const models = { model: readModel(flags.model), fallbackModels: readFallbackModels(flags) };
  const page: WebOptions = { port, signal, ...models, onUrl, page: builtPage, directory, protocol };
  if (attach === undefined) {
    return withDownloadLine(terminal, (onProgress) => startWeb({ ...page, isolation, onProgress }));
  }
  return withCredentials(attach, { terminal, signal }, (server) => startWeb({ ...page, ...server }));
}
