/** One of the two agents, ready for one scenario. */
import type { ModelRequest } from "../../src/testing/index.js";

export interface Site extends AsyncDisposable {
  readonly fetch: typeof globalThis.fetch;
  readonly baseUrl: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly directory: string;
  readonly elsewhere: string;
  /** What the model was asked for this scenario's sessions. */
  readonly requests: readonly ModelRequest[];
  /** Tells the site that this session belongs to the scenario: its model requests are answered by the scenario's script. */
  own(session: string): void;
  /** Kills the server and starts it again. */
  crash(): Promise<void>;
}
