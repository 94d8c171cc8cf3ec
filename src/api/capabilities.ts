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
  /**
   * A prompt that comes while another runs waits on the server, and has a run of its own behind that one. 1.x puts it into the run that
   * is going on. Whether one particular prompt may wait there is for `PromptsApi.mayQueue` to say.
   */
  readonly queuesPrompts: boolean;
  /** A prompt that waits on the server can be taken back by `PromptsApi.withdraw`. Where it is false, only its run can be ended. */
  readonly withdrawsPrompts: boolean;
  /**
   * A sub-agent's session begins with the rules of the session that calls it, and rules can be taken out of a session again. Where it is
   * false, a sub-agent has the denials alone, and the rules of a session only become more.
   */
  readonly handsOnRules: boolean;
  /** The error of a tool call that the server's rules have refused says so. Where it is false, it is like any other error. */
  readonly tellsDenials: boolean;
  /** A prompt can name the form of its answer. Where it is false, the model is told in words. */
  readonly hasNativeOutput: boolean;
  /** The server puts a command's arguments into its template. Where it is false, the whole text is sent as a prompt. */
  readonly expandsCommands: boolean;
  /** The server compacts a session when its last step has used what the model takes, less what is kept free for the answer. */
  readonly compactsByUsage: boolean;
  /** Clearing a revert brings its files back, and nothing else can. */
  readonly restoresWithRevert: boolean;
  /** One directory can be unloaded without harm to the others. */
  readonly disposesDirectories: boolean;
  /** Changed configuration files of a directory can be taken up without a restart of the server. */
  readonly reloadsDirectories: boolean;
  /** A new key of a provider counts only after the directory was loaded anew. */
  readonly reloadsForKeys: boolean;
  /** A session has a title of its own, which can be changed. */
  readonly storesTitles: boolean;
  /** The metadata of a session can be changed after its creation. */
  readonly changesMetadata: boolean;
  /** One message of a session can be deleted. */
  readonly deletesMessages: boolean;
  /** A session can be deleted. */
  readonly deletesSessions: boolean;
  /** The agent keeps a todo list for each session. */
  readonly keepsTodos: boolean;
  /** Media types that a prompt can have besides texts; `undefined`: all. */
  readonly attachable: ReadonlySet<string> | undefined;
}
