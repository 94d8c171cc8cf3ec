/**
 * Differences in kind between the protocols of agent servers. A turn asks for a capability and never for a version: two releases
 * of one protocol can differ in it, and a third protocol answers the same questions.
 */
export interface Capabilities {
  /**
   * The server drops a prompt whose ids it has had, whatever came after it: a prompt with a lost answer is sent again without a
   * look. 1.x runs such a prompt once more when another turn came between, or when its run was ended by a tool call, so the message
   * is looked for first.
   */
  readonly canRepeatPrompt: boolean;
  /**
   * A stored prompt that is sent again under its ids makes the server go on with a run that was cut. Where it is false, a new prompt
   * continues the run.
   */
  readonly continuesRepeatedPrompt: boolean;
}
