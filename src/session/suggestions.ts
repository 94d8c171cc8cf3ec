/** The names that the server does know, for errors about one that it does not. */
import type { CallOptions } from "../client/client.js";
import { AgentNotFoundError, ModelNotFoundError } from "../errors.js";
import type { Scope } from "./context.js";
import { nearest } from "./failure.js";

/** `"provider/model"` of every model that the server can use. */
export async function modelNames({ client }: Scope, call: CallOptions = {}): Promise<string[]> {
  const { data } = await client.GET("/config/providers", call);
  return data.providers.flatMap((provider) => Object.keys(provider.models).map((model) => `${provider.id}/${model}`));
}

/** Every agent that can be asked for. */
export async function agentNames({ client }: Scope, call: CallOptions = {}): Promise<string[]> {
  const { data } = await client.GET("/agent", call);
  return data.filter(({ hidden }) => hidden !== true).map(({ name }) => name);
}

/** The error with the nearest names; when they cannot be read, the error as it is. */
export async function withSuggestions(error: Error, scope: Scope): Promise<Error> {
  try {
    if (error instanceof ModelNotFoundError) {
      const suggestions = nearest(quoted(error), await modelNames(scope));
      return new ModelNotFoundError(error.message, {
        ...facts(error),
        suggestions,
        hint: hint(suggestions, "models()"),
      });
    }
    if (error instanceof AgentNotFoundError) {
      const suggestions = nearest(quoted(error), await agentNames(scope));
      return new AgentNotFoundError(error.message, {
        ...facts(error),
        suggestions,
        hint: hint(suggestions, "agents()"),
      });
    }
  } catch (cause) {
    scope.client.logger.debug(`no suggestions: ${String(cause)}`);
  }
  return error;
}

function quoted({ message }: Error): string {
  return /"([^"]*)"/.exec(message)?.[1] ?? "";
}

function facts({ sessionId, answer, serverName, body }: ModelNotFoundError | AgentNotFoundError): object {
  return { sessionId, answer, serverName, body };
}

function hint(suggestions: readonly string[], list: string): string {
  return suggestions.length > 0
    ? `Did you mean ${suggestions.join(" or ")}?`
    : `${list} lists the names that the server knows.`;
}
