/** A process of a simulated world that uses the client. It can die at any moment, and never learns of it. */
import type { Opencode } from "../../../src/client.js";
import type { VirtualClock } from "../world/clock.js";
import type { Network } from "../world/network.js";
import type { Trace } from "../world/trace.js";
import type { Connect } from "./connect.js";

/** Runs of this program: what a dead process leaves in memory must not be met again under the same name. */
let runs = 0;

/** A number that no other world of this program has. */
export function nextRun(): number {
  runs += 1;
  return runs;
}

export interface ProcessOptions {
  readonly name: string;
  readonly run: number;
  readonly clock: VirtualClock;
  readonly network: Network;
  readonly trace: Trace;
  readonly connect: Connect;
}

/** Tries of a connection: a process that cannot begin is not what is tested. */
const mostTries = 40;

/** One process. */
export class SimulatedProcess {
  readonly name: string;
  isDead = false;
  readonly #options: ProcessOptions;
  #opencode: Promise<Opencode> | undefined;

  constructor(options: ProcessOptions) {
    this.name = options.name;
    this.#options = options;
  }

  /** Calls `work` in this process, after `ms`. A process that dies before the end never settles. */
  start<T>(ms: number, work: (opencode: Opencode) => Promise<T>): Promise<T> {
    const { clock } = this.#options;
    return new Promise((resolve, reject) => {
      clock.set(
        () => {
          this.#opencode ??= this.#connect();
          this.#opencode.then(work).then(resolve, reject);
        },
        ms,
        { owner: this.name },
      );
    });
  }

  /** Ends the connection properly; resolves to what is left. */
  async close(): Promise<string[]> {
    const { clock, network, trace } = this.#options;
    if (this.#opencode === undefined || this.isDead) return [];
    await this.start(1, async (opencode) => {
      trace.add(this.name, "close");
      await opencode.close();
      trace.add(this.name, "closed");
    });
    await clock.wait(1, "world"); // what was ended may need a moment to notice
    const timers = clock.pending(this.name).map((at) => `a timer for ${at.toFixed(0)}`);
    return [...timers, ...network.open(this.name).map((name) => `an open request: ${name}`)];
  }

  /** Dies. */
  kill(): void {
    const { clock, network, trace } = this.#options;
    this.isDead = true;
    trace.add("world", `kill ${this.name}`);
    network.kill(this.name);
    clock.forget(this.name);
  }

  async #connect(): Promise<Opencode> {
    const { network, run, trace, connect } = this.#options;
    const baseUrl = `http://${this.name}.r${run}.test`;
    const log = (level: string) => (message: string) => trace.add(this.name, `log ${level} ${withoutRun(message)}`);
    const debug = (message: string): void => {
      if (message.includes("an event could not be read")) network.malformed += 1;
    };
    const logger = { debug, info: () => {}, warn: log("warn"), error: log("error") };
    for (let tries = 1; ; tries += 1) {
      try {
        return await connect(this.name, { baseUrl, logger });
      } catch (error) {
        if (tries >= mostTries) throw error;
      }
    }
  }
}

/** The text without what differs from run to run. */
export function withoutRun(text: string): string {
  return text.replace(/\.r\d+\.test/g, ".test");
}
