/** The names that the server does know, for errors about one that it does not. */
import { AgentNotFoundError, ModelNotFoundError } from "../../errors/index.js";
import type { DirectoryContext } from "../context.js";

/** The error with the nearest names; when they cannot be read, the error as it is. */
export async function withSuggestions(error: Error, scope: DirectoryContext, signal: AbortSignal): Promise<Error> {
  const { names, client } = scope;
  try {
    if (error instanceof ModelNotFoundError) {
      await names.refresh("models", signal);
      return new ModelNotFoundError(error.message, { ...facts(error), ...names.modelsLike(quoted(error)) });
    }
    if (error instanceof AgentNotFoundError) {
      await names.refresh("agents", signal);
      return new AgentNotFoundError(error.message, { ...facts(error), ...names.agentsLike(quoted(error)) });
    }
  } catch (cause) {
    client.logger.debug(`no suggestions: ${String(cause)}`);
  }
  return error;
}

function quoted({ message }: Error): string {
  return /"([^"]*)"/.exec(message)?.[1] ?? "";
}

function facts({ sessionId, answer, serverName, body }: ModelNotFoundError | AgentNotFoundError): object {
  return { sessionId, answer, serverName, body };
}
