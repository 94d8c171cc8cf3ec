/** The methods of an `AgentApi` as a list: for whoever does the same to each call of it. */
import type { AgentApi } from "../../src/api/agent-api.js";

/** Everything of an `AgentApi` that is called, group by group. */
export type ApiGroups = Pick<
  AgentApi,
  "sessions" | "prompts" | "messages" | "changes" | "requests" | "catalog" | "mcp" | "files" | "server"
>;

/** One call of a method. */
export interface ApiMethodCall<T> {
  /** Group and method: `"sessions.get"`. */
  readonly name: string;
  readonly args: readonly unknown[];
  readonly work: () => Promise<T>;
}

/** How a call has ended. */
export type Result<T = unknown> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly error: unknown };

type Method = (...args: unknown[]) => unknown;

/** Methods whose result is walked. One call fetches all of it. */
const walks: ReadonlySet<string> = new Set(["newestFirst", "oldestFirst"]);

/** The same methods; `through` makes each call. */
export function callThrough(groups: ApiGroups, through: <T>(call: ApiMethodCall<T>) => Promise<T>): ApiGroups {
  const wrapped = Object.entries(groups).map(([group, methods]) => {
    const own = Object.entries<Method>(Object(methods)).map(([name, method]) => {
      const call = <T>(args: readonly unknown[], work: () => Promise<T>) =>
        through({ name: `${group}.${name}`, args, work });
      const walk = async function* (...args: unknown[]): AsyncGenerator<unknown> {
        yield* await call(args, () => collect(method(...args) as AsyncIterable<unknown>));
      };
      const plain: Method = (...args) => call(args, async () => method(...args));
      return [name, walks.has(name) ? walk : plain];
    });
    return [group, Object.fromEntries(own)];
  });
  return Object.fromEntries(wrapped) as ApiGroups; // the names are those of `groups`
}

/** Methods that an implementation does not have. */
export function unavailable<T, K extends keyof T = keyof T>(names: readonly K[]): Pick<T, K> {
  const refuse = (name: K) => (): Promise<never> => Promise.reject(new Error(`not in memory: ${String(name)}`));
  return Object.fromEntries(names.map((name) => [name, refuse(name)])) as Pick<T, K>;
}

async function collect(items: AsyncIterable<unknown>): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const item of items) all.push(item);
  return all;
}
