/** Sessions and saved rules, and their files: a server that was killed finds them again. */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sessionNotFound } from "../http/failure.js";
import type { SessionInfo, SessionRecord } from "../types.js";

/** A rule that an answer `always` has left. */
export interface SavedRule {
  id: string;
  projectID: string;
  action: string;
  resource: string;
  time: { created: number; updated: number };
}

export class Store {
  readonly #sessions = new Map<string, SessionRecord>();
  readonly #folder: string | undefined;
  #saved: SavedRule[] = [];

  constructor(folder: string | undefined) {
    this.#folder = folder;
    if (folder === undefined) return;
    mkdirSync(folder, { recursive: true });
    for (const name of readdirSync(folder).filter((one) => one.startsWith("ses") && one.endsWith(".json"))) {
      const record = JSON.parse(readFileSync(join(folder, name), "utf8")) as SessionRecord;
      this.#sessions.set(record.info.id, record);
    }
    try {
      this.#saved = JSON.parse(readFileSync(join(folder, "saved-rules.json"), "utf8")) as SavedRule[];
    } catch {
      // none were saved
    }
  }

  /** @throws {Failure} 404 */
  get(id: string): SessionRecord {
    const record = this.#sessions.get(id);
    if (record === undefined) throw sessionNotFound(id);
    return record;
  }

  find(id: string): SessionRecord | undefined {
    return this.#sessions.get(id);
  }

  all(): SessionRecord[] {
    return [...this.#sessions.values()];
  }

  childrenOf(id: string): SessionRecord[] {
    return this.all().filter(({ info }) => info.parentID === id);
  }

  add(info: SessionInfo): SessionRecord {
    const record: SessionRecord = {
      info,
      messages: [],
      inbox: [],
      admissions: {},
      entries: {},
      told: {},
      seq: -1,
      executing: false,
      changes: {},
    };
    this.#sessions.set(info.id, record);
    return record;
  }

  remove(id: string): void {
    this.#sessions.delete(id);
    if (this.#folder !== undefined) rmSync(join(this.#folder, `${fileName(id)}.json`), { force: true });
  }

  /** Writes a session that has changed. Whole or not at all: the process may be killed at any moment. */
  save(record: SessionRecord): void {
    if (!this.#sessions.has(record.info.id)) return; // deleted meanwhile
    this.#write(fileName(record.info.id), record);
  }

  get saved(): readonly SavedRule[] {
    return this.#saved;
  }

  setSaved(rules: readonly SavedRule[]): void {
    this.#saved = [...rules];
    this.#write("saved-rules", this.#saved);
  }

  #write(name: string, value: unknown): void {
    if (this.#folder === undefined) return;
    const path = join(this.#folder, `${name}.json`);
    writeFileSync(`${path}.new`, JSON.stringify(value));
    renameSync(`${path}.new`, path);
  }
}

/** Ids may have any characters behind their prefix. */
function fileName(id: string): string {
  return encodeURIComponent(id).slice(0, 200);
}
