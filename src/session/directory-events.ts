/** The events of all sessions of the connection's directory, for `opencode.events()`. */
import { listen } from "../events/listen.js";
import type { AgentEvent } from "../types/event.js";
import { optionNames } from "../types/option-names.js";
import type { EventsOptions } from "../types/session-options.js";
import { checkOptions } from "../util/check-options.js";
import type { Connection } from "./context.js";

/** Each iteration listens from its begin on. Throws `ConfigError` for a wrong option. */
export function directoryEvents(connection: Connection, options: EventsOptions): AsyncIterable<AgentEvent> {
  checkOptions(options, optionNames.events, "events()");
  const strict = options.strict === true;
  return {
    [Symbol.asyncIterator]: () => {
      const { client, hub } = connection.scope(undefined);
      return listen({ hub, lifetime: connection.lifetime, strict, logger: client.logger });
    },
  };
}
