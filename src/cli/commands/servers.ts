/** `serve`, `stop` and `status`. */
import { createOpencodeServer } from "../../index.js";
import { type KeptStatus, keptStatus, listKept, stopAllKept, stopKept } from "../../kept.js";
import { withDownloadLine } from "../download-progress.js";
import { guarded } from "../run-command.js";
import { type Flags, readTarget } from "../settings.js";
import { createTerminal } from "../terminal.js";
import { table } from "./with-server.js";

/** Runs a server in the foreground. Prints its address, and its password unless the environment sets it. */
export function serve(flags: Flags & { readonly hostname?: string }): Promise<number> {
  return guarded(async (signal) => {
    const password = process.env["OPENCODE_SERVER_PASSWORD"] || undefined;
    const { hostname } = flags;
    const { directory, protocol, isolation, port } = readTarget(flags);
    const terminal = createTerminal(signal);
    const options = { directory, hostname, protocol, port, password, isolation, signal } as const;
    const server = await withDownloadLine(terminal, (onProgress) => createOpencodeServer({ ...options, onProgress }));
    await terminal.text(`${server.url}\n`);
    if (password === undefined) await terminal.text(`password ${server.password}\n`);
    terminal.note(`opencode ${server.version} serves ${server.directory}; Ctrl-C stops it`);
    const keepAlive = setInterval(() => {}, 60_000); // the server alone would not keep the process alive
    try {
      const { exitCode } = await server.exited;
      await server.close();
      if (signal.aborted) throw signal.reason;
      terminal.note(`the server has ended by itself (exit code ${exitCode})`);
      return 4;
    } finally {
      clearInterval(keepAlive);
    }
  });
}

/** Stops the daemon of the directory, or all daemons. */
export function stop(flags: Flags & { readonly all?: boolean }): Promise<number> {
  return guarded(async (signal) => {
    const terminal = createTerminal(signal);
    if (flags.all === true) {
      const stopped = await stopAllKept();
      for (const directory of stopped) terminal.note(`stopped the server of ${directory}`);
      if (stopped.length === 0) terminal.note("no server is kept");
      return;
    }
    const isolation = flags.isolated === true ? "clean" : "inherit";
    const selector = { directory: flags.directory, isolation } as const;
    const directory = (await keptStatus(selector))?.server?.directory;
    const wasThere = await stopKept(selector);
    terminal.note(wasThere ? `stopped the server of ${directory}` : "no server is kept for this directory");
  });
}

/** Lists the daemons. */
export function status({ json }: { readonly json?: boolean }): Promise<number> {
  return guarded(async (signal) => {
    const terminal = createTerminal(signal);
    const all = await listKept();
    if (json === true) return terminal.text(`${JSON.stringify(all)}\n`);
    await terminal.text(table(all.map(row)));
    if (all.length === 0) terminal.note("no server is kept");
  });
}

function row({ state, server, entry, problem }: KeptStatus): string[] {
  if (server === undefined) return [state, entry, problem ?? ""];
  const facts = [`process ${server.pid}`, server.version, server.url, server.isolation !== "inherit" ? "isolated" : ""];
  return [state, server.directory, facts.filter((fact) => fact !== "").join(" · "), problem ?? ""];
}
