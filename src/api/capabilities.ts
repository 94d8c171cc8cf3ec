/**
 * Differences in kind between the protocols of agent servers. A turn asks for a capability and never for a version: two releases
 * of one protocol can differ in it, and a third protocol answers the same questions.
 */
export interface Capabilities {
  /**
   * The server drops a prompt whose ids it has had, whatever came after it: a prompt with a lost answer is sent again without a
   * look. 1.x runs such a prompt once more when another turn came between, so the message is looked for first.
   */
  readonly canRepeatPrompt: boolean;
  /**
   * A stored prompt that is sent again under its ids makes the server go on with a run that was cut. Where it is false, a new prompt
   * continues the run.
   */
  readonly continuesRepeatedPrompt: boolean;
  /** The caller chooses the id of a new session, so that a repeated creation makes one session. */
  readonly choosesSessionIds: boolean;
  /** Missed events can be read again by their sequence numbers. Without it, reads of the stored messages fill the gaps. */
  readonly hasDurableLog: boolean;
  /** Rules of a session can only be added: a rule is taken back by a later rule that contradicts it. */
  readonly rulesAreAppendOnly: boolean;
  /** The model of a prompt stays the model of the session's later prompts that name none. */
  readonly modelSticks: boolean;
}
