/** What has really happened: a fault that was drawn but never came to pass (the answer was too short) does not count. */
import type { FaultKind } from "./faults.js";
import type { SeenRequest } from "./routes.js";

/** One fault that happened. */
export interface HappenedFault {
  readonly kind: FaultKind;
  /** `Date.now()`. */
  readonly from: number;
  /** The same as `from`, or the end of an outage; infinite while it lasts. */
  until: number;
  /** The one session it can have touched; `undefined`: any. */
  readonly sessionId: string | undefined;
  /** The request that met it, for example `GET /event`. */
  readonly request: string | undefined;
}

/** Entries about traffic that are kept: they only help to explain. */
const most = 20_000;

/** The faults of a run, for counting and for finding out which prompts they can have touched. */
export class FaultLog {
  readonly times: Map<FaultKind, number> = new Map();
  #faults: HappenedFault[] = [];
  #traffic: { readonly at: number; readonly sessionId: string; readonly text: string }[] = [];

  /** Notes an outage that begins; its end is set later in what this returns. */
  outage(kind: FaultKind): HappenedFault {
    return this.#add({
      kind,
      from: Date.now(),
      until: Number.POSITIVE_INFINITY,
      sessionId: undefined,
      request: undefined,
    });
  }

  /** Notes a fault of one request. */
  request(kind: FaultKind, { method, path, sessionId }: SeenRequest): void {
    const from = Date.now();
    this.#add({ kind, from, until: from, sessionId, request: `${method} ${path}` });
  }

  #add(fault: HappenedFault): HappenedFault {
    this.#faults.push(fault);
    this.times.set(fault.kind, (this.times.get(fault.kind) ?? 0) + 1);
    return fault;
  }

  /** Drops what was over before a moment (`Date.now()`): a run that goes on for long judges its prompts as they end. */
  forget(before: number): void {
    this.#faults = this.#faults.filter(({ until }) => until >= before);
    this.#traffic = this.#traffic.filter(({ at }) => at >= before);
  }

  /** Notes what went over a session's connection: for telling how a breach came about. */
  traffic({ method, path, sessionId }: SeenRequest, what: string): void {
    if (sessionId === undefined) return;
    this.#traffic.push({
      at: Date.now(),
      sessionId,
      text: `${method} ${path.replace(/^\/session\/[^/]+/, "…")} ${what}`,
    });
    if (this.#traffic.length > most) this.#traffic.splice(0, most / 2);
  }

  /** What a prompt has met, in order: faults, and the requests of its session. Times are ms since `from`. */
  trail(from: number, until: number, sessionId: string | undefined): string[] {
    const faults = this.touching(from, until, sessionId).map((fault) => ({ at: fault.from, text: told(fault) }));
    const traffic = this.#traffic.filter(
      (entry) => entry.sessionId === sessionId && entry.at >= from && entry.at <= until,
    );
    return [...faults, ...traffic].sort((a, b) => a.at - b.at).map(({ at, text }) => `${at - from} ms: ${text}`);
  }

  /** The faults between two moments that can have touched a prompt of this session. */
  touching(from: number, until: number, sessionId: string | undefined): HappenedFault[] {
    return this.#faults.filter(
      (fault) =>
        fault.from <= until &&
        fault.until >= from &&
        (fault.sessionId === undefined || sessionId === undefined || fault.sessionId === sessionId),
    );
  }

  get total(): number {
    return [...this.times.values()].reduce((sum, times) => sum + times, 0);
  }
}

function told({ kind, request, from, until }: HappenedFault): string {
  const lasted = until > from ? ` for ${until - from} ms` : "";
  return `${kind}${lasted}${request === undefined ? "" : `: ${request}`}`;
}
