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
  /** The id of a new session is the client's choice, and the same id makes no second one: creation is repeated without a look. */
  readonly takesSessionIds: boolean;
  /** A stored prompt has the parts that were sent, with their ids. Where it is false, `PromptsApi.isStored` compares. */
  readonly keepsPromptParts: boolean;
  /** A prompt's agent, model, variant and system text stay with the session, until `PromptsApi.restore` sets them back. */
  readonly keepsTurnOptions: boolean;
  /**
   * A session has permission rules of its own. Where it is false, the rules of a turn are held by the answers to what the server
   * asks, so the server must ask about everything that they restrict.
   */
  readonly hasSessionRules: boolean;
  /** A prompt can name the form of its answer. Where it is false, the model is told in words. */
  readonly hasNativeOutput: boolean;
  /** The server puts a command's arguments into its template. Where it is false, the whole text is sent as a prompt. */
  readonly expandsCommands: boolean;
  /** The server compacts a session when its last step has used what the model takes, less what is kept free for the answer. */
  readonly compactsByUsage: boolean;
  /** Clearing a revert brings its files back, and nothing else can. */
  readonly restoresWithRevert: boolean;
  /** A new key of a provider counts only after the directory was loaded anew. */
  readonly reloadsForKeys: boolean;
}
