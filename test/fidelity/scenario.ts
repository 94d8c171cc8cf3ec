/** A scenario: what the model says, and the raw requests of a client, played alike on the real agent and on the one in memory. */
import type { ModelRequest, Script, ScriptedModelOptions } from "../../src/testing/index.js";
import type { ServerEvent } from "../../src/types/event.js";
import type { PlaceName } from "./places.js";
import type { Answer, EventLog } from "./recorder.js";

/** One run of a scenario: made anew for each agent, because a script is used up. */
export interface Play {
  readonly script: Script;
  /** Over the settings of the place, which must be the mortal one: it has a model for each scenario. */
  readonly model?: ScriptedModelOptions;
  /** What the client does. Waits for conditions, never for time. */
  readonly run: (agent: Agent) => Promise<void>;
}

/** A scenario by its name. */
export interface Scenario {
  readonly name: string;
  readonly place: PlaceName;
  readonly play: () => Play;
}

/** What a request may have beside its body. */
export interface SendOptions {
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Sent as it is, instead of a JSON body. */
  readonly raw?: string | undefined;
  /** Another directory than the scenario's; `null`: none is named. */
  readonly directory?: string | null | undefined;
  /** Without it, credentials are sent. */
  readonly anonymous?: boolean | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** The agent under test, as a client on the wire sees it. Everything that is sent and answered is recorded. */
export interface Agent {
  readonly directory: string;
  /** A second directory, on the same server. */
  readonly elsewhere: string;
  /** What the model was asked in this scenario. */
  readonly requests: readonly ModelRequest[];
  /** All events of this scenario's sessions so far. */
  readonly events: readonly ServerEvent[];
  /** `route` is a method and a path: `"POST /session"`. Rejects when the connection breaks. */
  send(route: string, body?: unknown, options?: SendOptions): Promise<Answer>;
  /** The same, and nothing of it is recorded by itself. */
  read(route: string): Promise<Answer>;
  /** Repeats a read until `check` holds; only the last answer is recorded. */
  until(route: string, check: (body: unknown) => boolean): Promise<Answer>;
  /** Another event stream; nothing of it is recorded by itself. */
  listen(route: string, options?: SendOptions): Promise<EventLog>;
  /** Puts something into the recording. */
  note(what: string, value: unknown): void;
  /** A new session with a title; its id. */
  session(body?: object): Promise<string>;
  /** Prompts and waits for the answer of the run. */
  prompt(session: string, text: string, body?: object, options?: SendOptions): Promise<Answer>;
  /** Prompts by `prompt_async`. */
  submit(session: string, text: string, body?: object): Promise<Answer>;
  /** Waits for the `nth` event (from 1) of this type for which `match` holds. */
  event(type: string, match?: (properties: Properties) => boolean, nth?: number): Promise<Properties>;
  /** Waits until the session has gone idle `nth` times. */
  idle(session: string, nth?: number): Promise<void>;
  /** Waits until all runs have ended, and all events that follow from them have come. */
  settled(): Promise<void>;
  /** Waits until the server has counted the changes of all steps that have been seen. */
  counted(): Promise<void>;
  /** Waits until this text, so far, has been sent as deltas. */
  said(text: string): Promise<void>;
  /** Waits until the model has been asked so often. */
  asked(times: number): Promise<void>;
  /** Waits until something holds. */
  eventually(what: string, check: () => boolean | Promise<boolean>): Promise<void>;
  /** Kills the server and starts it again with what it had stored. */
  crash(): Promise<void>;
}

export type Properties = Readonly<Record<string, unknown>>;

/** Names a scenario. */
export function scenario(name: string, play: () => Play, place: PlaceName = "plain"): Scenario {
  return { name, place, play };
}
