/** How a stand-in is started. */
import type { JsonRecord } from "../../../src/util/json.js";

export interface StandInOptions {
  /** Configuration in the 1.x or the 2.x form, for every directory. @default none */
  readonly config?: JsonRecord | undefined;
  /** Folder with an `opencode.json` that counts less than those of projects. @default none */
  readonly configFolder?: string | undefined;
  /** Whether a project's own `opencode.json` counts. @default true */
  readonly projectConfig?: boolean | undefined;
  /** The server's own directory. @default the working directory */
  readonly directory?: string | undefined;
  /** @default random */
  readonly password?: string | undefined;
  /** @default a free port */
  readonly port?: number | undefined;
  /** Folder where sessions and saved rules are kept over restarts. @default none: they end with the server */
  readonly state?: string | undefined;
  /** For so long after the start everything but `/api/info` is 503 `service_starting`, in ms; `Infinity`: until
   * `ready()`. @default 0 */
  readonly startingFor?: number | undefined;
  /** For so long after a directory was first named its lists are empty, in ms; `Infinity`: until `settle()`. @default 0 */
  readonly settlingFor?: number | undefined;
  /** Waits between tries of a failing model, in ms. @default { min: 2000, max: 10000 } */
  readonly retryDelay?: { readonly min: number; readonly max: number } | undefined;
  /** Called with each violation. @default nothing */
  readonly onViolation?: ((message: string) => void) | undefined;
  /** Between two heartbeat comments, in ms. @default 15000 */
  readonly heartbeat?: number | undefined;
}

/** The same with every default filled in. */
export type ResolvedOptions = {
  readonly [Name in Exclude<keyof StandInOptions, "state" | "configFolder">]-?: Exclude<
    StandInOptions[Name],
    undefined
  >;
} & { readonly state: string | undefined; readonly configFolder: string | undefined };
