/** The types of the five verbs, from the generated document: which paths there are, what they take and what they give. */
import type { ParamsOption, RequestBodyOption } from "openapi-fetch";
import type { paths } from "../generated/schema.js";
import type { CallOptions } from "./options.js";

/** The verbs the server's documented routes use. */
export type Verb = "get" | "post" | "put" | "patch" | "delete";

type Operation<V extends Verb, P extends keyof paths> = paths[P][V];
type Responses<O> = O extends { responses: infer R } ? R : never;
type SuccessStatus = 200 | 201 | 202 | 204;
// `content?: never` (204) does not match, which makes it `undefined`.
type Content<R> = R extends { content: infer C } ? C[keyof C] : undefined;
type Success<R> = { [S in keyof R & SuccessStatus]: Content<R[S]> }[keyof R & SuccessStatus];
type IsStream<R> = R extends { 200: { content: { "text/event-stream": unknown } } } ? true : false;

/** Paths that have the verb. Event streams are left out: they are read with `stream()`. */
export type PathWith<V extends Verb> = {
  [P in keyof paths]: paths[P] extends { [K in V]: { responses: infer R } }
    ? IsStream<R> extends true
      ? never
      : P
    : never;
}[keyof paths];

/** What the route gives when it succeeds. */
export type ResponseData<V extends Verb, P extends keyof paths> = Success<Responses<Operation<V, P>>>;

/** What a call takes: the route's parameters and body, and the options of every call. */
type CallInit<V extends Verb, P extends keyof paths> = ParamsOption<Operation<V, P>> &
  RequestBodyOption<Operation<V, P>> &
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
