/**
 * `Response` and `Headers` for the time of a simulation: what client and agent use of them, without what makes those of the
 * runtime cost more than all the rest of a request. A stream stays a stream.
 */
const encoder = new TextEncoder();
const decoder = new TextDecoder();

type Init = Readonly<Record<string, string>> | LightHeaders | readonly (readonly [string, string])[] | undefined;

/** Names in lower case, one value each. */
export class LightHeaders {
  readonly #values = new Map<string, string>();

  constructor(init?: Init) {
    if (init === undefined) return;
    const entries = init instanceof LightHeaders || Array.isArray(init) ? init : Object.entries(init);
    for (const [name, value] of entries) this.#values.set(name.toLowerCase(), value);
  }

  get(name: string): string | null {
    return this.#values.get(name.toLowerCase()) ?? null;
  }

  has(name: string): boolean {
    return this.#values.has(name.toLowerCase());
  }

  set(name: string, value: string): void {
    this.#values.set(name.toLowerCase(), value);
  }

  [Symbol.iterator](): IterableIterator<[string, string]> {
    return this.#values.entries();
  }

  entries(): IterableIterator<[string, string]> {
    return this.#values.entries();
  }
}

interface ResponseOptions {
  readonly status?: number;
  readonly statusText?: string;
  readonly headers?: Init;
}

type Body = string | Uint8Array | ReadableStream<Uint8Array> | null;

/** An answer whose body is there, or a stream. */
export class LightResponse {
  readonly status: number;
  readonly statusText: string;
  readonly headers: LightHeaders;
  readonly ok: boolean;
  readonly type = "basic";
  readonly redirected = false;
  readonly url = "";
  readonly #bytes: Uint8Array | undefined;
  readonly body: unknown;

  constructor(body: Body = null, { status = 200, statusText = "", headers }: ResponseOptions = {}) {
    this.status = status;
    this.statusText = statusText;
    this.headers = headers instanceof LightHeaders ? headers : new LightHeaders(headers);
    this.ok = status >= 200 && status < 300;
    this.#bytes = typeof body === "string" ? encoder.encode(body) : body instanceof Uint8Array ? body : undefined;
    this.body = this.#bytes === undefined ? body : bodyOf(this.#bytes);
  }

  async arrayBuffer(): Promise<ArrayBufferLike> {
    const { buffer } = (this.#bytes ?? new Uint8Array(0)).slice();
    return buffer;
  }

  async text(): Promise<string> {
    return decoder.decode(this.#bytes ?? new Uint8Array(0));
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }
}

/** A body that is there is read as a stream is. */
function bodyOf(bytes: Uint8Array): object {
  let isRead = false;
  const cancel = async (): Promise<void> => {
    isRead = true;
  };
  const read = async (): Promise<ReadableStreamReadResult<Uint8Array>> => {
    if (isRead) return { done: true, value: undefined };
    isRead = true;
    return { done: false, value: bytes };
  };
  return { getReader: () => ({ read, cancel, releaseLock: () => {} }), cancel };
}
