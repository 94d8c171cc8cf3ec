/**
 * A stand-in of released 2.1, made from public texts (`README.md`): a real server on loopback that
 * calls a real model. It refuses and records whatever the contract does not have.
 */
import { randomText } from "../../../src/util/ids.js";
import { listen } from "./http/server.js";
import type { ResolvedOptions, StandInOptions } from "./options.js";
import { World } from "./world.js";

/** A running stand-in. */
export interface StandIn extends AsyncDisposable {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** Of the user `opencode`. */
  readonly password: string;
  /** What clients did that the contract does not have, in order. */
  readViolations(): readonly string[];
  /** Ends the start phase. */
  ready(): void;
  /** Fills the lists of the directories that were named. */
  settle(): void;
  /** Ends all event streams, as a cut of the network does. */
  cutStreams(): void;
  /** Interrupts all runs, and ends. Further calls do nothing. */
  close(): Promise<void>;
}

/** Starts a stand-in on a free port. */
export async function startStandIn(options: StandInOptions = {}): Promise<StandIn> {
  const resolved: ResolvedOptions = {
    config: options.config ?? {},
    configFolder: options.configFolder,
    projectConfig: options.projectConfig ?? true,
    directory: options.directory ?? process.cwd(),
    password: options.password ?? randomText(32),
    port: options.port ?? 0,
    state: options.state,
    startingFor: options.startingFor ?? 0,
    settlingFor: options.settlingFor ?? 0,
    retryDelay: options.retryDelay ?? { min: 2_000, max: 10_000 },
    onViolation: options.onViolation ?? (() => {}),
    heartbeat: options.heartbeat ?? 15_000,
  };
  const world = new World(resolved);
  const { server, url } = await listen(world, resolved.port);
  world.url = url;
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    world.shells.abort();
    await world.runs.close();
    world.hub.close();
    await world.mcp.close();
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  };
  return {
    url,
    password: resolved.password,
    readViolations: () => world.violations,
    ready: () => world.ready(),
    settle: () => world.locations.settle(),
    cutStreams: () => world.hub.close(),
    close: () => {
      closed ??= close();
      return closed;
    },
    [Symbol.asyncDispose]: () => {
      closed ??= close();
      return closed;
    },
  };
}
