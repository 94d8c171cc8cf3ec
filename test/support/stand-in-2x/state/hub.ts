/** Events: one stream for all directories, nothing replayed, numbers with holes on the durable ones. */
import type { ServerResponse } from "node:http";
import type { JsonRecord } from "../../../../src/util/json.js";
import { newId } from "../ids.js";
import type { SessionRecord } from "../types.js";
import type { World } from "../world.js";

/** A reader that is further behind than this is cut off, in bytes. */
const maxBacklog = 16 * 1024 * 1024;

/** Event types whose version is not 1. */
const versions: Readonly<Record<string, number>> = {
  "session.instructions.updated": 2,
  "session.tool.success": 2,
  "session.tool.failed": 2,
  "session.deleted": 2,
  "session.forked": 2,
};

export class Hub {
  readonly #world: World;
  readonly #readers = new Set<ServerResponse>();

  constructor(world: World) {
    this.#world = world;
  }

  /** Begins a stream: `server.connected` at once, then everything from now on. */
  open(response: ServerResponse): void {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-cache" });
    response.write(frame({ id: newId("evt"), type: "server.connected", data: {} }));
    this.#readers.add(response);
    const heartbeat = setInterval(() => response.write(": heartbeat\n\n"), this.#world.options.heartbeat);
    heartbeat.unref();
    response.once("close", () => {
      clearInterval(heartbeat);
      this.#readers.delete(response);
    });
  }

  /** An event that is in no log. */
  ephemeral(type: string, data: JsonRecord, directory?: string): void {
    this.#send({ id: newId("evt"), created: Date.now(), type, ...locationOf(directory), data });
  }

  /** An ephemeral event of a session. */
  passing(record: SessionRecord, type: string, data: JsonRecord = {}): void {
    this.ephemeral(type, { sessionID: record.info.id, ...data }, record.info.location.directory);
  }

  /** A durable event of a session: it takes the next number, and the session is stored first. */
  durable(record: SessionRecord, type: string, data: JsonRecord = {}): void {
    record.seq += 1;
    record.info.time.updated = Date.now();
    this.#world.store.save(record);
    this.#send({
      id: newId("evt"),
      created: Date.now(),
      type,
      durable: { aggregateID: record.info.id, seq: record.seq, version: versions[type] ?? 1 },
      ...locationOf(record.info.location.directory),
      data: { sessionID: record.info.id, ...data },
    });
  }

  /** A durable event that takes a number and is not sent, as `session.usage.recorded` is. */
  hole(record: SessionRecord): void {
    record.seq += 1;
    this.#world.store.save(record);
  }

  /** Ends all streams. */
  close(): void {
    for (const reader of this.#readers) reader.destroy();
  }

  #send(event: JsonRecord): void {
    const text = frame(event);
    for (const reader of this.#readers) {
      reader.write(text);
      if (reader.writableLength > maxBacklog) reader.destroy();
    }
  }
}

function frame(event: JsonRecord): string {
  return `data: ${JSON.stringify(event)}\n\n`;
}

function locationOf(directory: string | undefined): JsonRecord {
  return directory === undefined ? {} : { location: { directory } };
}
