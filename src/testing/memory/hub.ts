/** The event streams: one directory's, and all directories' with the copies that the server keeps for replay. */
import { onAbort } from "../../util/abort.js";
import { unref } from "../../util/delay.js";
import type { JsonRecord } from "../../util/json.js";
import type { Ids } from "./ids.js";

/** Between two heartbeats of a stream, in ms. */
const heartbeatInterval = 10_000;

interface Listener {
  /** `undefined`: all directories. */
  readonly directory: string | undefined;
  readonly send: (bytes: Uint8Array) => void;
  readonly end: (error?: unknown) => void;
}

/** What an event belongs to. */
export interface EventScope {
  readonly directory: string;
  readonly project: string;
}

const encoder = new TextEncoder();
const headers = {
  "content-type": "text/event-stream",
  "cache-control": "no-cache, no-transform",
  "x-accel-buffering": "no",
  "x-content-type-options": "nosniff",
};

/** All open streams of one agent. */
export class Hub {
  readonly #ids: Ids;
  readonly #listeners = new Set<Listener>();
  readonly #sequence = new Map<string, number>();

  constructor(ids: Ids) {
    this.#ids = ids;
  }

  /** A new stream. It ends with `signal`'s reason, and begins with `server.connected`. */
  open(directory: string | undefined, signal: AbortSignal | undefined): Response {
    let beat: ReturnType<typeof setTimeout> | undefined;
    let forget = (): void => {};
    let controller: ReadableStreamDefaultController<Uint8Array> | undefined;
    const close = (): void => {
      clearTimeout(beat);
      forget();
      this.#listeners.delete(listener);
    };
    const listener: Listener = {
      directory,
      send: (bytes) => controller?.enqueue(bytes),
      end: (error) => {
        close();
        if (error === undefined) controller?.close();
        else controller?.error(error);
      },
    };
    const stream = new ReadableStream<Uint8Array>({
      start: (own) => {
        controller = own;
      },
      cancel: close,
    });
    const own = (type: string): Uint8Array => {
      const event = `{"id":"${this.#ids.next("evt")}","type":"${type}","properties":{}}`;
      return encoder.encode(`data: ${directory === undefined ? `{"payload":${event}}` : event}\n\n`);
    };
    const heartbeats = (): void => {
      beat = setTimeout(() => {
        listener.send(own("server.heartbeat"));
        heartbeats();
      }, heartbeatInterval);
      unref(beat);
    };
    this.#listeners.add(listener);
    if (signal !== undefined) forget = onAbort(signal, () => listener.end(signal.reason));
    listener.send(own("server.connected"));
    heartbeats();
    return new Response(stream, { status: 200, headers });
  }

  /** Tells all who listen. `aggregate` names the session whose history the event becomes part of. */
  publish(scope: EventScope | undefined, type: string, properties: JsonRecord, aggregate?: string): void {
    const id = this.#ids.next("evt");
    const seq = aggregate === undefined ? 0 : (this.#sequence.get(aggregate) ?? -1) + 1;
    if (aggregate !== undefined) this.#sequence.set(aggregate, seq);
    if (this.#listeners.size === 0) return;
    const json = JSON.stringify(properties);
    const event = `{"id":"${id}","type":"${type}","properties":${json}}`;
    let local: Uint8Array | undefined;
    let global: Uint8Array | undefined;
    for (const { directory, send } of this.#listeners) {
      if (scope !== undefined && directory === scope.directory) {
        local ??= encoder.encode(`data: ${event}\n\n`);
        send(local);
      } else if (directory === undefined) {
        global ??= encoder.encode(globalEvents(scope, event, aggregate, { id, type, seq, json }));
        send(global);
      }
    }
  }

  /** Ends the streams of one directory after what was told. */
  end(directory: string): void {
    for (const listener of [...this.#listeners]) if (listener.directory === directory) listener.end();
  }

  /** Ends all: with an error as a lost connection, without one as a server that closes. */
  endAll(error?: unknown): void {
    for (const listener of [...this.#listeners]) listener.end(error);
  }
}

function globalEvents(
  scope: EventScope | undefined,
  event: string,
  aggregate: string | undefined,
  { id, type, seq, json }: { id: string; type: string; seq: number; json: string },
): string {
  const where = scope && `"directory":${JSON.stringify(scope.directory)},"project":"${scope.project}",`;
  const head = `data: {${where ?? ""}"payload":`;
  const told = `${head}${event}}\n\n`;
  if (aggregate === undefined) return told;
  const sync = `{"id":"${id}","type":"${type}.1","seq":${seq},"aggregateID":"${aggregate}","data":${json}}`;
  return `${told}${head}{"type":"sync","syncEvent":${sync},"id":"${id}"}}\n\n`;
}
