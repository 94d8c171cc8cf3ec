/** Where the time of a turn went, in ms, as far as the client knows it. Each moment counts once. */
export interface TimeSpent {
  /** Starting the server or connecting to it; of the functions `ask()` and `askStream()`. */
  readonly start: number;
  /** Behind other turns of the session, this process's and others'. */
  readonly queue: number;
  /** The session, its rules and tools, handing over the prompt, and what the server does before the model's first step. */
  readonly setup: number;
  /** The model, or its provider not answering. */
  readonly model: number;
  /** Between a failed call of the model and the next: a rate limit or an outage of the provider. */
  readonly retry: number;
  /** Tools at work. */
  readonly tools: number;
  /** A permission or question that was not answered yet. */
  readonly asked: number;
  /** While it waits between two calls of the model: when the next one is. */
  readonly retryAt?: Date | undefined;
}
