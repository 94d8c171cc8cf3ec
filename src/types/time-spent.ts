/** Where the time of a turn went, in ms, as far as the client knows. Each moment counts once. */
export interface TimeSpent {
  /** ms for the start of the server or the connection to it. Only the functions `ask()` and `askStream()` have it. */
  readonly start: number;
  /** ms in the queue behind other turns of the session, of this process or of others. */
  readonly queue: number;
  /** ms for session, rules, tools and submission of the prompt, and for the server's work before the first model step. */
  readonly setup: number;
  /** ms of the model, including a provider that does not answer. */
  readonly model: number;
  /** ms between a failed model call and the next: a rate limit or an outage of the provider. */
  readonly retry: number;
  /** ms of running tools. */
  readonly tools: number;
  /** ms of permission requests and questions that waited for a reply. */
  readonly asked: number;
  /** Time of the next model call, if the turn waited for it. */
  readonly retryAt?: Date | undefined;
}
