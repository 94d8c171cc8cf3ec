/** The types of the five verbs, from the generated routes: which paths there are, what they take and what they give. */
import type { Routes } from "../generated/schema.js";
import type { CallOptions } from "./options.js";

/** The verbs the server's documented routes use. */
export type Verb = keyof Routes;

/** Paths that have the verb. Event streams are left out: they are read with `stream()`. */
export type PathWith<V extends Verb> = keyof Routes[V] & string;

/** What the route gives when it succeeds. */
export type ResponseData<V extends Verb, P extends PathWith<V>> = Routes[V][P] extends { data: infer Data }
  ? Data
  : never;

/** The body that the route takes. */
export type RequestBody<V extends Verb, P extends PathWith<V>> = Routes[V][P] extends { init: { body?: infer Body } }
  ? Body
  : never;

/** What a call takes: the route's parameters and body, and the options of every call. */
type CallInit<V extends Verb, P extends PathWith<V>> = (Routes[V][P] extends { init: infer Init } ? Init : never) &
  CallOptions;

/** What every call gives. `response` is for its status and headers: the body has been read. */
export interface CallResult<T> {
  readonly data: T;
  readonly response: Response;
}

type InitArguments<I> = Record<never, never> extends I ? [init?: I] : [init: I];

/** One verb of the client: path template first, then `params`, `body` and call options. */
export type VerbMethod<V extends Verb> = <P extends PathWith<V>>(
  path: P,
  ...init: InitArguments<CallInit<V, P>>
) => Promise<CallResult<ResponseData<V, P>>>;
