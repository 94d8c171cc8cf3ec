/** What belongs to a server besides its process: its mark, private folder, watchdog and record. All of it ends with it. */

import { identify, linuxStartTime, thisMachine } from "../process/process-identity.js";
import { newTag } from "../process/process-tag.js";
import { messageOf } from "../util/error-message.js";
import type { LevelLogger } from "../util/logger.js";
import { recordPath, removeRecord, writeRecord } from "./pid-record.js";
import { createTemporary, removeFolder, removeFolderNow, temporaryPath } from "./private-home.js";
import type { AgentProcess } from "./spawn.js";
import { Watchdog } from "./watchdog.js";

/** The resources of one server, from before its first process until after its last. */
export class OwnedResources {
  /** Every process of the server carries it in its environment. */
  readonly mark: string = newTag();
  /** Absolute, links resolved. */
  readonly folder: string;
  readonly watchdog: Watchdog;
  readonly #logger: LevelLogger;
  #agent: AgentProcess | undefined;
  #isReleased = false;
  #writing: Promise<void> = Promise.resolve();

  /** @throws {ServerStartupError} when no private folder can be made. */
  constructor(logger: LevelLogger) {
    this.#logger = logger;
    this.folder = temporaryPath(this.mark);
    // First, so that there is no moment in which something is there that it does not know of.
    this.watchdog = new Watchdog({ mark: this.mark, folder: this.folder, record: recordPath(this.mark), logger });
    try {
      createTemporary(this.folder);
    } catch (error) {
      void this.watchdog.end();
      throw error;
    }
    this.#writeRecord();
  }

  /** The server's process from now on; the one before it has ended. */
  adopt(agent: AgentProcess): void {
    this.#agent = agent;
    this.watchdog.watch(agent.pid, process.platform === "linux" ? linuxStartTime(agent.pid) : "");
    this.#writeRecord();
    // Its number may become another process's.
    void agent.exited.then(() => {
      if (this.#agent === agent) this.watchdog.watch();
    });
  }

  /** Ends everything at once, for the moment in which this process ends. The watchdog looks again after that. */
  killNow(): void {
    this.#agent?.kill("SIGKILL");
    removeFolderNow(this.folder);
    this.#removeRecord();
  }

  /** Removes everything, once the process has ended. What cannot be removed is a line in the log. */
  async release(): Promise<void> {
    this.#isReleased = true;
    await removeFolder(this.folder).catch((error: unknown) => {
      this.#logger.warn(`${this.folder} could not be removed: ${messageOf(error)}`);
    });
    this.#removeRecord();
    await this.watchdog.end();
  }

  #writeRecord(): void {
    if (process.platform === "win32") return; // where nobody could tell whether it still holds
    this.#writing = this.#writing.then(() => this.#write()); // in the order of the calls
  }

  async #write(): Promise<void> {
    const [owner, server] = await Promise.all([identify(process.pid), this.#agent && identify(this.#agent.pid)]);
    if (this.#isReleased) return;
    try {
      writeRecord({ mark: this.mark, machine: thisMachine(), owner, server, folder: this.folder });
    } catch (error) {
      this.#logger.debug(`the server has no record: ${messageOf(error)}`);
    }
  }

  #removeRecord(): void {
    try {
      removeRecord(this.mark);
    } catch (error) {
      this.#logger.debug(`the record of the server could not be removed: ${messageOf(error)}`);
    }
  }
}
