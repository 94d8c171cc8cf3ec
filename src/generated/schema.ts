// Written by `npm run generate`. Do not edit.
/**
 * Every object of the agent's API, by its name in the OpenAPI document of 1.18.33, for example `Schemas["Pty"]`. The union of
 * all events is `Schemas["Event"]`. The agent owns these names: they may change with its release.
 */
export interface Schemas {
  Agent: {
    color?: string;
    description?: string;
    hidden?: boolean;
    mode: "subagent" | "primary" | "all";
    model?: { modelID: string; providerID: string };
    name: string;
    native?: boolean;
    options: Record<string, unknown>;
    permission: Schemas["PermissionRuleset"];
    prompt?: string;
    steps?: number;
    temperature?: number;
    topP?: number;
    variant?: string;
  };
  AgentColor: string | ("primary" | "secondary" | "accent" | "success" | "warning" | "error" | "info");
  AgentConfig: {
    /** Hex color code (e.g., #FF5733) or theme color (e.g., primary) */
    color?: string | ("primary" | "secondary" | "accent" | "success" | "warning" | "error" | "info");
    description?: string;
    disable?: boolean;
    hidden?: boolean;
    maxSteps?: number;
    mode?: "subagent" | "primary" | "all";
    model?: string;
    options?: Record<string, unknown>;
    permission?: Schemas["PermissionConfig"];
    prompt?: string;
    steps?: number;
    temperature?: number;
    tools?: { [key: string]: boolean };
    top_p?: number;
    variant?: string;
  } & { [key: string]: unknown };
  AgentPart: {
    id: string;
    messageID: string;
    name: string;
    sessionID: string;
    source?: { end: number; start: number; value: string };
    type: "agent";
  };
  AgentPartInput: {
    id?: string;
    name: string;
    source?: { end: number; start: number; value: string };
    type: "agent";
  };
  AgentV2Info: {
    color?: Schemas["AgentColor"];
    description?: string;
    hidden: boolean;
    id: string;
    mode: "subagent" | "primary" | "all";
    model?: Schemas["ModelRef"];
    permissions: Schemas["PermissionV2Ruleset"];
    request: Schemas["ProviderRequest"];
    steps?: number;
    system?: string;
  };
  ApiAuth: { key: string; metadata?: { [key: string]: string }; type: "api" };
  APIError: { data: Schemas["SessionNextRetry_error"]; name: "APIError" };
  AssistantMessage: {
    agent: string;
    cost: number;
    error?: Schemas["ProviderAuthError"] | Schemas["UnknownError"] | Schemas["MessageOutputLengthError"] | Schemas["MessageAbortedError"] | Schemas["StructuredOutputError"] | Schemas["ContextOverflowError"] | Schemas["ContentFilterError"] | Schemas["APIError"];
    finish?: string;
    id: string;
    mode: string;
    modelID: string;
    parentID: string;
    path: { cwd: string; root: string };
    providerID: string;
    role: "assistant";
    sessionID: string;
    structured?: unknown;
    summary?: boolean;
    time: { completed?: number; created: number };
    tokens: {
      cache: { read: number; write: number };
      input: number;
      output: number;
      reasoning: number;
      total?: number;
    };
    variant?: string;
  };
  AttachmentConfig: { image?: Schemas["ImageAttachmentConfig"] };
  Auth: Schemas["OAuth"] | Schemas["ApiAuth"] | Schemas["WellKnownAuth"];
  BadRequestError: {
    data: { kind?: "Params" | "Headers" | "Query" | "Body" | "Payload"; message: string };
    name: "BadRequest";
  };
  CatalogUpdated: {
    data: Record<string, unknown>;
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "catalog.updated";
  };
  Command: {
    agent?: string;
    description?: string;
    hints: string[];
    model?: string;
    name: string;
    source?: "command" | "mcp" | "skill";
    subtask?: boolean;
    template: string;
  };
  CommandExecuted: {
    data: { arguments: string; messageID: string; name: string; sessionID: string };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "command.executed";
  };
  CommandV2Info: {
    agent?: string;
    description?: string;
    model?: Schemas["ModelRef"];
    name: string;
    subtask?: boolean;
    template: string;
  };
  CompactionPart: {
    auto: boolean;
    id: string;
    messageID: string;
    overflow?: boolean;
    sessionID: string;
    tail_start_id?: string;
    type: "compaction";
  };
  Config: {
    $schema?: string;
    agent?: {
      build?: Schemas["AgentConfig"];
      compaction?: Schemas["AgentConfig"];
      explore?: Schemas["AgentConfig"];
      general?: Schemas["AgentConfig"];
      plan?: Schemas["AgentConfig"];
      summary?: Schemas["AgentConfig"];
      title?: Schemas["AgentConfig"];
    } & { [key: string]: Schemas["AgentConfig"] };
    attachment?: Schemas["AttachmentConfig"];
    autoshare?: boolean;
    /** Automatically update to the latest version. Set to true to auto-update, false to disable, or 'notify' to show update notifications */
    autoupdate?: boolean | "notify";
    command?: {
      [key: string]: {
        agent?: string;
        description?: string;
        model?: string;
        subtask?: boolean;
        template: string;
        variant?: string;
      };
    };
    compaction?: {
      auto?: boolean;
      preserve_recent_tokens?: number;
      prune?: boolean;
      reserved?: number;
      tail_turns?: number;
    };
    default_agent?: string;
    disabled_providers?: string[];
    enabled_providers?: string[];
    enterprise?: { url?: string };
    experimental?: {
      batch_tool?: boolean;
      continue_loop_on_deny?: boolean;
      disable_paste_summary?: boolean;
      mcp_timeout?: number;
      openTelemetry?: boolean;
      policies?: Schemas["ConfigV2ExperimentalPolicy"][];
      primary_tools?: string[];
    };
    /** Enable or configure formatters. Omit or set to false to disable, true to enable built-ins, or an object to enable built-ins with overrides. */
    formatter?: boolean | {
      [key: string]: {
        command?: string[];
        disabled?: boolean;
        environment?: { [key: string]: string };
        extensions?: string[];
      };
    };
    instructions?: string[];
    layout?: Schemas["LayoutConfig"];
    logLevel?: Schemas["LogLevel"];
    /** Enable or configure LSP servers. Omit or set to false to disable, true to enable built-ins, or an object to enable built-ins with overrides. */
    lsp?: boolean | {
      [key: string]: { disabled: true } | {
        command: string[];
        disabled?: boolean;
        env?: { [key: string]: string };
        extensions?: string[];
        initialization?: Record<string, unknown>;
      };
    };
    mcp?: {
      [key: string]: Schemas["McpLocalConfig"] | Schemas["McpRemoteConfig"] | { enabled: boolean };
    };
    mode?: { build?: Schemas["AgentConfig"]; plan?: Schemas["AgentConfig"] } & { [key: string]: Schemas["AgentConfig"] };
    model?: string;
    permission?: Schemas["PermissionConfig"];
    plugin?: (string | [string, Record<string, unknown>])[];
    provider?: { [key: string]: Schemas["ProviderConfig"] };
    reference?: { [key: string]: string | Schemas["ConfigV2ReferenceGit"] | Schemas["ConfigV2ReferenceLocal"] };
    references?: { [key: string]: string | Schemas["ConfigV2ReferenceGit"] | Schemas["ConfigV2ReferenceLocal"] };
    server?: Schemas["ServerConfig"];
    share?: "manual" | "auto" | "disabled";
    shell?: string;
    skills?: { paths?: string[]; urls?: string[] };
    small_model?: string;
    snapshot?: boolean;
    subagent_depth?: number;
    tool_output?: { max_bytes?: number; max_lines?: number };
    tools?: { [key: string]: boolean };
    username?: string;
    watcher?: { ignore?: string[] };
  };
  ConfigV2ExperimentalPolicy: { action: "provider.use"; effect: Schemas["PolicyEffect"]; resource: string };
  ConfigV2ReferenceGit: { branch?: string; description?: string; hidden?: boolean; repository: string };
  ConfigV2ReferenceLocal: { description?: string; hidden?: boolean; path: string };
  ConflictError: { _tag: "ConflictError"; message: string; resource?: string };
  ConnectionCredentialInfo: { id: string; label: string; type: "credential" };
  ConnectionEnvInfo: { name: string; type: "env" };
  ConnectionInfo: Schemas["ConnectionCredentialInfo"] | Schemas["ConnectionEnvInfo"];
  ConsoleState: { activeOrgName?: string; consoleManagedProviders: string[]; switchableOrgCount: number };
  ContentFilterError: { data: { message: string }; name: "ContentFilterError" };
  ContextOverflowError: { data: { message: string; responseBody?: string }; name: "ContextOverflowError" };
  CredentialKey: { key: string; metadata?: Record<string, unknown>; type: "key" };
  CredentialOAuth: {
    access: string;
    expires: number;
    metadata?: Record<string, unknown>;
    methodID: string;
    refresh: string;
    type: "oauth";
  };
  CredentialValue: Schemas["CredentialOAuth"] | Schemas["CredentialKey"];
  effect_HttpApiError_BadRequest: { _tag: "BadRequest" };
  effect_HttpApiError_Forbidden: { _tag: "Forbidden" };
  effect_HttpApiError_InternalServerError: { _tag: "InternalServerError" };
  Event: Schemas["EventModels-devRefreshed"] | Schemas["EventIntegrationUpdated"] | Schemas["EventIntegrationConnectionUpdated"] | Schemas["EventCatalogUpdated"] | Schemas["EventSessionCreated"] | Schemas["EventSessionUpdated"] | Schemas["EventSessionDeleted"] | Schemas["EventMessageUpdated"] | Schemas["EventMessageRemoved"] | Schemas["EventMessagePartUpdated"] | Schemas["EventMessagePartRemoved"] | Schemas["EventSessionNextAgentSwitched"] | Schemas["EventSessionNextModelSwitched"] | Schemas["EventSessionNextMoved"] | Schemas["EventSessionNextPrompted"] | Schemas["EventSessionNextPromptAdmitted"] | Schemas["EventSessionNextContextUpdated"] | Schemas["EventSessionNextSynthetic"] | Schemas["EventSessionNextShellStarted"] | Schemas["EventSessionNextShellEnded"] | Schemas["EventSessionNextStepStarted"] | Schemas["EventSessionNextStepEnded"] | Schemas["EventSessionNextStepFailed"] | Schemas["EventSessionNextTextStarted"] | Schemas["EventSessionNextTextDelta"] | Schemas["EventSessionNextTextEnded"] | Schemas["EventSessionNextReasoningStarted"] | Schemas["EventSessionNextReasoningDelta"] | Schemas["EventSessionNextReasoningEnded"] | Schemas["EventSessionNextToolInputStarted"] | Schemas["EventSessionNextToolInputDelta"] | Schemas["EventSessionNextToolInputEnded"] | Schemas["EventSessionNextToolCalled"] | Schemas["EventSessionNextToolProgress"] | Schemas["EventSessionNextToolSuccess"] | Schemas["EventSessionNextToolFailed"] | Schemas["EventSessionNextRetried"] | Schemas["EventSessionNextCompactionStarted"] | Schemas["EventSessionNextCompactionDelta"] | Schemas["EventSessionNextCompactionEnded"] | Schemas["EventSessionNextRevertStaged"] | Schemas["EventSessionNextRevertCleared"] | Schemas["EventSessionNextRevertCommitted"] | Schemas["EventMessagePartDelta"] | Schemas["EventSessionDiff"] | Schemas["EventSessionError"] | Schemas["EventInstallationUpdated"] | Schemas["EventInstallationUpdate-available"] | Schemas["EventFileEdited"] | Schemas["EventReferenceUpdated"] | Schemas["EventPermissionV2Asked"] | Schemas["EventPermissionV2Replied"] | Schemas["EventPluginAdded"] | Schemas["EventProjectDirectoriesUpdated"] | Schemas["EventFileWatcherUpdated"] | Schemas["EventPtyCreated"] | Schemas["EventPtyUpdated"] | Schemas["EventPtyExited"] | Schemas["EventPtyDeleted"] | Schemas["EventQuestionV2Asked"] | Schemas["EventQuestionV2Replied"] | Schemas["EventQuestionV2Rejected"] | Schemas["EventTodoUpdated"] | Schemas["EventLspUpdated"] | Schemas["EventPermissionAsked"] | Schemas["EventPermissionReplied"] | Schemas["Event.tui.prompt.append"] | Schemas["Event.tui.command.execute"] | Schemas["Event.tui.toast.show"] | Schemas["Event.tui.session.select"] | Schemas["EventMcpToolsChanged"] | Schemas["EventMcpBrowserOpenFailed"] | Schemas["EventCommandExecuted"] | Schemas["EventProjectUpdated"] | Schemas["EventSessionStatus"] | Schemas["EventSessionIdle"] | Schemas["EventQuestionAsked"] | Schemas["EventQuestionReplied"] | Schemas["EventQuestionRejected"] | Schemas["EventSessionCompacted"] | Schemas["EventVcsBranchUpdated"] | Schemas["EventWorkspaceReady"] | Schemas["EventWorkspaceFailed"] | Schemas["EventWorkspaceStatus"] | Schemas["EventWorktreeReady"] | Schemas["EventWorktreeFailed"] | Schemas["EventServerConnected"] | Schemas["EventGlobalDisposed"] | Schemas["EventServerInstanceDisposed"];
  "Event.tui.command.execute": {
    id: string;
    properties: {
      command: ("session.list" | "session.new" | "session.share" | "session.interrupt" | "session.compact" | "session.page.up" | "session.page.down" | "session.line.up" | "session.line.down" | "session.half.page.up" | "session.half.page.down" | "session.first" | "session.last" | "prompt.clear" | "prompt.submit" | "agent.cycle") | string;
    };
    type: "tui.command.execute";
  };
  "Event.tui.prompt.append": { id: string; properties: { text: string }; type: "tui.prompt.append" };
  "Event.tui.session.select": {
    id: string;
    properties: {
      /** Session ID to navigate to */
      sessionID: string;
    };
    type: "tui.session.select";
  };
  "Event.tui.toast.show": {
    id: string;
    properties: {
      duration?: number;
      message: string;
      title?: string;
      variant: "info" | "success" | "warning" | "error";
    };
    type: "tui.toast.show";
  };
  EventCatalogUpdated: { id: string; properties: Record<string, unknown>; type: "catalog.updated" };
  EventCommandExecuted: { id: string; properties: Schemas["CommandExecuted"]["data"]; type: "command.executed" };
  EventFileEdited: { id: string; properties: { file: string }; type: "file.edited" };
  EventFileWatcherUpdated: {
    id: string;
    properties: { event: "add" | "change" | "unlink"; file: string };
    type: "file.watcher.updated";
  };
  EventGlobalDisposed: { id: string; properties: Record<string, unknown>; type: "global.disposed" };
  "EventInstallationUpdate-available": { id: string; properties: { version: string }; type: "installation.update-available" };
  EventInstallationUpdated: { id: string; properties: { version: string }; type: "installation.updated" };
  EventIntegrationConnectionUpdated: { id: string; properties: { integrationID: string }; type: "integration.connection.updated" };
  EventIntegrationUpdated: { id: string; properties: Record<string, unknown>; type: "integration.updated" };
  EventLspUpdated: { id: string; properties: Record<string, unknown>; type: "lsp.updated" };
  EventMcpBrowserOpenFailed: { id: string; properties: { mcpName: string; url: string }; type: "mcp.browser.open.failed" };
  EventMcpToolsChanged: { id: string; properties: { server: string }; type: "mcp.tools.changed" };
  EventMessagePartDelta: {
    id: string;
    properties: { delta: string; field: string; messageID: string; partID: string; sessionID: string };
    type: "message.part.delta";
  };
  EventMessagePartRemoved: {
    id: string;
    properties: { messageID: string; partID: string; sessionID: string };
    type: "message.part.removed";
  };
  EventMessagePartUpdated: {
    id: string;
    properties: { part: Schemas["Part"]; sessionID: string; time: number };
    type: "message.part.updated";
  };
  EventMessageRemoved: { id: string; properties: { messageID: string; sessionID: string }; type: "message.removed" };
  EventMessageUpdated: {
    id: string;
    properties: { info: Schemas["Message"]; sessionID: string };
    type: "message.updated";
  };
  "EventModels-devRefreshed": { id: string; properties: Record<string, unknown>; type: "models-dev.refreshed" };
  EventPermissionAsked: { id: string; properties: Schemas["PermissionRequest"]; type: "permission.asked" };
  EventPermissionReplied: {
    id: string;
    properties: { reply: "once" | "always" | "reject"; requestID: string; sessionID: string };
    type: "permission.replied";
  };
  EventPermissionV2Asked: { id: string; properties: Schemas["PermissionV2Request"]; type: "permission.v2.asked" };
  EventPermissionV2Replied: {
    id: string;
    properties: { reply: Schemas["PermissionV2Reply"]; requestID: string; sessionID: string };
    type: "permission.v2.replied";
  };
  EventPluginAdded: { id: string; properties: { id: string }; type: "plugin.added" };
  EventProjectDirectoriesUpdated: { id: string; properties: { projectID: string }; type: "project.directories.updated" };
  EventProjectUpdated: { id: string; properties: Schemas["Project"]; type: "project.updated" };
  EventPtyCreated: { id: string; properties: { info: Schemas["Pty"] }; type: "pty.created" };
  EventPtyDeleted: { id: string; properties: { id: string }; type: "pty.deleted" };
  EventPtyExited: { id: string; properties: { exitCode: number; id: string }; type: "pty.exited" };
  EventPtyUpdated: { id: string; properties: { info: Schemas["Pty"] }; type: "pty.updated" };
  EventQuestionAsked: { id: string; properties: Schemas["QuestionRequest"]; type: "question.asked" };
  EventQuestionRejected: { id: string; properties: { requestID: string; sessionID: string }; type: "question.rejected" };
  EventQuestionReplied: { id: string; properties: Schemas["QuestionReplied"]; type: "question.replied" };
  EventQuestionV2Asked: { id: string; properties: Schemas["QuestionV2Request"]; type: "question.v2.asked" };
  EventQuestionV2Rejected: {
    id: string;
    properties: { requestID: string; sessionID: string };
    type: "question.v2.rejected";
  };
  EventQuestionV2Replied: {
    id: string;
    properties: { answers: Schemas["QuestionV2Answer"][]; requestID: string; sessionID: string };
    type: "question.v2.replied";
  };
  EventReferenceUpdated: { id: string; properties: Record<string, unknown>; type: "reference.updated" };
  EventServerConnected: { id: string; properties: Record<string, unknown>; type: "server.connected" };
  EventServerInstanceDisposed: { id: string; properties: { directory: string }; type: "server.instance.disposed" };
  EventSessionCompacted: { id: string; properties: { sessionID: string }; type: "session.compacted" };
  EventSessionCreated: {
    id: string;
    properties: { info: Schemas["Session"]; sessionID: string };
    type: "session.created";
  };
  EventSessionDeleted: { id: string; properties: Schemas["EventSessionCreated"]["properties"]; type: "session.deleted" };
  EventSessionDiff: {
    id: string;
    properties: { diff: Schemas["SnapshotFileDiff"][]; sessionID: string };
    type: "session.diff";
  };
  EventSessionError: {
    id: string;
    properties: {
      error?: Schemas["ProviderAuthError"] | Schemas["UnknownError"] | Schemas["MessageOutputLengthError"] | Schemas["MessageAbortedError"] | Schemas["StructuredOutputError"] | Schemas["ContextOverflowError"] | Schemas["ContentFilterError"] | Schemas["APIError"];
      sessionID?: string;
    };
    type: "session.error";
  };
  EventSessionIdle: { id: string; properties: { sessionID: string }; type: "session.idle" };
  EventSessionNextAgentSwitched: {
    id: string;
    properties: { agent: string; messageID: string; sessionID: string; timestamp: number };
    type: "session.next.agent.switched";
  };
  EventSessionNextCompactionDelta: {
    id: string;
    properties: { messageID: string; sessionID: string; text: string; timestamp: number };
    type: "session.next.compaction.delta";
  };
  EventSessionNextCompactionEnded: {
    id: string;
    properties: {
      messageID: string;
      reason: "auto" | "manual";
      recent: string;
      sessionID: string;
      text: string;
      timestamp: number;
    };
    type: "session.next.compaction.ended";
  };
  EventSessionNextCompactionStarted: {
    id: string;
    properties: { messageID: string; reason: "auto" | "manual"; sessionID: string; timestamp: number };
    type: "session.next.compaction.started";
  };
  EventSessionNextContextUpdated: {
    id: string;
    properties: Schemas["EventSessionNextCompactionDelta"]["properties"];
    type: "session.next.context.updated";
  };
  EventSessionNextModelSwitched: {
    id: string;
    properties: { messageID: string; model: Schemas["ModelRef"]; sessionID: string; timestamp: number };
    type: "session.next.model.switched";
  };
  EventSessionNextMoved: {
    id: string;
    properties: {
      location: Schemas["LocationRef"];
      sessionID: string;
      subdirectory?: string;
      timestamp: number;
    };
    type: "session.next.moved";
  };
  EventSessionNextPromptAdmitted: {
    id: string;
    properties: {
      delivery: "steer" | "queue";
      messageID: string;
      prompt: Schemas["Prompt"];
      sessionID: string;
      timestamp: number;
    };
    type: "session.next.prompt.admitted";
  };
  EventSessionNextPrompted: {
    id: string;
    properties: Schemas["EventSessionNextPromptAdmitted"]["properties"];
    type: "session.next.prompted";
  };
  EventSessionNextReasoningDelta: {
    id: string;
    properties: {
      assistantMessageID: string;
      delta: string;
      reasoningID: string;
      sessionID: string;
      timestamp: number;
    };
    type: "session.next.reasoning.delta";
  };
  EventSessionNextReasoningEnded: {
    id: string;
    properties: {
      assistantMessageID: string;
      providerMetadata?: Schemas["LLMProviderMetadata"];
      reasoningID: string;
      sessionID: string;
      text: string;
      timestamp: number;
    };
    type: "session.next.reasoning.ended";
  };
  EventSessionNextReasoningStarted: {
    id: string;
    properties: {
      assistantMessageID: string;
      providerMetadata?: Schemas["LLMProviderMetadata"];
      reasoningID: string;
      sessionID: string;
      timestamp: number;
    };
    type: "session.next.reasoning.started";
  };
  EventSessionNextRetried: {
    id: string;
    properties: {
      attempt: number;
      error: Schemas["SessionNextRetry_error"];
      sessionID: string;
      timestamp: number;
    };
    type: "session.next.retried";
  };
  EventSessionNextRevertCleared: {
    id: string;
    properties: { sessionID: string; timestamp: number };
    type: "session.next.revert.cleared";
  };
  EventSessionNextRevertCommitted: {
    id: string;
    properties: { messageID: string; sessionID: string; timestamp: number };
    type: "session.next.revert.committed";
  };
  EventSessionNextRevertStaged: {
    id: string;
    properties: { revert: Schemas["RevertState"]; sessionID: string; timestamp: number };
    type: "session.next.revert.staged";
  };
  EventSessionNextShellEnded: {
    id: string;
    properties: { callID: string; output: string; sessionID: string; timestamp: number };
    type: "session.next.shell.ended";
  };
  EventSessionNextShellStarted: {
    id: string;
    properties: { callID: string; command: string; messageID: string; sessionID: string; timestamp: number };
    type: "session.next.shell.started";
  };
  EventSessionNextStepEnded: {
    id: string;
    properties: {
      assistantMessageID: string;
      cost: number;
      files?: string[];
      finish: string;
      sessionID: string;
      snapshot?: string;
      timestamp: number;
      tokens: { cache: { read: number; write: number }; input: number; output: number; reasoning: number };
    };
    type: "session.next.step.ended";
  };
  EventSessionNextStepFailed: {
    id: string;
    properties: {
      assistantMessageID: string;
      error: Schemas["SessionErrorUnknown"];
      sessionID: string;
      timestamp: number;
    };
    type: "session.next.step.failed";
  };
  EventSessionNextStepStarted: {
    id: string;
    properties: {
      agent: string;
      assistantMessageID: string;
      model: Schemas["ModelRef"];
      sessionID: string;
      snapshot?: string;
      timestamp: number;
    };
    type: "session.next.step.started";
  };
  EventSessionNextSynthetic: {
    id: string;
    properties: Schemas["EventSessionNextCompactionDelta"]["properties"];
    type: "session.next.synthetic";
  };
  EventSessionNextTextDelta: {
    id: string;
    properties: {
      assistantMessageID: string;
      delta: string;
      sessionID: string;
      textID: string;
      timestamp: number;
    };
    type: "session.next.text.delta";
  };
  EventSessionNextTextEnded: {
    id: string;
    properties: {
      assistantMessageID: string;
      sessionID: string;
      text: string;
      textID: string;
      timestamp: number;
    };
    type: "session.next.text.ended";
  };
  EventSessionNextTextStarted: {
    id: string;
    properties: { assistantMessageID: string; sessionID: string; textID: string; timestamp: number };
    type: "session.next.text.started";
  };
  EventSessionNextToolCalled: {
    id: string;
    properties: {
      assistantMessageID: string;
      callID: string;
      input: Record<string, unknown>;
      provider: { executed: boolean; metadata?: Schemas["LLMProviderMetadata"] };
      sessionID: string;
      timestamp: number;
      tool: string;
    };
    type: "session.next.tool.called";
  };
  EventSessionNextToolFailed: {
    id: string;
    properties: {
      assistantMessageID: string;
      callID: string;
      error: Schemas["SessionErrorUnknown"];
      provider: { executed: boolean; metadata?: Schemas["LLMProviderMetadata"] };
      result?: unknown;
      sessionID: string;
      timestamp: number;
    };
    type: "session.next.tool.failed";
  };
  EventSessionNextToolInputDelta: {
    id: string;
    properties: {
      assistantMessageID: string;
      callID: string;
      delta: string;
      sessionID: string;
      timestamp: number;
    };
    type: "session.next.tool.input.delta";
  };
  EventSessionNextToolInputEnded: {
    id: string;
    properties: {
      assistantMessageID: string;
      callID: string;
      sessionID: string;
      text: string;
      timestamp: number;
    };
    type: "session.next.tool.input.ended";
  };
  EventSessionNextToolInputStarted: {
    id: string;
    properties: {
      assistantMessageID: string;
      callID: string;
      name: string;
      sessionID: string;
      timestamp: number;
    };
    type: "session.next.tool.input.started";
  };
  EventSessionNextToolProgress: {
    id: string;
    properties: {
      assistantMessageID: string;
      callID: string;
      content: Schemas["LLMToolContent"][];
      sessionID: string;
      structured: Record<string, unknown>;
      timestamp: number;
    };
    type: "session.next.tool.progress";
  };
  EventSessionNextToolSuccess: {
    id: string;
    properties: {
      assistantMessageID: string;
      callID: string;
      content: Schemas["LLMToolContent"][];
      outputPaths?: string[];
      provider: { executed: boolean; metadata?: Schemas["LLMProviderMetadata"] };
      result?: unknown;
      sessionID: string;
      structured: Record<string, unknown>;
      timestamp: number;
    };
    type: "session.next.tool.success";
  };
  EventSessionStatus: {
    id: string;
    properties: { sessionID: string; status: Schemas["SessionStatus"] };
    type: "session.status";
  };
  EventSessionUpdated: { id: string; properties: Schemas["EventSessionCreated"]["properties"]; type: "session.updated" };
  EventTodoUpdated: { id: string; properties: { sessionID: string; todos: Schemas["Todo"][] }; type: "todo.updated" };
  EventTuiCommandExecute: { properties: Schemas["Event.tui.command.execute"]["properties"]; type: "tui.command.execute" };
  EventTuiPromptAppend: { properties: { text: string }; type: "tui.prompt.append" };
  EventTuiSessionSelect: {
    properties: {
      /** Session ID to navigate to */
      sessionID: string;
    };
    type: "tui.session.select";
  };
  EventTuiToastShow: { properties: Schemas["Event.tui.toast.show"]["properties"]; type: "tui.toast.show" };
  EventVcsBranchUpdated: { id: string; properties: { branch?: string }; type: "vcs.branch.updated" };
  EventWorkspaceFailed: { id: string; properties: { message: string }; type: "workspace.failed" };
  EventWorkspaceReady: { id: string; properties: { name: string }; type: "workspace.ready" };
  EventWorkspaceStatus: { id: string; properties: Schemas["WorkspaceEventConnectionStatus"]; type: "workspace.status" };
  EventWorktreeFailed: { id: string; properties: { message: string }; type: "worktree.failed" };
  EventWorktreeReady: { id: string; properties: { branch?: string; name: string }; type: "worktree.ready" };
  ExperimentalCapabilities: { backgroundSubagents: boolean };
  File: { added: number; path: string; removed: number; status: "added" | "deleted" | "modified" };
  FileContent: {
    content: string;
    diff?: string;
    encoding?: "base64";
    mimeType?: string;
    patch?: {
      hunks: { lines: string[]; newLines: number; newStart: number; oldLines: number; oldStart: number }[];
      index?: string;
      newFileName: string;
      newHeader?: string;
      oldFileName: string;
      oldHeader?: string;
    };
    type: "text" | "binary";
  };
  FileDiff: {
    additions: number;
    deletions: number;
    patch: string;
    path: string;
    status: "added" | "modified" | "deleted";
  };
  FileEdited: {
    data: { file: string };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "file.edited";
  };
  FileNode: { absolute: string; ignored: boolean; name: string; path: string; type: "file" | "directory" };
  FilePart: {
    filename?: string;
    id: string;
    messageID: string;
    mime: string;
    sessionID: string;
    source?: Schemas["FilePartSource"];
    type: "file";
    url: string;
  };
  FilePartInput: {
    filename?: string;
    id?: string;
    mime: string;
    source?: Schemas["FilePartSource"];
    type: "file";
    url: string;
  };
  FilePartSource: Schemas["FileSource"] | Schemas["SymbolSource"] | Schemas["ResourceSource"];
  FilePartSourceText: { end: number; start: number; value: string };
  FileSource: { path: string; text: Schemas["FilePartSourceText"]; type: "file" };
  FileSystemEntry: { path: string; type: "file" | "directory" };
  FileWatcherUpdated: {
    data: { event: "add" | "change" | "unlink"; file: string };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "file.watcher.updated";
  };
  ForbiddenError: { _tag: "ForbiddenError"; message: string };
  FormatterStatus: { enabled: boolean; extensions: string[]; name: string };
  GlobalDisposed: {
    data: Record<string, unknown>;
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "global.disposed";
  };
  GlobalEvent: {
    directory: string;
    payload: Schemas["EventModels-devRefreshed"] | Schemas["EventIntegrationUpdated"] | Schemas["EventIntegrationConnectionUpdated"] | Schemas["EventCatalogUpdated"] | Schemas["EventSessionCreated"] | Schemas["EventSessionUpdated"] | Schemas["EventSessionDeleted"] | Schemas["EventMessageUpdated"] | Schemas["EventMessageRemoved"] | Schemas["EventMessagePartUpdated"] | Schemas["EventMessagePartRemoved"] | Schemas["EventSessionNextAgentSwitched"] | Schemas["EventSessionNextModelSwitched"] | Schemas["EventSessionNextMoved"] | Schemas["EventSessionNextPrompted"] | Schemas["EventSessionNextPromptAdmitted"] | Schemas["EventSessionNextContextUpdated"] | Schemas["EventSessionNextSynthetic"] | Schemas["EventSessionNextShellStarted"] | Schemas["EventSessionNextShellEnded"] | Schemas["EventSessionNextStepStarted"] | Schemas["EventSessionNextStepEnded"] | Schemas["EventSessionNextStepFailed"] | Schemas["EventSessionNextTextStarted"] | Schemas["EventSessionNextTextDelta"] | Schemas["EventSessionNextTextEnded"] | Schemas["EventSessionNextReasoningStarted"] | Schemas["EventSessionNextReasoningDelta"] | Schemas["EventSessionNextReasoningEnded"] | Schemas["EventSessionNextToolInputStarted"] | Schemas["EventSessionNextToolInputDelta"] | Schemas["EventSessionNextToolInputEnded"] | Schemas["EventSessionNextToolCalled"] | Schemas["EventSessionNextToolProgress"] | Schemas["EventSessionNextToolSuccess"] | Schemas["EventSessionNextToolFailed"] | Schemas["EventSessionNextRetried"] | Schemas["EventSessionNextCompactionStarted"] | Schemas["EventSessionNextCompactionDelta"] | Schemas["EventSessionNextCompactionEnded"] | Schemas["EventSessionNextRevertStaged"] | Schemas["EventSessionNextRevertCleared"] | Schemas["EventSessionNextRevertCommitted"] | Schemas["EventMessagePartDelta"] | Schemas["EventSessionDiff"] | Schemas["EventSessionError"] | Schemas["EventInstallationUpdated"] | Schemas["EventInstallationUpdate-available"] | Schemas["EventFileEdited"] | Schemas["EventReferenceUpdated"] | Schemas["EventPermissionV2Asked"] | Schemas["EventPermissionV2Replied"] | Schemas["EventPluginAdded"] | Schemas["EventProjectDirectoriesUpdated"] | Schemas["EventFileWatcherUpdated"] | Schemas["EventPtyCreated"] | Schemas["EventPtyUpdated"] | Schemas["EventPtyExited"] | Schemas["EventPtyDeleted"] | Schemas["EventQuestionV2Asked"] | Schemas["EventQuestionV2Replied"] | Schemas["EventQuestionV2Rejected"] | Schemas["EventTodoUpdated"] | Schemas["EventLspUpdated"] | Schemas["EventPermissionAsked"] | Schemas["EventPermissionReplied"] | Schemas["Event.tui.prompt.append"] | Schemas["Event.tui.command.execute"] | Schemas["Event.tui.toast.show"] | Schemas["Event.tui.session.select"] | Schemas["EventMcpToolsChanged"] | Schemas["EventMcpBrowserOpenFailed"] | Schemas["EventCommandExecuted"] | Schemas["EventProjectUpdated"] | Schemas["EventSessionStatus"] | Schemas["EventSessionIdle"] | Schemas["EventQuestionAsked"] | Schemas["EventQuestionReplied"] | Schemas["EventQuestionRejected"] | Schemas["EventSessionCompacted"] | Schemas["EventVcsBranchUpdated"] | Schemas["EventWorkspaceReady"] | Schemas["EventWorkspaceFailed"] | Schemas["EventWorkspaceStatus"] | Schemas["EventWorktreeReady"] | Schemas["EventWorktreeFailed"] | Schemas["EventServerConnected"] | Schemas["EventGlobalDisposed"] | Schemas["EventServerInstanceDisposed"] | Schemas["SyncEventSessionCreated"] | Schemas["SyncEventSessionUpdated"] | Schemas["SyncEventSessionDeleted"] | Schemas["SyncEventMessageUpdated"] | Schemas["SyncEventMessageRemoved"] | Schemas["SyncEventMessagePartUpdated"] | Schemas["SyncEventMessagePartRemoved"] | Schemas["SyncEventSessionNextAgentSwitched"] | Schemas["SyncEventSessionNextModelSwitched"] | Schemas["SyncEventSessionNextMoved"] | Schemas["SyncEventSessionNextPrompted"] | Schemas["SyncEventSessionNextPromptAdmitted"] | Schemas["SyncEventSessionNextContextUpdated"] | Schemas["SyncEventSessionNextSynthetic"] | Schemas["SyncEventSessionNextShellStarted"] | Schemas["SyncEventSessionNextShellEnded"] | Schemas["SyncEventSessionNextStepStarted"] | Schemas["SyncEventSessionNextStepEnded"] | Schemas["SyncEventSessionNextStepFailed"] | Schemas["SyncEventSessionNextTextStarted"] | Schemas["SyncEventSessionNextTextEnded"] | Schemas["SyncEventSessionNextReasoningStarted"] | Schemas["SyncEventSessionNextReasoningEnded"] | Schemas["SyncEventSessionNextToolInputStarted"] | Schemas["SyncEventSessionNextToolInputEnded"] | Schemas["SyncEventSessionNextToolCalled"] | Schemas["SyncEventSessionNextToolProgress"] | Schemas["SyncEventSessionNextToolSuccess"] | Schemas["SyncEventSessionNextToolFailed"] | Schemas["SyncEventSessionNextRetried"] | Schemas["SyncEventSessionNextCompactionStarted"] | Schemas["SyncEventSessionNextCompactionEnded"] | Schemas["SyncEventSessionNextRevertStaged"] | Schemas["SyncEventSessionNextRevertCleared"] | Schemas["SyncEventSessionNextRevertCommitted"];
    project?: string;
    workspace?: string;
  };
  GlobalSession: {
    agent?: string;
    cost?: number;
    directory: string;
    id: string;
    metadata?: Record<string, unknown>;
    model?: { id: string; providerID: string; variant?: string };
    parentID?: string;
    path?: string;
    permission?: Schemas["PermissionRuleset"];
    project: Schemas["ProjectSummary"] | null;
    projectID: string;
    revert?: { diff?: string; messageID: string; partID?: string; snapshot?: string };
    share?: { url: string };
    slug: string;
    summary?: { additions: number; deletions: number; diffs?: Schemas["SnapshotFileDiff"][]; files: number };
    time: { archived?: number; compacting?: number; created: number; updated: number };
    title: string;
    tokens?: { cache: { read: number; write: number }; input: number; output: number; reasoning: number };
    version: string;
    workspaceID?: string;
  };
  ImageAttachmentConfig: { auto_resize?: boolean; max_base64_bytes?: number; max_height?: number; max_width?: number };
  "InstallationUpdate-available": {
    data: { version: string };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "installation.update-available";
  };
  InstallationUpdated: {
    data: { version: string };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "installation.updated";
  };
  IntegrationAttempt: {
    attemptID: string;
    instructions: string;
    mode: "auto" | "code";
    time: { created: number; expires: number };
    url: string;
  };
  IntegrationAttemptStatus: { status: "pending"; time: { created: number; expires: number } } | { status: "complete"; time: { created: number; expires: number } } | { message: string; status: "failed"; time: { created: number; expires: number } } | { status: "expired"; time: { created: number; expires: number } };
  IntegrationConnectionUpdated: {
    data: { integrationID: string };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "integration.connection.updated";
  };
  IntegrationEnvMethod: { names: string[]; type: "env" };
  IntegrationInfo: {
    connections: Schemas["ConnectionInfo"][];
    id: string;
    methods: Schemas["IntegrationMethod"][];
    name: string;
  };
  IntegrationInputs: { [key: string]: string };
  IntegrationKeyMethod: { label?: string; type: "key" };
  IntegrationMethod: Schemas["IntegrationOAuthMethod"] | Schemas["IntegrationKeyMethod"] | Schemas["IntegrationEnvMethod"];
  IntegrationOAuthMethod: {
    id: string;
    label: string;
    prompts?: (Schemas["IntegrationTextPrompt"] | Schemas["IntegrationSelectPrompt"])[];
    type: "oauth";
  };
  IntegrationRef: { id: string; name: string };
  IntegrationSelectPrompt: {
    key: string;
    message: string;
    options: { hint?: string; label: string; value: string }[];
    type: "select";
    when?: Schemas["IntegrationWhen"];
  };
  IntegrationTextPrompt: {
    key: string;
    message: string;
    placeholder?: string;
    type: "text";
    when?: Schemas["IntegrationWhen"];
  };
  IntegrationUpdated: {
    data: Record<string, unknown>;
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "integration.updated";
  };
  IntegrationWhen: { key: string; op: "eq" | "neq"; value: string };
  InvalidCursorError: { _tag: "InvalidCursorError"; message: string };
  InvalidRequestError: { _tag: "InvalidRequestError"; field?: string; kind?: string; message: string };
  JSONSchema: Record<string, unknown>;
  LayoutConfig: "auto" | "stretch";
  LLMProviderMetadata: { [key: string]: Record<string, unknown> };
  LLMToolContent: Schemas["ToolTextContent"] | Schemas["ToolFileContent"];
  LocationInfo: { directory: string; project: { directory: string; id: string }; workspaceID?: string };
  LocationRef: { directory: string; workspaceID?: string };
  LogLevel: "DEBUG" | "INFO" | "WARN" | "ERROR";
  LSPStatus: { id: string; name: string; root: string; status: "connected" | "error" };
  LspUpdated: {
    data: Record<string, unknown>;
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "lsp.updated";
  };
  McpBrowserOpenFailed: {
    data: { mcpName: string; url: string };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "mcp.browser.open.failed";
  };
  McpLocalConfig: {
    /** Command and arguments to run the MCP server */
    command: string[];
    cwd?: string;
    enabled?: boolean;
    environment?: { [key: string]: string };
    timeout?: number;
    /** Type of MCP server connection */
    type: "local";
  };
  McpOAuthConfig: {
    callbackPort?: number;
    clientId?: string;
    clientSecret?: string;
    redirectUri?: string;
    scope?: string;
  };
  McpRemoteConfig: {
    enabled?: boolean;
    headers?: { [key: string]: string };
    /** OAuth authentication configuration for the MCP server. Set to false to disable OAuth auto-detection. */
    oauth?: Schemas["McpOAuthConfig"] | false;
    timeout?: number;
    /** Type of MCP server connection */
    type: "remote";
    /** URL of the remote MCP server */
    url: string;
  };
  McpResource: { client: string; description?: string; mimeType?: string; name: string; uri: string };
  McpServerNotFoundError: { _tag: "McpServerNotFoundError"; message: string; name: string };
  MCPStatus: Schemas["MCPStatusConnected"] | Schemas["MCPStatusDisabled"] | Schemas["MCPStatusFailed"] | Schemas["MCPStatusNeedsAuth"] | Schemas["MCPStatusNeedsClientRegistration"];
  MCPStatusConnected: { status: "connected" };
  MCPStatusDisabled: { status: "disabled" };
  MCPStatusFailed: { error: string; status: "failed" };
  MCPStatusNeedsAuth: { status: "needs_auth" };
  MCPStatusNeedsClientRegistration: { error: string; status: "needs_client_registration" };
  McpToolsChanged: {
    data: { server: string };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "mcp.tools.changed";
  };
  McpUnsupportedOAuthError: { error: string };
  Message: Schemas["UserMessage"] | Schemas["AssistantMessage"];
  MessageAbortedError: { data: { message: string }; name: "MessageAbortedError" };
  MessageNotFoundError: { _tag: "MessageNotFoundError"; message: string; messageID: string; sessionID: string };
  MessageOutputLengthError: { data: Record<string, unknown>; name: "MessageOutputLengthError" };
  MessagePartDelta: {
    data: Schemas["EventMessagePartDelta"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "message.part.delta";
  };
  MessagePartRemoved: {
    data: { messageID: string; partID: string; sessionID: string };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "message.part.removed";
  };
  MessagePartUpdated: {
    data: Schemas["EventMessagePartUpdated"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "message.part.updated";
  };
  MessageRemoved: {
    data: { messageID: string; sessionID: string };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "message.removed";
  };
  MessageUpdated: {
    data: Schemas["EventMessageUpdated"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "message.updated";
  };
  Model: {
    api: { id: string; npm: string; url: string };
    capabilities: {
      attachment: boolean;
      input: { audio: boolean; image: boolean; pdf: boolean; text: boolean; video: boolean };
      interleaved: boolean | { field: ("reasoning" | "reasoning_content" | "reasoning_text") | string };
      output: { audio: boolean; image: boolean; pdf: boolean; text: boolean; video: boolean };
      reasoning: boolean;
      temperature: boolean;
      toolcall: boolean;
    };
    cost: {
      cache: { read: number; write: number };
      experimentalOver200K?: { cache: { read: number; write: number }; input: number; output: number };
      input: number;
      output: number;
      tiers?: {
        cache: { read: number; write: number };
        input: number;
        output: number;
        tier: { size: number; type: "context" };
      }[];
    };
    family?: string;
    headers: { [key: string]: string };
    id: string;
    limit: { context: number; input?: number; output: number };
    name: string;
    options: Record<string, unknown>;
    providerID: string;
    release_date: string;
    status: "alpha" | "beta" | "deprecated" | "active";
    variants?: { [key: string]: Record<string, unknown> };
  };
  ModelApi: { id: string; package: string; settings?: Record<string, unknown>; type: "aisdk"; url?: string } | { id: string; settings: Record<string, unknown>; type: "native"; url?: string };
  ModelCapabilities: { input: string[]; output: string[]; tools: boolean };
  ModelCost: {
    cache: { read: number; write: number };
    input: number;
    output: number;
    tier?: { size: number; type: "context" };
  };
  ModelRef: { id: string; providerID: string; variant?: string };
  "Models-devRefreshed": {
    data: Record<string, unknown>;
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "models-dev.refreshed";
  };
  ModelV2Info: {
    api: Schemas["ModelApi"];
    capabilities: Schemas["ModelCapabilities"];
    cost: Schemas["ModelCost"][];
    enabled: boolean;
    family?: string;
    id: string;
    limit: { context: number; input?: number; output: number };
    name: string;
    providerID: string;
    request: { body: Record<string, unknown>; headers: { [key: string]: string }; variant?: string };
    status: "alpha" | "beta" | "deprecated" | "active";
    time: { released: number };
    variants: { body: Record<string, unknown>; headers: { [key: string]: string }; id: string }[];
  };
  MoveSessionDestination: { directory: string };
  MoveSessionError: { data: { message: string }; name: "MoveSessionError" };
  NotFoundError: { data: { message: string }; name: "NotFoundError" };
  OAuth: {
    access: string;
    accountId?: string;
    enterpriseUrl?: string;
    expires: number;
    refresh: string;
    type: "oauth";
  };
  OutputFormat: Schemas["OutputFormatText"] | Schemas["OutputFormatJsonSchema"];
  OutputFormat1: { type: "text" } | Schemas["OutputFormatJsonSchema"];
  OutputFormatJsonSchema: { retryCount?: number; schema: Schemas["JSONSchema"]; type: "json_schema" };
  OutputFormatText: { type: "text" };
  Part: Schemas["TextPart"] | Schemas["SubtaskPart"] | Schemas["ReasoningPart"] | Schemas["FilePart"] | Schemas["ToolPart"] | Schemas["StepStartPart"] | Schemas["StepFinishPart"] | Schemas["SnapshotPart"] | Schemas["PatchPart"] | Schemas["AgentPart"] | Schemas["RetryPart"] | Schemas["CompactionPart"];
  PatchPart: {
    files: string[];
    hash: string;
    id: string;
    messageID: string;
    sessionID: string;
    type: "patch";
  };
  Path: { config: string; directory: string; home: string; state: string; worktree: string };
  PermissionAction: "allow" | "deny" | "ask";
  PermissionActionConfig: "ask" | "allow" | "deny";
  PermissionAsked: {
    data: Schemas["PermissionRequest"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "permission.asked";
  };
  PermissionConfig: Schemas["PermissionActionConfig"] | ({
    bash?: Schemas["PermissionRuleConfig"];
    doom_loop?: Schemas["PermissionActionConfig"];
    edit?: Schemas["PermissionRuleConfig"];
    external_directory?: Schemas["PermissionRuleConfig"];
    glob?: Schemas["PermissionRuleConfig"];
    grep?: Schemas["PermissionRuleConfig"];
    list?: Schemas["PermissionRuleConfig"];
    lsp?: Schemas["PermissionRuleConfig"];
    question?: Schemas["PermissionActionConfig"];
    read?: Schemas["PermissionRuleConfig"];
    skill?: Schemas["PermissionRuleConfig"];
    task?: Schemas["PermissionRuleConfig"];
    todowrite?: Schemas["PermissionActionConfig"];
    webfetch?: Schemas["PermissionActionConfig"];
    websearch?: Schemas["PermissionActionConfig"];
  } & { [key: string]: Schemas["PermissionRuleConfig"] });
  PermissionNotFoundError: { _tag: "PermissionNotFoundError"; message: string; requestID: string };
  PermissionObjectConfig: { [key: string]: Schemas["PermissionActionConfig"] };
  PermissionReplied: {
    data: Schemas["EventPermissionReplied"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "permission.replied";
  };
  PermissionRequest: {
    always: string[];
    id: string;
    metadata: Record<string, unknown>;
    patterns: string[];
    permission: string;
    sessionID: string;
    tool?: { callID: string; messageID: string };
  };
  PermissionRule: { action: Schemas["PermissionAction"]; pattern: string; permission: string };
  PermissionRuleConfig: Schemas["PermissionActionConfig"] | Schemas["PermissionObjectConfig"];
  PermissionRuleset: Schemas["PermissionRule"][];
  PermissionSavedInfo: { action: string; id: string; projectID: string; resource: string };
  PermissionV2Asked: {
    data: Schemas["PermissionV2Request"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "permission.v2.asked";
  };
  PermissionV2Effect: "allow" | "deny" | "ask";
  PermissionV2Replied: {
    data: Schemas["EventPermissionV2Replied"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "permission.v2.replied";
  };
  PermissionV2Reply: "once" | "always" | "reject";
  PermissionV2Request: {
    action: string;
    id: string;
    metadata?: Record<string, unknown>;
    resources: string[];
    save?: string[];
    sessionID: string;
    source?: Schemas["PermissionV2Source"];
  };
  PermissionV2Rule: { action: string; effect: Schemas["PermissionV2Effect"]; resource: string };
  PermissionV2Ruleset: Schemas["PermissionV2Rule"][];
  PermissionV2Source: { callID: string; messageID: string; type: "tool" };
  PluginAdded: {
    data: { id: string };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "plugin.added";
  };
  PolicyEffect: "allow" | "deny";
  Project: {
    commands?: Schemas["ProjectCommands"];
    icon?: Schemas["ProjectIcon"];
    id: string;
    name?: string;
    sandboxes: string[];
    time: Schemas["ProjectTime"];
    vcs?: Schemas["ProjectVcs"];
    worktree: string;
  };
  ProjectCommands: {
    /** Startup script to run when creating a new workspace (worktree) */
    start?: string;
  };
  ProjectCopyCopy: { directory: string };
  ProjectCopyError: { data: { forceRequired?: boolean; message: string }; name: "ProjectCopyError" };
  ProjectDirectories: { directory: string; strategy?: string }[];
  ProjectDirectoriesUpdated: {
    data: { projectID: string };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "project.directories.updated";
  };
  ProjectIcon: { color?: string; override?: string; url?: string };
  ProjectNotFoundError: { _tag: "ProjectNotFoundError"; message: string; projectID: string };
  ProjectSummary: { id: string; name?: string; worktree: string };
  ProjectTime: { created: number; initialized?: number; updated: number };
  ProjectUpdated: {
    data: Schemas["Project"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "project.updated";
  };
  ProjectVcs: "git";
  Prompt: {
    agents?: Schemas["PromptAgentAttachment"][];
    files?: Schemas["PromptFileAttachment"][];
    text: string;
  };
  PromptAgentAttachment: { name: string; source?: Schemas["PromptSource"] };
  PromptFileAttachment: {
    description?: string;
    mime: string;
    name?: string;
    source?: Schemas["PromptSource"];
    uri: string;
  };
  PromptInput: {
    agents?: Schemas["PromptAgentAttachment"][];
    files?: Schemas["PromptInputFileAttachment"][];
    text: string;
  };
  PromptInputFileAttachment: { description?: string; name?: string; source?: Schemas["PromptSource"]; uri: string };
  PromptSource: { end: number; start: number; text: string };
  Provider: {
    env: string[];
    id: string;
    key?: string;
    models: { [key: string]: Schemas["Model"] };
    name: string;
    options: Record<string, unknown>;
    source: "env" | "config" | "custom" | "api";
  };
  ProviderAISDK: { package: string; settings?: Record<string, unknown>; type: "aisdk"; url?: string };
  ProviderApi: Schemas["ProviderAISDK"] | Schemas["ProviderNative"];
  ProviderAuthAuthorization: { instructions: string; method: "auto" | "code"; url: string };
  ProviderAuthError: { data: { message: string; providerID: string }; name: "ProviderAuthError" };
  ProviderAuthError1: {
    data: { field?: string; kind?: string; message?: string; providerID?: string };
    name: "BadRequest" | "ProviderAuthOauthMissing" | "ProviderAuthOauthCodeMissing" | "ProviderAuthOauthCallbackFailed" | "ProviderAuthValidationFailed";
  };
  ProviderAuthMethod: {
    label: string;
    prompts?: ({
      key: string;
      message: string;
      placeholder?: string;
      type: "text";
      when?: { key: string; op: "eq" | "neq"; value: string };
    } | {
      key: string;
      message: string;
      options: { hint?: string; label: string; value: string }[];
      type: "select";
      when?: { key: string; op: "eq" | "neq"; value: string };
    })[];
    type: "oauth" | "api";
  };
  ProviderConfig: {
    api?: string;
    blacklist?: string[];
    env?: string[];
    id?: string;
    models?: {
      [key: string]: {
        attachment?: boolean;
        cost?: {
          cache_read?: number;
          cache_write?: number;
          context_over_200k?: { cache_read?: number; cache_write?: number; input: number; output: number };
          input: number;
          output: number;
        };
        experimental?: boolean;
        family?: string;
        headers?: { [key: string]: string };
        id?: string;
        interleaved?: boolean | ("reasoning" | "reasoning_content" | "reasoning_text") | string | { field: ("reasoning" | "reasoning_content" | "reasoning_text") | string };
        limit?: { context: number; input?: number; output: number };
        modalities?: {
          input?: ("text" | "audio" | "image" | "video" | "pdf")[];
          output?: ("text" | "audio" | "image" | "video" | "pdf")[];
        };
        name?: string;
        options?: Record<string, unknown>;
        provider?: { api?: string; npm?: string };
        reasoning?: boolean;
        release_date?: string;
        status?: "alpha" | "beta" | "deprecated" | "active";
        temperature?: boolean;
        tool_call?: boolean;
        /** Variant-specific configuration */
        variants?: { [key: string]: { disabled?: boolean } & { [key: string]: unknown } };
      };
    };
    name?: string;
    npm?: string;
    options?: {
      apiKey?: string;
      baseURL?: string;
      /** Timeout in milliseconds between streamed SSE chunks for this provider (default: 300000). If no chunk arrives within this window, the request is aborted. Set to false to disable timeout. */
      chunkTimeout?: number | false;
      enterpriseUrl?: string;
      /** Timeout in milliseconds to wait for response headers (default: 300000). Set to false to disable timeout. */
      headerTimeout?: number | false;
      setCacheKey?: boolean;
      /** Timeout in milliseconds for full requests to this provider. Set to false to disable timeout. */
      timeout?: number | false;
    } & { [key: string]: unknown };
    whitelist?: string[];
  };
  ProviderNative: { settings: Record<string, unknown>; type: "native"; url?: string };
  ProviderNotFoundError: { _tag: "ProviderNotFoundError"; message: string; providerID: string };
  ProviderRequest: { body: Record<string, unknown>; headers: { [key: string]: string } };
  ProviderV2Info: {
    api: Schemas["ProviderApi"];
    disabled?: boolean;
    id: string;
    integrationID?: string;
    name: string;
    request: Schemas["ProviderRequest"];
  };
  Pty: {
    args: string[];
    command: string;
    cwd: string;
    exitCode?: number;
    id: string;
    pid: number;
    status: "running" | "exited";
    title: string;
  };
  PtyCreated: {
    data: { info: Schemas["Pty"] };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "pty.created";
  };
  PtyDeleted: {
    data: { id: string };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "pty.deleted";
  };
  PtyExited: {
    data: { exitCode: number; id: string };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "pty.exited";
  };
  PtyForbiddenError: { _tag: "PtyForbiddenError"; message: string };
  PtyNotFoundError: { _tag: "PtyNotFoundError"; message: string; ptyID: string };
  PtyTicketConnectToken: { expires_in: number; ticket: string };
  PtyUpdated: {
    data: { info: Schemas["Pty"] };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "pty.updated";
  };
  "question.rejected": {
    data: { requestID: string; sessionID: string };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "question.rejected";
  };
  "question.replied": {
    data: Schemas["QuestionReplied"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "question.replied";
  };
  QuestionAnswer: string[];
  QuestionAsked: {
    data: Schemas["QuestionRequest"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "question.asked";
  };
  QuestionInfo: {
    custom?: boolean;
    /** Very short label (max 30 chars) */
    header: string;
    multiple?: boolean;
    /** Available choices */
    options: Schemas["QuestionOption"][];
    /** Complete question */
    question: string;
  };
  QuestionNotFoundError: { _tag: "QuestionNotFoundError"; message: string; requestID: string };
  QuestionOption: {
    /** Explanation of choice */
    description: string;
    /** Display text (1-5 words, concise) */
    label: string;
  };
  QuestionRejected: { requestID: string; sessionID: string };
  QuestionReplied: { answers: Schemas["QuestionAnswer"][]; requestID: string; sessionID: string };
  QuestionRequest: {
    id: string;
    /** Questions to ask */
    questions: Schemas["QuestionInfo"][];
    sessionID: string;
    tool?: Schemas["QuestionTool"];
  };
  QuestionTool: { callID: string; messageID: string };
  QuestionV2Answer: string[];
  QuestionV2Asked: {
    data: Schemas["QuestionV2Request"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "question.v2.asked";
  };
  QuestionV2Info: {
    custom?: boolean;
    /** Very short label (max 30 chars) */
    header: string;
    multiple?: boolean;
    /** Available choices */
    options: Schemas["QuestionV2Option"][];
    /** Complete question */
    question: string;
  };
  QuestionV2Option: {
    /** Explanation of choice */
    description: string;
    /** Display text (1-5 words, concise) */
    label: string;
  };
  QuestionV2Rejected: {
    data: { requestID: string; sessionID: string };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "question.v2.rejected";
  };
  QuestionV2Replied: {
    data: Schemas["EventQuestionV2Replied"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "question.v2.replied";
  };
  QuestionV2Reply: {
    /** User answers in order of questions (each answer is an array of selected labels) */
    answers: Schemas["QuestionV2Answer"][];
  };
  QuestionV2Request: {
    id: string;
    /** Questions to ask */
    questions: Schemas["QuestionV2Info"][];
    sessionID: string;
    tool?: Schemas["QuestionV2Tool"];
  };
  QuestionV2Tool: { callID: string; messageID: string };
  Range: { end: { character: number; line: number }; start: { character: number; line: number } };
  ReasoningPart: {
    id: string;
    messageID: string;
    metadata?: Record<string, unknown>;
    sessionID: string;
    text: string;
    time: { end?: number; start: number };
    type: "reasoning";
  };
  ReferenceGitSource: { branch?: string; description?: string; hidden?: boolean; repository: string; type: "git" };
  ReferenceInfo: {
    description?: string;
    hidden?: boolean;
    name: string;
    path: string;
    source: Schemas["ReferenceSource"];
  };
  ReferenceLocalSource: { description?: string; hidden?: boolean; path: string; type: "local" };
  ReferenceSource: Schemas["ReferenceLocalSource"] | Schemas["ReferenceGitSource"];
  ReferenceUpdated: {
    data: Record<string, unknown>;
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "reference.updated";
  };
  ResourceSource: { clientName: string; text: Schemas["FilePartSourceText"]; type: "resource"; uri: string };
  RetryPart: {
    attempt: number;
    error: Schemas["APIError"];
    id: string;
    messageID: string;
    sessionID: string;
    time: { created: number };
    type: "retry";
  };
  RevertState: {
    diff?: string;
    files?: Schemas["FileDiff"][];
    messageID: string;
    partID?: string;
    snapshot?: string;
  };
  ServerConfig: { cors?: string[]; hostname?: string; mdns?: boolean; mdnsDomain?: string; port?: number };
  ServerConnected: {
    data: Record<string, unknown>;
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "server.connected";
  };
  ServiceUnavailableError: { _tag: "ServiceUnavailableError"; message: string; service?: string };
  Session: {
    agent?: string;
    cost?: number;
    directory: string;
    id: string;
    metadata?: Record<string, unknown>;
    model?: { id: string; providerID: string; variant?: string };
    parentID?: string;
    path?: string;
    permission?: Schemas["PermissionRuleset"];
    projectID: string;
    revert?: { diff?: string; messageID: string; partID?: string; snapshot?: string };
    share?: { url: string };
    slug: string;
    summary?: { additions: number; deletions: number; diffs?: Schemas["SnapshotFileDiff"][]; files: number };
    time: { archived?: number; compacting?: number; created: number; updated: number };
    title: string;
    tokens?: { cache: { read: number; write: number }; input: number; output: number; reasoning: number };
    version: string;
    workspaceID?: string;
  };
  "session.status": {
    data: Schemas["EventSessionStatus"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.status";
  };
  SessionActive: { type: "running" };
  SessionBusyError: { _tag: "SessionBusyError"; message: string; sessionID: string };
  SessionCompacted: {
    data: { sessionID: string };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.compacted";
  };
  SessionCreated: {
    data: Schemas["EventSessionCreated"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.created";
  };
  SessionDeleted: {
    data: Schemas["EventSessionCreated"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.deleted";
  };
  SessionDiff: {
    data: Schemas["EventSessionDiff"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.diff";
  };
  SessionDurableEvent: Schemas["SessionNextAgentSwitched"] | Schemas["SessionNextModelSwitched"] | Schemas["SessionNextMoved"] | Schemas["SessionNextPrompted"] | Schemas["SessionNextPromptAdmitted"] | Schemas["SessionNextContextUpdated"] | Schemas["SessionNextSynthetic"] | Schemas["SessionNextShellStarted"] | Schemas["SessionNextShellEnded"] | Schemas["SessionNextStepStarted"] | Schemas["SessionNextStepEnded"] | Schemas["SessionNextStepFailed"] | Schemas["SessionNextTextStarted"] | Schemas["SessionNextTextEnded"] | Schemas["SessionNextToolInputStarted"] | Schemas["SessionNextToolInputEnded"] | Schemas["SessionNextToolCalled"] | Schemas["SessionNextToolProgress"] | Schemas["SessionNextToolSuccess"] | Schemas["SessionNextToolFailed"] | Schemas["SessionNextReasoningStarted"] | Schemas["SessionNextReasoningEnded"] | Schemas["SessionNextRetried"] | Schemas["SessionNextCompactionStarted"] | Schemas["SessionNextCompactionEnded"] | Schemas["SessionNextRevertStaged"] | Schemas["SessionNextRevertCleared"] | Schemas["SessionNextRevertCommitted"];
  SessionDurableEventStream: string;
  SessionError: {
    data: Schemas["EventSessionError"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.error";
  };
  SessionErrorUnknown: { message: string; type: "unknown" };
  SessionHistory: { data: Schemas["SessionDurableEvent"][]; hasMore: boolean };
  SessionIdle: {
    data: { sessionID: string };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.idle";
  };
  SessionInputAdmitted: {
    admittedSeq: number;
    delivery: "steer" | "queue";
    id: string;
    promotedSeq?: number;
    prompt: Schemas["Prompt"];
    sessionID: string;
    timeCreated: number;
  };
  SessionMessage: Schemas["SessionMessageAgentSwitched"] | Schemas["SessionMessageModelSwitched"] | Schemas["SessionMessageUser"] | Schemas["SessionMessageSynthetic"] | Schemas["SessionMessageSystem"] | Schemas["SessionMessageShell"] | Schemas["SessionMessageAssistant"] | Schemas["SessionMessageCompaction"];
  SessionMessageAgentSwitched: {
    agent: string;
    id: string;
    metadata?: Record<string, unknown>;
    time: { created: number };
    type: "agent-switched";
  };
  SessionMessageAssistant: {
    agent: string;
    content: (Schemas["SessionMessageAssistantText"] | Schemas["SessionMessageAssistantReasoning"] | Schemas["SessionMessageAssistantTool"])[];
    cost?: number;
    error?: Schemas["SessionErrorUnknown"];
    finish?: string;
    id: string;
    metadata?: Record<string, unknown>;
    model: Schemas["ModelRef"];
    snapshot?: { end?: string; files?: string[]; start?: string };
    time: { completed?: number; created: number };
    tokens?: { cache: { read: number; write: number }; input: number; output: number; reasoning: number };
    type: "assistant";
  };
  SessionMessageAssistantReasoning: {
    id: string;
    providerMetadata?: Schemas["LLMProviderMetadata"];
    text: string;
    time?: { completed?: number; created: number };
    type: "reasoning";
  };
  SessionMessageAssistantText: { id: string; text: string; type: "text" };
  SessionMessageAssistantTool: {
    id: string;
    name: string;
    provider?: {
      executed: boolean;
      metadata?: Schemas["LLMProviderMetadata"];
      resultMetadata?: Schemas["LLMProviderMetadata"];
    };
    state: Schemas["SessionMessageToolStatePending"] | Schemas["SessionMessageToolStateRunning"] | Schemas["SessionMessageToolStateCompleted"] | Schemas["SessionMessageToolStateError"];
    time: { completed?: number; created: number; pruned?: number; ran?: number };
    type: "tool";
  };
  SessionMessageCompaction: {
    id: string;
    metadata?: Record<string, unknown>;
    reason: "auto" | "manual";
    recent: string;
    summary: string;
    time: { created: number };
    type: "compaction";
  };
  SessionMessageModelSwitched: {
    id: string;
    metadata?: Record<string, unknown>;
    model: Schemas["ModelRef"];
    time: { created: number };
    type: "model-switched";
  };
  SessionMessageShell: {
    callID: string;
    command: string;
    id: string;
    metadata?: Record<string, unknown>;
    output: string;
    time: { completed?: number; created: number };
    type: "shell";
  };
  SessionMessagesResponse: { cursor: { next?: string; previous?: string }; data: Schemas["SessionMessage"][] };
  SessionMessageSynthetic: {
    id: string;
    metadata?: Record<string, unknown>;
    sessionID: string;
    text: string;
    time: { created: number };
    type: "synthetic";
  };
  SessionMessageSystem: {
    id: string;
    metadata?: Record<string, unknown>;
    text: string;
    time: { created: number };
    type: "system";
  };
  SessionMessageToolStateCompleted: {
    attachments?: Schemas["PromptFileAttachment"][];
    content: Schemas["LLMToolContent"][];
    input: Record<string, unknown>;
    outputPaths?: string[];
    result?: unknown;
    status: "completed";
    structured: Record<string, unknown>;
  };
  SessionMessageToolStateError: {
    content: Schemas["LLMToolContent"][];
    error: Schemas["SessionErrorUnknown"];
    input: Record<string, unknown>;
    result?: unknown;
    status: "error";
    structured: Record<string, unknown>;
  };
  SessionMessageToolStatePending: { input: string; status: "pending" };
  SessionMessageToolStateRunning: {
    content: Schemas["LLMToolContent"][];
    input: Record<string, unknown>;
    status: "running";
    structured: Record<string, unknown>;
  };
  SessionMessageUser: {
    agents?: Schemas["PromptAgentAttachment"][];
    files?: Schemas["PromptFileAttachment"][];
    id: string;
    metadata?: Record<string, unknown>;
    text: string;
    time: { created: number };
    type: "user";
  };
  SessionNextAgentSwitched: {
    data: Schemas["EventSessionNextAgentSwitched"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.next.agent.switched";
  };
  SessionNextCompactionDelta: {
    data: Schemas["EventSessionNextCompactionDelta"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.next.compaction.delta";
  };
  SessionNextCompactionEnded: {
    data: Schemas["EventSessionNextCompactionEnded"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.next.compaction.ended";
  };
  SessionNextCompactionStarted: {
    data: Schemas["EventSessionNextCompactionStarted"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.next.compaction.started";
  };
  SessionNextContextUpdated: {
    data: Schemas["EventSessionNextCompactionDelta"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.next.context.updated";
  };
  SessionNextModelSwitched: {
    data: Schemas["EventSessionNextModelSwitched"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.next.model.switched";
  };
  SessionNextMoved: {
    data: Schemas["EventSessionNextMoved"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.next.moved";
  };
  SessionNextPromptAdmitted: {
    data: Schemas["EventSessionNextPromptAdmitted"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.next.prompt.admitted";
  };
  SessionNextPrompted: {
    data: Schemas["EventSessionNextPromptAdmitted"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.next.prompted";
  };
  SessionNextReasoningDelta: {
    data: Schemas["EventSessionNextReasoningDelta"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.next.reasoning.delta";
  };
  SessionNextReasoningEnded: {
    data: Schemas["EventSessionNextReasoningEnded"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.next.reasoning.ended";
  };
  SessionNextReasoningStarted: {
    data: Schemas["EventSessionNextReasoningStarted"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.next.reasoning.started";
  };
  SessionNextRetried: {
    data: Schemas["EventSessionNextRetried"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.next.retried";
  };
  SessionNextRetry_error: {
    isRetryable: boolean;
    message: string;
    metadata?: { [key: string]: string };
    responseBody?: string;
    responseHeaders?: { [key: string]: string };
    statusCode?: number;
  };
  SessionNextRevertCleared: {
    data: { sessionID: string; timestamp: number };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.next.revert.cleared";
  };
  SessionNextRevertCommitted: {
    data: Schemas["EventSessionNextRevertCommitted"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.next.revert.committed";
  };
  SessionNextRevertStaged: {
    data: Schemas["EventSessionNextRevertStaged"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.next.revert.staged";
  };
  SessionNextShellEnded: {
    data: Schemas["EventSessionNextShellEnded"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.next.shell.ended";
  };
  SessionNextShellStarted: {
    data: Schemas["EventSessionNextShellStarted"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.next.shell.started";
  };
  SessionNextStepEnded: {
    data: Schemas["EventSessionNextStepEnded"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.next.step.ended";
  };
  SessionNextStepFailed: {
    data: Schemas["EventSessionNextStepFailed"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.next.step.failed";
  };
  SessionNextStepStarted: {
    data: Schemas["EventSessionNextStepStarted"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.next.step.started";
  };
  SessionNextSynthetic: {
    data: Schemas["EventSessionNextCompactionDelta"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.next.synthetic";
  };
  SessionNextTextDelta: {
    data: Schemas["EventSessionNextTextDelta"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.next.text.delta";
  };
  SessionNextTextEnded: {
    data: Schemas["EventSessionNextTextEnded"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.next.text.ended";
  };
  SessionNextTextStarted: {
    data: Schemas["EventSessionNextTextStarted"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.next.text.started";
  };
  SessionNextToolCalled: {
    data: Schemas["EventSessionNextToolCalled"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.next.tool.called";
  };
  SessionNextToolFailed: {
    data: Schemas["EventSessionNextToolFailed"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.next.tool.failed";
  };
  SessionNextToolInputDelta: {
    data: Schemas["EventSessionNextToolInputDelta"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.next.tool.input.delta";
  };
  SessionNextToolInputEnded: {
    data: Schemas["EventSessionNextToolInputEnded"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.next.tool.input.ended";
  };
  SessionNextToolInputStarted: {
    data: Schemas["EventSessionNextToolInputStarted"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.next.tool.input.started";
  };
  SessionNextToolProgress: {
    data: Schemas["EventSessionNextToolProgress"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.next.tool.progress";
  };
  SessionNextToolSuccess: {
    data: Schemas["EventSessionNextToolSuccess"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.next.tool.success";
  };
  SessionNotFoundError: { _tag: "SessionNotFoundError"; message: string; sessionID: string };
  SessionsResponse: { cursor: { next?: string; previous?: string }; data: Schemas["SessionV2Info"][] };
  SessionStatus: { type: "idle" } | {
    action?: {
      label: string;
      link?: string;
      message: string;
      provider: string;
      reason: string;
      title: string;
    };
    attempt: number;
    message: string;
    next: number;
    type: "retry";
  } | { type: "busy" };
  SessionUpdated: {
    data: Schemas["EventSessionCreated"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "session.updated";
  };
  SessionV2Info: {
    agent?: string;
    cost: number;
    id: string;
    location: Schemas["LocationRef"];
    model?: Schemas["ModelRef"];
    parentID?: string;
    projectID: string;
    revert?: Schemas["RevertState"];
    subpath?: string;
    time: { archived?: number; created: number; updated: number };
    title: string;
    tokens: { cache: { read: number; write: number }; input: number; output: number; reasoning: number };
  };
  SkillV2DirectorySource: { path: string; type: "directory" };
  SkillV2EmbeddedSource: { skill: Schemas["SkillV2Info"]; type: "embedded" };
  SkillV2Info: { content: string; description?: string; location: string; name: string; slash?: boolean };
  SkillV2Source: Schemas["SkillV2DirectorySource"] | Schemas["SkillV2UrlSource"] | Schemas["SkillV2EmbeddedSource"];
  SkillV2UrlSource: { type: "url"; url: string };
  SnapshotFileDiff: {
    additions: number;
    deletions: number;
    file?: string;
    patch?: string;
    status?: "added" | "deleted" | "modified";
  };
  SnapshotPart: { id: string; messageID: string; sessionID: string; snapshot: string; type: "snapshot" };
  StepFinishPart: {
    cost: number;
    id: string;
    messageID: string;
    reason: string;
    sessionID: string;
    snapshot?: string;
    tokens: {
      cache: { read: number; write: number };
      input: number;
      output: number;
      reasoning: number;
      total?: number;
    };
    type: "step-finish";
  };
  StepStartPart: { id: string; messageID: string; sessionID: string; snapshot?: string; type: "step-start" };
  StructuredOutputError: { data: { message: string; retries: number }; name: "StructuredOutputError" };
  SubtaskPart: {
    agent: string;
    command?: string;
    description: string;
    id: string;
    messageID: string;
    model?: { modelID: string; providerID: string };
    prompt: string;
    sessionID: string;
    type: "subtask";
  };
  SubtaskPartInput: {
    agent: string;
    command?: string;
    description: string;
    id?: string;
    model?: { modelID: string; providerID: string };
    prompt: string;
    type: "subtask";
  };
  Symbol: { kind: number; location: { range: Schemas["Range"]; uri: string }; name: string };
  SymbolSource: {
    kind: number;
    name: string;
    path: string;
    range: Schemas["Range"];
    text: Schemas["FilePartSourceText"];
    type: "symbol";
  };
  SyncEventMessagePartRemoved: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: { messageID: string; partID: string; sessionID: string };
      id: string;
      seq: number;
      type: "message.part.removed.1";
    };
    type: "sync";
  };
  SyncEventMessagePartUpdated: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: Schemas["EventMessagePartUpdated"]["properties"];
      id: string;
      seq: number;
      type: "message.part.updated.1";
    };
    type: "sync";
  };
  SyncEventMessageRemoved: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: { messageID: string; sessionID: string };
      id: string;
      seq: number;
      type: "message.removed.1";
    };
    type: "sync";
  };
  SyncEventMessageUpdated: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: Schemas["EventMessageUpdated"]["properties"];
      id: string;
      seq: number;
      type: "message.updated.1";
    };
    type: "sync";
  };
  SyncEventSessionCreated: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: Schemas["EventSessionCreated"]["properties"];
      id: string;
      seq: number;
      type: "session.created.1";
    };
    type: "sync";
  };
  SyncEventSessionDeleted: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: Schemas["EventSessionCreated"]["properties"];
      id: string;
      seq: number;
      type: "session.deleted.1";
    };
    type: "sync";
  };
  SyncEventSessionNextAgentSwitched: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: Schemas["EventSessionNextAgentSwitched"]["properties"];
      id: string;
      seq: number;
      type: "session.next.agent.switched.1";
    };
    type: "sync";
  };
  SyncEventSessionNextCompactionEnded: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: Schemas["EventSessionNextCompactionEnded"]["properties"];
      id: string;
      seq: number;
      type: "session.next.compaction.ended.1";
    };
    type: "sync";
  };
  SyncEventSessionNextCompactionStarted: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: Schemas["EventSessionNextCompactionStarted"]["properties"];
      id: string;
      seq: number;
      type: "session.next.compaction.started.1";
    };
    type: "sync";
  };
  SyncEventSessionNextContextUpdated: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: Schemas["EventSessionNextCompactionDelta"]["properties"];
      id: string;
      seq: number;
      type: "session.next.context.updated.1";
    };
    type: "sync";
  };
  SyncEventSessionNextModelSwitched: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: Schemas["EventSessionNextModelSwitched"]["properties"];
      id: string;
      seq: number;
      type: "session.next.model.switched.1";
    };
    type: "sync";
  };
  SyncEventSessionNextMoved: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: Schemas["EventSessionNextMoved"]["properties"];
      id: string;
      seq: number;
      type: "session.next.moved.1";
    };
    type: "sync";
  };
  SyncEventSessionNextPromptAdmitted: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: Schemas["EventSessionNextPromptAdmitted"]["properties"];
      id: string;
      seq: number;
      type: "session.next.prompt.admitted.1";
    };
    type: "sync";
  };
  SyncEventSessionNextPrompted: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: Schemas["EventSessionNextPromptAdmitted"]["properties"];
      id: string;
      seq: number;
      type: "session.next.prompted.1";
    };
    type: "sync";
  };
  SyncEventSessionNextReasoningEnded: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: Schemas["EventSessionNextReasoningEnded"]["properties"];
      id: string;
      seq: number;
      type: "session.next.reasoning.ended.1";
    };
    type: "sync";
  };
  SyncEventSessionNextReasoningStarted: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: Schemas["EventSessionNextReasoningStarted"]["properties"];
      id: string;
      seq: number;
      type: "session.next.reasoning.started.1";
    };
    type: "sync";
  };
  SyncEventSessionNextRetried: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: Schemas["EventSessionNextRetried"]["properties"];
      id: string;
      seq: number;
      type: "session.next.retried.1";
    };
    type: "sync";
  };
  SyncEventSessionNextRevertCleared: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: { sessionID: string; timestamp: number };
      id: string;
      seq: number;
      type: "session.next.revert.cleared.1";
    };
    type: "sync";
  };
  SyncEventSessionNextRevertCommitted: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: Schemas["EventSessionNextRevertCommitted"]["properties"];
      id: string;
      seq: number;
      type: "session.next.revert.committed.1";
    };
    type: "sync";
  };
  SyncEventSessionNextRevertStaged: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: Schemas["EventSessionNextRevertStaged"]["properties"];
      id: string;
      seq: number;
      type: "session.next.revert.staged.1";
    };
    type: "sync";
  };
  SyncEventSessionNextShellEnded: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: Schemas["EventSessionNextShellEnded"]["properties"];
      id: string;
      seq: number;
      type: "session.next.shell.ended.1";
    };
    type: "sync";
  };
  SyncEventSessionNextShellStarted: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: Schemas["EventSessionNextShellStarted"]["properties"];
      id: string;
      seq: number;
      type: "session.next.shell.started.1";
    };
    type: "sync";
  };
  SyncEventSessionNextStepEnded: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: Schemas["EventSessionNextStepEnded"]["properties"];
      id: string;
      seq: number;
      type: "session.next.step.ended.2";
    };
    type: "sync";
  };
  SyncEventSessionNextStepFailed: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: Schemas["EventSessionNextStepFailed"]["properties"];
      id: string;
      seq: number;
      type: "session.next.step.failed.2";
    };
    type: "sync";
  };
  SyncEventSessionNextStepStarted: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: Schemas["EventSessionNextStepStarted"]["properties"];
      id: string;
      seq: number;
      type: "session.next.step.started.1";
    };
    type: "sync";
  };
  SyncEventSessionNextSynthetic: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: Schemas["EventSessionNextCompactionDelta"]["properties"];
      id: string;
      seq: number;
      type: "session.next.synthetic.1";
    };
    type: "sync";
  };
  SyncEventSessionNextTextEnded: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: Schemas["EventSessionNextTextEnded"]["properties"];
      id: string;
      seq: number;
      type: "session.next.text.ended.1";
    };
    type: "sync";
  };
  SyncEventSessionNextTextStarted: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: Schemas["EventSessionNextTextStarted"]["properties"];
      id: string;
      seq: number;
      type: "session.next.text.started.1";
    };
    type: "sync";
  };
  SyncEventSessionNextToolCalled: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: Schemas["EventSessionNextToolCalled"]["properties"];
      id: string;
      seq: number;
      type: "session.next.tool.called.1";
    };
    type: "sync";
  };
  SyncEventSessionNextToolFailed: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: Schemas["EventSessionNextToolFailed"]["properties"];
      id: string;
      seq: number;
      type: "session.next.tool.failed.1";
    };
    type: "sync";
  };
  SyncEventSessionNextToolInputEnded: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: Schemas["EventSessionNextToolInputEnded"]["properties"];
      id: string;
      seq: number;
      type: "session.next.tool.input.ended.1";
    };
    type: "sync";
  };
  SyncEventSessionNextToolInputStarted: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: Schemas["EventSessionNextToolInputStarted"]["properties"];
      id: string;
      seq: number;
      type: "session.next.tool.input.started.1";
    };
    type: "sync";
  };
  SyncEventSessionNextToolProgress: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: Schemas["EventSessionNextToolProgress"]["properties"];
      id: string;
      seq: number;
      type: "session.next.tool.progress.1";
    };
    type: "sync";
  };
  SyncEventSessionNextToolSuccess: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: Schemas["EventSessionNextToolSuccess"]["properties"];
      id: string;
      seq: number;
      type: "session.next.tool.success.1";
    };
    type: "sync";
  };
  SyncEventSessionUpdated: {
    id: string;
    syncEvent: {
      aggregateID: string;
      data: Schemas["EventSessionCreated"]["properties"];
      id: string;
      seq: number;
      type: "session.updated.1";
    };
    type: "sync";
  };
  TextPart: {
    id: string;
    ignored?: boolean;
    messageID: string;
    metadata?: Record<string, unknown>;
    sessionID: string;
    synthetic?: boolean;
    text: string;
    time?: { end?: number; start: number };
    type: "text";
  };
  TextPartInput: {
    id?: string;
    ignored?: boolean;
    metadata?: Record<string, unknown>;
    synthetic?: boolean;
    text: string;
    time?: { end?: number; start: number };
    type: "text";
  };
  Todo: {
    /** Brief description of the task */
    content: string;
    /** Priority level of the task: high, medium, low */
    priority: string;
    /** Current status of the task: pending, in_progress, completed, cancelled */
    status: string;
  };
  TodoUpdated: {
    data: Schemas["EventTodoUpdated"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "todo.updated";
  };
  ToolFileContent: { mime: string; name?: string; type: "file"; uri: string };
  ToolIDs: string[];
  ToolList: Schemas["ToolListItem"][];
  ToolListItem: { description: string; id: string; parameters: unknown };
  ToolPart: {
    callID: string;
    id: string;
    messageID: string;
    metadata?: Record<string, unknown>;
    sessionID: string;
    state: Schemas["ToolState"];
    tool: string;
    type: "tool";
  };
  ToolState: Schemas["ToolStatePending"] | Schemas["ToolStateRunning"] | Schemas["ToolStateCompleted"] | Schemas["ToolStateError"];
  ToolStateCompleted: {
    attachments?: Schemas["FilePart"][];
    input: Record<string, unknown>;
    metadata: Record<string, unknown>;
    output: string;
    status: "completed";
    time: { compacted?: number; end: number; start: number };
    title: string;
  };
  ToolStateError: {
    error: string;
    input: Record<string, unknown>;
    metadata?: Record<string, unknown>;
    status: "error";
    time: { end: number; start: number };
  };
  ToolStatePending: { input: Record<string, unknown>; raw: string; status: "pending" };
  ToolStateRunning: {
    input: Record<string, unknown>;
    metadata?: Record<string, unknown>;
    status: "running";
    time: { start: number };
    title?: string;
  };
  ToolTextContent: { text: string; type: "text" };
  TuiCommandExecute: {
    data: Schemas["Event.tui.command.execute"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "tui.command.execute";
  };
  TuiPromptAppend: {
    data: { text: string };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "tui.prompt.append";
  };
  TuiSessionSelect: {
    data: {
      /** Session ID to navigate to */
      sessionID: string;
    };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "tui.session.select";
  };
  TuiToastShow: {
    data: Schemas["Event.tui.toast.show"]["properties"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "tui.toast.show";
  };
  UnauthorizedError: { _tag: "UnauthorizedError"; message: string };
  UnknownError: { data: { message: string; ref?: string }; name: "UnknownError" };
  UnknownError1: { _tag: "UnknownError"; message: string; ref?: string };
  UserMessage: {
    agent: string;
    format?: Schemas["OutputFormat"];
    id: string;
    model: { modelID: string; providerID: string; variant?: string };
    role: "user";
    sessionID: string;
    summary?: { body?: string; diffs: Schemas["SnapshotFileDiff"][]; title?: string };
    system?: string;
    time: { created: number };
    tools?: { [key: string]: boolean };
  };
  V2Event: Schemas["Models-devRefreshed"] | Schemas["IntegrationUpdated"] | Schemas["IntegrationConnectionUpdated"] | Schemas["CatalogUpdated"] | Schemas["SessionCreated"] | Schemas["SessionUpdated"] | Schemas["SessionDeleted"] | Schemas["MessageUpdated"] | Schemas["MessageRemoved"] | Schemas["MessagePartUpdated"] | Schemas["MessagePartRemoved"] | Schemas["SessionNextAgentSwitched"] | Schemas["SessionNextModelSwitched"] | Schemas["SessionNextMoved"] | Schemas["SessionNextPrompted"] | Schemas["SessionNextPromptAdmitted"] | Schemas["SessionNextContextUpdated"] | Schemas["SessionNextSynthetic"] | Schemas["SessionNextShellStarted"] | Schemas["SessionNextShellEnded"] | Schemas["SessionNextStepStarted"] | Schemas["SessionNextStepEnded"] | Schemas["SessionNextStepFailed"] | Schemas["SessionNextTextStarted"] | Schemas["SessionNextTextDelta"] | Schemas["SessionNextTextEnded"] | Schemas["SessionNextReasoningStarted"] | Schemas["SessionNextReasoningDelta"] | Schemas["SessionNextReasoningEnded"] | Schemas["SessionNextToolInputStarted"] | Schemas["SessionNextToolInputDelta"] | Schemas["SessionNextToolInputEnded"] | Schemas["SessionNextToolCalled"] | Schemas["SessionNextToolProgress"] | Schemas["SessionNextToolSuccess"] | Schemas["SessionNextToolFailed"] | Schemas["SessionNextRetried"] | Schemas["SessionNextCompactionStarted"] | Schemas["SessionNextCompactionDelta"] | Schemas["SessionNextCompactionEnded"] | Schemas["SessionNextRevertStaged"] | Schemas["SessionNextRevertCleared"] | Schemas["SessionNextRevertCommitted"] | Schemas["MessagePartDelta"] | Schemas["SessionDiff"] | Schemas["SessionError"] | Schemas["InstallationUpdated"] | Schemas["InstallationUpdate-available"] | Schemas["FileEdited"] | Schemas["ReferenceUpdated"] | Schemas["PermissionV2Asked"] | Schemas["PermissionV2Replied"] | Schemas["PluginAdded"] | Schemas["ProjectDirectoriesUpdated"] | Schemas["FileWatcherUpdated"] | Schemas["PtyCreated"] | Schemas["PtyUpdated"] | Schemas["PtyExited"] | Schemas["PtyDeleted"] | Schemas["QuestionV2Asked"] | Schemas["QuestionV2Replied"] | Schemas["QuestionV2Rejected"] | Schemas["TodoUpdated"] | Schemas["LspUpdated"] | Schemas["PermissionAsked"] | Schemas["PermissionReplied"] | Schemas["TuiPromptAppend"] | Schemas["TuiCommandExecute"] | Schemas["TuiToastShow"] | Schemas["TuiSessionSelect"] | Schemas["McpToolsChanged"] | Schemas["McpBrowserOpenFailed"] | Schemas["CommandExecuted"] | Schemas["ProjectUpdated"] | Schemas["session.status"] | Schemas["SessionIdle"] | Schemas["QuestionAsked"] | Schemas["question.replied"] | Schemas["question.rejected"] | Schemas["SessionCompacted"] | Schemas["VcsBranchUpdated"] | Schemas["WorkspaceReady"] | Schemas["WorkspaceFailed"] | Schemas["WorkspaceStatus"] | Schemas["WorktreeReady"] | Schemas["WorktreeFailed"] | Schemas["ServerConnected"] | Schemas["GlobalDisposed"];
  V2EventStream: string;
  VcsApplyError: { data: { message: string; reason: "non-git" | "not-clean" }; name: "VcsApplyError" };
  VcsBranchUpdated: {
    data: { branch?: string };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "vcs.branch.updated";
  };
  VcsFileDiff: {
    additions: number;
    deletions: number;
    file: string;
    patch?: string;
    status?: "added" | "deleted" | "modified";
  };
  VcsFileStatus: { additions: number; deletions: number; file: string; status: "added" | "deleted" | "modified" };
  VcsInfo: { branch?: string; default_branch?: string };
  WellKnownAuth: { key: string; token: string; type: "wellknown" };
  Workspace: {
    branch?: string | null;
    directory?: string | null;
    extra?: unknown | null;
    id: string;
    name: string;
    projectID: string;
    timeUsed: number;
    type: string;
  };
  WorkspaceCreateError: { data: { message: string }; name: "WorkspaceCreateError" };
  WorkspaceEventConnectionStatus: { status: "connected" | "connecting" | "disconnected" | "error"; workspaceID: string };
  WorkspaceFailed: {
    data: { message: string };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "workspace.failed";
  };
  WorkspaceReady: {
    data: { name: string };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "workspace.ready";
  };
  WorkspaceStatus: {
    data: Schemas["WorkspaceEventConnectionStatus"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "workspace.status";
  };
  WorkspaceWarpError: { data: { message: string }; name: "WorkspaceWarpError" };
  Worktree: { branch?: string; directory: string; name: string };
  WorktreeCreateInput: {
    name?: string;
    /** Additional startup script to run after the project's start command */
    startCommand?: string;
  };
  WorktreeError: {
    data: { message: string };
    name: "WorktreeNotGitError" | "WorktreeNameGenerationFailedError" | "WorktreeCreateFailedError" | "WorktreeStartCommandFailedError" | "WorktreeRemoveFailedError" | "WorktreeResetFailedError" | "WorktreeListFailedError";
  };
  WorktreeFailed: {
    data: { message: string };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "worktree.failed";
  };
  WorktreeReady: {
    data: { branch?: string; name: string };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["LocationRef"];
    metadata?: Record<string, unknown>;
    type: "worktree.ready";
  };
  WorktreeRemoveInput: { directory: string };
  WorktreeResetInput: { directory: string };
}

/** The query of most routes: overrides the directory and the workspace of the client. */
type Place = { directory?: string; workspace?: string };
/** The query of most routes below `/api`. */
type Located = { location?: { directory?: string; workspace?: string } };

/** The documented routes by verb and path: the arguments of a call and its data. Event streams are left out. */
export interface Routes {
  get: {
    "/agent": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: Schemas["Agent"][];
    };
    "/api/agent": {
      init: { params?: { path?: never; query?: Located }; body?: undefined };
      data: { data: Schemas["AgentV2Info"][]; location: Schemas["LocationInfo"] };
    };
    "/api/command": {
      init: { params?: { path?: never; query?: Located }; body?: undefined };
      data: { data: Schemas["CommandV2Info"][]; location: Schemas["LocationInfo"] };
    };
    "/api/fs/find": {
      init: { params: { path?: never; query: { limit?: string; location?: Place; query: string; type?: "file" | "directory" } }; body?: undefined };
      data: { data: Schemas["FileSystemEntry"][]; location: Schemas["LocationInfo"] };
    };
    "/api/fs/list": {
      init: { params?: { path?: never; query?: { location?: Place; path?: string } }; body?: undefined };
      data: { data: Schemas["FileSystemEntry"][]; location: Schemas["LocationInfo"] };
    };
    "/api/fs/read/{path}": {
      init: { params: { path: { path: string }; query?: Located }; body?: undefined };
      data: string;
    };
    "/api/health": {
      init: { params?: { path?: never; query?: never }; body?: undefined };
      data: { healthy: true };
    };
    "/api/integration": {
      init: { params?: { path?: never; query?: Located }; body?: undefined };
      data: { data: Schemas["IntegrationInfo"][]; location: Schemas["LocationInfo"] };
    };
    "/api/integration/{integrationID}": {
      init: { params: { path: { integrationID: string }; query?: Located }; body?: undefined };
      data: { data: Schemas["IntegrationInfo"]; location: Schemas["LocationInfo"] };
    };
    "/api/integration/attempt/{attemptID}": {
      init: { params: { path: { attemptID: string }; query?: Located }; body?: undefined };
      data: { data: Schemas["IntegrationAttemptStatus"]; location: Schemas["LocationInfo"] };
    };
    "/api/location": {
      init: { params?: { path?: never; query?: Located }; body?: undefined };
      data: Schemas["LocationInfo"];
    };
    "/api/model": {
      init: { params?: { path?: never; query?: Located }; body?: undefined };
      data: { data: Schemas["ModelV2Info"][]; location: Schemas["LocationInfo"] };
    };
    "/api/permission/request": {
      init: { params?: { path?: never; query?: Located }; body?: undefined };
      data: { data: Schemas["PermissionV2Request"][]; location: Schemas["LocationInfo"] };
    };
    "/api/permission/saved": {
      init: { params?: { path?: never; query?: { projectID?: string } }; body?: undefined };
      data: { data: Schemas["PermissionSavedInfo"][] };
    };
    "/api/provider": {
      init: { params?: { path?: never; query?: Located }; body?: undefined };
      data: { data: Schemas["ProviderV2Info"][]; location: Schemas["LocationInfo"] };
    };
    "/api/provider/{providerID}": {
      init: { params: { path: { providerID: string }; query?: Located }; body?: undefined };
      data: { data: Schemas["ProviderV2Info"]; location: Schemas["LocationInfo"] };
    };
    "/api/pty": {
      init: { params?: { path?: never; query?: Located }; body?: undefined };
      data: { data: Schemas["Pty"][]; location: Schemas["LocationInfo"] };
    };
    "/api/pty/{ptyID}": {
      init: { params: { path: { ptyID: string }; query?: Located }; body?: undefined };
      data: { data: Schemas["Pty"]; location: Schemas["LocationInfo"] };
    };
    "/api/pty/{ptyID}/connect": {
      init: { params: { path: { ptyID: string }; query?: {
          cursor?: string;
          "location[directory]"?: string;
          "location[workspace]"?: string;
          ticket?: string;
        } }; body?: undefined };
      data: boolean;
    };
    "/api/question/request": {
      init: { params?: { path?: never; query?: Located }; body?: undefined };
      data: { data: Schemas["QuestionV2Request"][]; location: Schemas["LocationInfo"] };
    };
    "/api/reference": {
      init: { params?: { path?: never; query?: Located }; body?: undefined };
      data: { data: Schemas["ReferenceInfo"][]; location: Schemas["LocationInfo"] };
    };
    "/api/session": {
      init: { params?: { path?: never; query?: {
          cursor?: string;
          directory?: string;
          limit?: number;
          order?: "asc" | "desc";
          project?: string;
          search?: string;
          subpath?: string;
          workspace?: string;
        } }; body?: undefined };
      data: Schemas["SessionsResponse"];
    };
    "/api/session/{sessionID}": {
      init: { params: { path: { sessionID: string }; query?: never }; body?: undefined };
      data: { data: Schemas["SessionV2Info"] };
    };
    "/api/session/{sessionID}/context": {
      init: { params: { path: { sessionID: string }; query?: never }; body?: undefined };
      data: { data: Schemas["SessionMessage"][] };
    };
    "/api/session/{sessionID}/history": {
      init: { params: { path: { sessionID: string }; query?: { after?: string; limit?: string } }; body?: undefined };
      data: Schemas["SessionHistory"];
    };
    "/api/session/{sessionID}/message": {
      init: { params: { path: { sessionID: string }; query?: { cursor?: string; limit?: number; order?: "asc" | "desc" } }; body?: undefined };
      data: Schemas["SessionMessagesResponse"];
    };
    "/api/session/{sessionID}/message/{messageID}": {
      init: { params: { path: { messageID: string; sessionID: string }; query?: never }; body?: undefined };
      data: { data: Schemas["SessionMessage"] };
    };
    "/api/session/{sessionID}/permission": {
      init: { params: { path: { sessionID: string }; query?: never }; body?: undefined };
      data: { data: Schemas["PermissionV2Request"][] };
    };
    "/api/session/{sessionID}/permission/{requestID}": {
      init: { params: { path: { requestID: string; sessionID: string }; query?: never }; body?: undefined };
      data: { data: Schemas["PermissionV2Request"] };
    };
    "/api/session/{sessionID}/question": {
      init: { params: { path: { sessionID: string }; query?: never }; body?: undefined };
      data: { data: Schemas["QuestionV2Request"][] };
    };
    "/api/session/active": {
      init: { params?: { path?: never; query?: never }; body?: undefined };
      data: { data: { [key: string]: Schemas["SessionActive"] } };
    };
    "/api/skill": {
      init: { params?: { path?: never; query?: Located }; body?: undefined };
      data: { data: Schemas["SkillV2Info"][]; location: Schemas["LocationInfo"] };
    };
    "/command": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: Schemas["Command"][];
    };
    "/config": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: Schemas["Config"];
    };
    "/config/providers": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: { default: { [key: string]: string }; providers: Schemas["Provider"][] };
    };
    "/experimental/capabilities": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: Schemas["ExperimentalCapabilities"];
    };
    "/experimental/console": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: Schemas["ConsoleState"];
    };
    "/experimental/console/orgs": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: {
        orgs: {
          accountEmail: string;
          accountID: string;
          accountUrl: string;
          active: boolean;
          orgID: string;
          orgName: string;
        }[];
      };
    };
    "/experimental/resource": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: { [key: string]: Schemas["McpResource"] };
    };
    "/experimental/session": {
      init: { params?: { path?: never; query?: {
          archived?: boolean | ("true" | "false");
          cursor?: number;
          directory?: string;
          limit?: number;
          roots?: boolean | ("true" | "false");
          search?: string;
          start?: number;
          workspace?: string;
        } }; body?: undefined };
      data: Schemas["GlobalSession"][];
    };
    "/experimental/tool": {
      init: { params: { path?: never; query: { directory?: string; model: string; provider: string; workspace?: string } }; body?: undefined };
      data: Schemas["ToolList"];
    };
    "/experimental/tool/ids": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: Schemas["ToolIDs"];
    };
    "/experimental/workspace": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: Schemas["Workspace"][];
    };
    "/experimental/workspace/adapter": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: { description: string; name: string; type: string }[];
    };
    "/experimental/workspace/status": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: Schemas["WorkspaceEventConnectionStatus"][];
    };
    "/experimental/worktree": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: string[];
    };
    "/file": {
      init: { params: { path?: never; query: { directory?: string; path: string; workspace?: string } }; body?: undefined };
      data: Schemas["FileNode"][];
    };
    "/file/content": {
      init: { params: { path?: never; query: { directory?: string; path: string; workspace?: string } }; body?: undefined };
      data: Schemas["FileContent"];
    };
    "/file/status": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: Schemas["File"][];
    };
    "/find": {
      init: { params: { path?: never; query: { directory?: string; pattern: string; workspace?: string } }; body?: undefined };
      data: {
        absolute_offset: number;
        line_number: number;
        lines: { text: string };
        path: { text: string };
        submatches: { end: number; match: { text: string }; start: number }[];
      }[];
    };
    "/find/file": {
      init: { params: { path?: never; query: {
          directory?: string;
          dirs?: "true" | "false";
          limit?: number;
          query: string;
          type?: "file" | "directory";
          workspace?: string;
        } }; body?: undefined };
      data: string[];
    };
    "/find/symbol": {
      init: { params: { path?: never; query: { directory?: string; query: string; workspace?: string } }; body?: undefined };
      data: Schemas["Symbol"][];
    };
    "/formatter": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: Schemas["FormatterStatus"][];
    };
    "/global/config": {
      init: { params?: { path?: never; query?: never }; body?: undefined };
      data: Schemas["Config"];
    };
    "/global/health": {
      init: { params?: { path?: never; query?: never }; body?: undefined };
      data: { healthy: true; version: string };
    };
    "/lsp": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: Schemas["LSPStatus"][];
    };
    "/mcp": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: { [key: string]: Schemas["MCPStatus"] };
    };
    "/path": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: Schemas["Path"];
    };
    "/permission": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: Schemas["PermissionRequest"][];
    };
    "/project": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: Schemas["Project"][];
    };
    "/project/{projectID}/directories": {
      init: { params: { path: { projectID: string }; query?: Place }; body?: undefined };
      data: Schemas["ProjectDirectories"];
    };
    "/project/current": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: Schemas["Project"];
    };
    "/provider": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: { all: Schemas["Provider"][]; connected: string[]; default: { [key: string]: string } };
    };
    "/provider/auth": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: { [key: string]: Schemas["ProviderAuthMethod"][] };
    };
    "/pty": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: Schemas["Pty"][];
    };
    "/pty/{ptyID}": {
      init: { params: { path: { ptyID: string }; query?: Place }; body?: undefined };
      data: Schemas["Pty"];
    };
    "/pty/{ptyID}/connect": {
      init: { params: { path: { ptyID: string }; query?: { cursor?: string; directory?: string; ticket?: string; workspace?: string } }; body?: undefined };
      data: boolean;
    };
    "/pty/shells": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: { acceptable: boolean; name: string; path: string }[];
    };
    "/question": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: Schemas["QuestionRequest"][];
    };
    "/session": {
      init: { params?: { path?: never; query?: {
          directory?: string;
          limit?: number;
          path?: string;
          roots?: boolean | ("true" | "false");
          scope?: "project";
          search?: string;
          start?: number;
          workspace?: string;
        } }; body?: undefined };
      data: Schemas["Session"][];
    };
    "/session/{sessionID}": {
      init: { params: { path: { sessionID: string }; query?: Place }; body?: undefined };
      data: Schemas["Session"];
    };
    "/session/{sessionID}/children": {
      init: { params: { path: { sessionID: string }; query?: Place }; body?: undefined };
      data: Schemas["Session"][];
    };
    "/session/{sessionID}/diff": {
      init: { params: { path: { sessionID: string }; query?: { directory?: string; messageID?: string; workspace?: string } }; body?: undefined };
      data: Schemas["SnapshotFileDiff"][];
    };
    "/session/{sessionID}/message": {
      init: { params: { path: { sessionID: string }; query?: { before?: string; directory?: string; limit?: number; workspace?: string } }; body?: undefined };
      data: { info: Schemas["Message"]; parts: Schemas["Part"][] }[];
    };
    "/session/{sessionID}/message/{messageID}": {
      init: { params: { path: { messageID: string; sessionID: string }; query?: Place }; body?: undefined };
      data: { info: Schemas["Message"]; parts: Schemas["Part"][] };
    };
    "/session/{sessionID}/todo": {
      init: { params: { path: { sessionID: string }; query?: Place }; body?: undefined };
      data: Schemas["Todo"][];
    };
    "/session/status": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: { [key: string]: Schemas["SessionStatus"] };
    };
    "/skill": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: { content: string; description?: string; location: string; name: string }[];
    };
    "/tui/control/next": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: { body: unknown; path: string };
    };
    "/vcs": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: Schemas["VcsInfo"];
    };
    "/vcs/diff": {
      init: { params: { path?: never; query: { context?: number; directory?: string; mode: "git" | "branch"; workspace?: string } }; body?: undefined };
      data: Schemas["VcsFileDiff"][];
    };
    "/vcs/diff/raw": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: string;
    };
    "/vcs/status": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: Schemas["VcsFileStatus"][];
    };
  };
  post: {
    "/api/integration/{integrationID}/connect/key": {
      init: { params: { path: { integrationID: string }; query?: Located }; body: { key: string; label?: string } };
      data: undefined;
    };
    "/api/integration/{integrationID}/connect/oauth": {
      init: { params: { path: { integrationID: string }; query?: Located }; body: { inputs: { [key: string]: string }; label?: string; methodID: string } };
      data: { data: Schemas["IntegrationAttempt"]; location: Schemas["LocationInfo"] };
    };
    "/api/integration/attempt/{attemptID}/complete": {
      init: { params: { path: { attemptID: string }; query?: Located }; body: { code?: string } };
      data: undefined;
    };
    "/api/pty": {
      init: { params?: { path?: never; query?: Located }; body: {
          args?: string[];
          command?: string;
          cwd?: string;
          env?: { [key: string]: string };
          title?: string;
        } };
      data: { data: Schemas["Pty"]; location: Schemas["LocationInfo"] };
    };
    "/api/pty/{ptyID}/connect-token": {
      init: { params: { path: { ptyID: string }; query?: Located }; body?: undefined };
      data: { data: Schemas["PtyTicketConnectToken"]; location: Schemas["LocationInfo"] };
    };
    "/api/session": {
      init: { params?: { path?: never; query?: never }; body: {
          agent?: string;
          id?: string;
          location?: Schemas["LocationRef"];
          model?: Schemas["ModelRef"];
        } };
      data: { data: Schemas["SessionV2Info"] };
    };
    "/api/session/{sessionID}/agent": {
      init: { params: { path: { sessionID: string }; query?: never }; body: { agent: string } };
      data: undefined;
    };
    "/api/session/{sessionID}/compact": {
      init: { params: { path: { sessionID: string }; query?: never }; body?: undefined };
      data: undefined;
    };
    "/api/session/{sessionID}/interrupt": {
      init: { params: { path: { sessionID: string }; query?: never }; body?: undefined };
      data: undefined;
    };
    "/api/session/{sessionID}/model": {
      init: { params: { path: { sessionID: string }; query?: never }; body: { model: Schemas["ModelRef"] } };
      data: undefined;
    };
    "/api/session/{sessionID}/permission": {
      init: { params: { path: { sessionID: string }; query?: never }; body: {
          action: string;
          agent?: string;
          id?: string;
          metadata?: Record<string, unknown>;
          resources: string[];
          save?: string[];
          source?: Schemas["PermissionV2Source"];
        } };
      data: { data: { effect: Schemas["PermissionV2Effect"]; id: string } };
    };
    "/api/session/{sessionID}/permission/{requestID}/reply": {
      init: { params: { path: { requestID: string; sessionID: string }; query?: never }; body: { message?: string; reply: Schemas["PermissionV2Reply"] } };
      data: undefined;
    };
    "/api/session/{sessionID}/prompt": {
      init: { params: { path: { sessionID: string }; query?: never }; body: {
          delivery?: "steer" | "queue";
          id?: string;
          prompt: Schemas["PromptInput"];
          resume?: boolean;
        } };
      data: { data: Schemas["SessionInputAdmitted"] };
    };
    "/api/session/{sessionID}/question/{requestID}/reject": {
      init: { params: { path: { requestID: string; sessionID: string }; query?: never }; body?: undefined };
      data: undefined;
    };
    "/api/session/{sessionID}/question/{requestID}/reply": {
      init: { params: { path: { requestID: string; sessionID: string }; query?: never }; body: Schemas["QuestionV2Reply"] };
      data: undefined;
    };
    "/api/session/{sessionID}/revert/clear": {
      init: { params: { path: { sessionID: string }; query?: never }; body?: undefined };
      data: undefined;
    };
    "/api/session/{sessionID}/revert/commit": {
      init: { params: { path: { sessionID: string }; query?: never }; body?: undefined };
      data: undefined;
    };
    "/api/session/{sessionID}/revert/stage": {
      init: { params: { path: { sessionID: string }; query?: never }; body: { files?: boolean; messageID: string } };
      data: { data: Schemas["RevertState"] };
    };
    "/api/session/{sessionID}/wait": {
      init: { params: { path: { sessionID: string }; query?: never }; body?: undefined };
      data: undefined;
    };
    "/experimental/console/switch": {
      init: { params?: { path?: never; query?: Place }; body?: { accountID: string; orgID: string } | undefined };
      data: boolean;
    };
    "/experimental/control-plane/move-session": {
      init: { params?: { path?: never; query?: never }; body?: {
          destination: Schemas["MoveSessionDestination"];
          moveChanges?: boolean;
          sessionID: string;
        } | undefined };
      data: undefined;
    };
    "/experimental/project/{projectID}/copy": {
      init: { params: { path: { projectID: string }; query?: Located }; body?: { directory: string; name?: string; strategy: string } | undefined };
      data: Schemas["ProjectCopyCopy"];
    };
    "/experimental/project/{projectID}/copy/generate-name": {
      init: { params: { path: { projectID: string }; query?: Place }; body?: { context?: string } | undefined };
      data: { name: string };
    };
    "/experimental/project/{projectID}/copy/refresh": {
      init: { params: { path: { projectID: string }; query?: Located }; body?: undefined };
      data: undefined;
    };
    "/experimental/session/{sessionID}/background": {
      init: { params: { path: { sessionID: string }; query?: Place }; body?: undefined };
      data: boolean;
    };
    "/experimental/workspace": {
      init: { params?: { path?: never; query?: Place }; body?: { branch?: string | null; extra?: unknown | null; id?: string; type: string } | undefined };
      data: Schemas["Workspace"];
    };
    "/experimental/workspace/sync-list": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: undefined;
    };
    "/experimental/workspace/warp": {
      init: { params?: { path?: never; query?: Place }; body?: { copyChanges?: boolean; id: string | null; sessionID: string } | undefined };
      data: undefined;
    };
    "/experimental/worktree": {
      init: { params?: { path?: never; query?: Place }; body?: Schemas["WorktreeCreateInput"] | undefined };
      data: Schemas["Worktree"];
    };
    "/experimental/worktree/reset": {
      init: { params?: { path?: never; query?: Place }; body?: Schemas["WorktreeResetInput"] | undefined };
      data: boolean;
    };
    "/global/dispose": {
      init: { params?: { path?: never; query?: never }; body?: undefined };
      data: boolean;
    };
    "/global/upgrade": {
      init: { params?: { path?: never; query?: never }; body?: { target: string } | undefined };
      data: { success: true; version: string } | { error: string; success: false };
    };
    "/instance/dispose": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: boolean;
    };
    "/log": {
      init: { params?: { path?: never; query?: Place }; body?: {
          extra?: Record<string, unknown>;
          /** Log level */
          level: "debug" | "info" | "error" | "warn";
          /** Log message */
          message: string;
          /** Service name for the log entry */
          service: string;
        } | undefined };
      data: boolean;
    };
    "/mcp": {
      init: { params?: { path?: never; query?: Place }; body?: { config: Schemas["McpLocalConfig"] | Schemas["McpRemoteConfig"]; name: string } | undefined };
      data: { [key: string]: Schemas["MCPStatus"] };
    };
    "/mcp/{name}/auth": {
      init: { params: { path: { name: string }; query?: Place }; body?: undefined };
      data: { authorizationUrl: string; oauthState: string };
    };
    "/mcp/{name}/auth/authenticate": {
      init: { params: { path: { name: string }; query?: Place }; body?: undefined };
      data: Schemas["MCPStatus"];
    };
    "/mcp/{name}/auth/callback": {
      init: { params: { path: { name: string }; query?: Place }; body?: { code: string } | undefined };
      data: Schemas["MCPStatus"];
    };
    "/mcp/{name}/connect": {
      init: { params: { path: { name: string }; query?: Place }; body?: undefined };
      data: boolean;
    };
    "/mcp/{name}/disconnect": {
      init: { params: { path: { name: string }; query?: Place }; body?: undefined };
      data: boolean;
    };
    "/permission/{requestID}/reply": {
      init: { params: { path: { requestID: string }; query?: Place }; body?: { message?: string; reply: "once" | "always" | "reject" } | undefined };
      data: boolean;
    };
    "/project/git/init": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: Schemas["Project"];
    };
    "/provider/{providerID}/oauth/authorize": {
      init: { params: { path: { providerID: string }; query?: Place }; body?: {
          inputs?: { [key: string]: string };
          /** Auth method index */
          method: number;
        } | undefined };
      data: Schemas["ProviderAuthAuthorization"];
    };
    "/provider/{providerID}/oauth/callback": {
      init: { params: { path: { providerID: string }; query?: Place }; body?: {
          code?: string;
          /** Auth method index */
          method: number;
        } | undefined };
      data: boolean;
    };
    "/pty": {
      init: { params?: { path?: never; query?: Place }; body?: {
          args?: string[];
          command?: string;
          cwd?: string;
          env?: { [key: string]: string };
          title?: string;
        } | undefined };
      data: Schemas["Pty"];
    };
    "/pty/{ptyID}/connect-token": {
      init: { params: { path: { ptyID: string }; query?: Place }; body?: undefined };
      data: Schemas["PtyTicketConnectToken"];
    };
    "/question/{requestID}/reject": {
      init: { params: { path: { requestID: string }; query?: Place }; body?: undefined };
      data: boolean;
    };
    "/question/{requestID}/reply": {
      init: { params: { path: { requestID: string }; query?: Place }; body?: {
          /** User answers in order of questions (each answer is an array of selected labels) */
          answers: Schemas["QuestionAnswer"][];
        } | undefined };
      data: boolean;
    };
    "/session": {
      init: { params?: { path?: never; query?: Place }; body?: {
          agent?: string;
          metadata?: Record<string, unknown>;
          model?: { id: string; providerID: string; variant?: string };
          parentID?: string;
          permission?: Schemas["PermissionRuleset"];
          title?: string;
          workspaceID?: string;
        } | undefined };
      data: Schemas["Session"];
    };
    "/session/{sessionID}/abort": {
      init: { params: { path: { sessionID: string }; query?: Place }; body?: undefined };
      data: boolean;
    };
    "/session/{sessionID}/command": {
      init: { params: { path: { sessionID: string }; query?: Place }; body?: {
          agent?: string;
          arguments: string;
          command: string;
          messageID?: string;
          model?: string;
          parts?: Schemas["FilePartInput"][];
          variant?: string;
        } | undefined };
      data: { info: Schemas["AssistantMessage"]; parts: Schemas["Part"][] };
    };
    "/session/{sessionID}/fork": {
      init: { params: { path: { sessionID: string }; query?: Place }; body?: { messageID?: string } | undefined };
      data: Schemas["Session"];
    };
    "/session/{sessionID}/init": {
      init: { params: { path: { sessionID: string }; query?: Place }; body?: { messageID: string; modelID: string; providerID: string } | undefined };
      data: boolean;
    };
    "/session/{sessionID}/message": {
      init: { params: { path: { sessionID: string }; query?: Place }; body?: {
          agent?: string;
          format?: Schemas["OutputFormat"];
          messageID?: string;
          model?: { modelID: string; providerID: string };
          noReply?: boolean;
          parts: (Schemas["TextPartInput"] | Schemas["FilePartInput"] | Schemas["AgentPartInput"] | Schemas["SubtaskPartInput"])[];
          system?: string;
          tools?: { [key: string]: boolean };
          variant?: string;
        } | undefined };
      data: { info: Schemas["AssistantMessage"]; parts: Schemas["Part"][] };
    };
    "/session/{sessionID}/permissions/{permissionID}": {
      init: { params: { path: { permissionID: string; sessionID: string }; query?: Place }; body?: { response: "once" | "always" | "reject" } | undefined };
      data: boolean;
    };
    "/session/{sessionID}/prompt_async": {
      init: { params: { path: { sessionID: string }; query?: Place }; body?: {
          agent?: string;
          format?: Schemas["OutputFormat"];
          messageID?: string;
          model?: { modelID: string; providerID: string };
          noReply?: boolean;
          parts: (Schemas["TextPartInput"] | Schemas["FilePartInput"] | Schemas["AgentPartInput"] | Schemas["SubtaskPartInput"])[];
          system?: string;
          tools?: { [key: string]: boolean };
          variant?: string;
        } | undefined };
      data: undefined;
    };
    "/session/{sessionID}/revert": {
      init: { params: { path: { sessionID: string }; query?: Place }; body?: { messageID: string; partID?: string } | undefined };
      data: Schemas["Session"];
    };
    "/session/{sessionID}/share": {
      init: { params: { path: { sessionID: string }; query?: Place }; body?: undefined };
      data: Schemas["Session"];
    };
    "/session/{sessionID}/shell": {
      init: { params: { path: { sessionID: string }; query?: Place }; body?: {
          agent: string;
          command: string;
          messageID?: string;
          model?: { modelID: string; providerID: string };
        } | undefined };
      data: { info: Schemas["Message"]; parts: Schemas["Part"][] };
    };
    "/session/{sessionID}/summarize": {
      init: { params: { path: { sessionID: string }; query?: Place }; body?: { auto?: boolean; modelID: string; providerID: string } | undefined };
      data: boolean;
    };
    "/session/{sessionID}/unrevert": {
      init: { params: { path: { sessionID: string }; query?: Place }; body?: undefined };
      data: Schemas["Session"];
    };
    "/sync/history": {
      init: { params?: { path?: never; query?: Place }; body?: { [key: string]: number } | undefined };
      data: {
        aggregate_id: string;
        data: Record<string, unknown>;
        id: string;
        seq: number;
        type: string;
      }[];
    };
    "/sync/replay": {
      init: { params?: { path?: never; query?: Place }; body?: {
          directory: string;
          events: {
            aggregateID: string;
            data: Record<string, unknown>;
            id: string;
            seq: number;
            type: string;
          }[];
        } | undefined };
      data: { sessionID: string };
    };
    "/sync/start": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: boolean;
    };
    "/sync/steal": {
      init: { params?: { path?: never; query?: Place }; body?: { sessionID: string } | undefined };
      data: { sessionID: string };
    };
    "/tui/append-prompt": {
      init: { params?: { path?: never; query?: Place }; body?: { text: string } | undefined };
      data: boolean;
    };
    "/tui/clear-prompt": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: boolean;
    };
    "/tui/control/response": {
      init: { params?: { path?: never; query?: Place }; body?: unknown | undefined };
      data: boolean;
    };
    "/tui/execute-command": {
      init: { params?: { path?: never; query?: Place }; body?: { command: string } | undefined };
      data: boolean;
    };
    "/tui/open-help": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: boolean;
    };
    "/tui/open-models": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: boolean;
    };
    "/tui/open-sessions": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: boolean;
    };
    "/tui/open-themes": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: boolean;
    };
    "/tui/publish": {
      init: { params?: { path?: never; query?: Place }; body?: Schemas["EventTuiPromptAppend"] | Schemas["EventTuiCommandExecute"] | Schemas["EventTuiToastShow"] | Schemas["EventTuiSessionSelect"] | undefined };
      data: boolean;
    };
    "/tui/select-session": {
      init: { params?: { path?: never; query?: Place }; body?: {
          /** Session ID to navigate to */
          sessionID: string;
        } | undefined };
      data: boolean;
    };
    "/tui/show-toast": {
      init: { params?: { path?: never; query?: Place }; body?: Schemas["Event.tui.toast.show"]["properties"] | undefined };
      data: boolean;
    };
    "/tui/submit-prompt": {
      init: { params?: { path?: never; query?: Place }; body?: undefined };
      data: boolean;
    };
    "/vcs/apply": {
      init: { params?: { path?: never; query?: Place }; body?: { patch: string } | undefined };
      data: { applied: boolean };
    };
  };
  put: {
    "/api/pty/{ptyID}": {
      init: { params: { path: { ptyID: string }; query?: Located }; body: { size?: { cols: number; rows: number }; title?: string } };
      data: { data: Schemas["Pty"]; location: Schemas["LocationInfo"] };
    };
    "/auth/{providerID}": {
      init: { params: { path: { providerID: string }; query?: never }; body?: Schemas["Auth"] | undefined };
      data: boolean;
    };
    "/pty/{ptyID}": {
      init: { params: { path: { ptyID: string }; query?: Place }; body?: { size?: { cols: number; rows: number }; title?: string } | undefined };
      data: Schemas["Pty"];
    };
  };
  patch: {
    "/api/credential/{credentialID}": {
      init: { params: { path: { credentialID: string }; query?: Located }; body: { label: string } };
      data: undefined;
    };
    "/config": {
      init: { params?: { path?: never; query?: Place }; body?: Schemas["Config"] | undefined };
      data: Schemas["Config"];
    };
    "/global/config": {
      init: { params?: { path?: never; query?: never }; body?: Schemas["Config"] | undefined };
      data: Schemas["Config"];
    };
    "/project/{projectID}": {
      init: { params: { path: { projectID: string }; query?: Place }; body?: { commands?: Schemas["ProjectCommands"]; icon?: Schemas["ProjectIcon"]; name?: string } | undefined };
      data: Schemas["Project"];
    };
    "/session/{sessionID}": {
      init: { params: { path: { sessionID: string }; query?: Place }; body?: {
          metadata?: Record<string, unknown>;
          permission?: Schemas["PermissionRuleset"];
          time?: { archived?: number };
          title?: string;
        } | undefined };
      data: Schemas["Session"];
    };
    "/session/{sessionID}/message/{messageID}/part/{partID}": {
      init: { params: { path: { messageID: string; partID: string; sessionID: string }; query?: Place }; body?: Schemas["Part"] | undefined };
      data: Schemas["Part"];
    };
  };
  delete: {
    "/api/credential/{credentialID}": {
      init: { params: { path: { credentialID: string }; query?: Located }; body?: undefined };
      data: undefined;
    };
    "/api/integration/attempt/{attemptID}": {
      init: { params: { path: { attemptID: string }; query?: Located }; body?: undefined };
      data: undefined;
    };
    "/api/permission/saved/{id}": {
      init: { params: { path: { id: string }; query?: never }; body?: undefined };
      data: undefined;
    };
    "/api/pty/{ptyID}": {
      init: { params: { path: { ptyID: string }; query?: Located }; body?: undefined };
      data: undefined;
    };
    "/auth/{providerID}": {
      init: { params: { path: { providerID: string }; query?: never }; body?: undefined };
      data: boolean;
    };
    "/experimental/project/{projectID}/copy": {
      init: { params: { path: { projectID: string }; query?: Located }; body?: { directory: string; force: boolean } | undefined };
      data: undefined;
    };
    "/experimental/workspace/{id}": {
      init: { params: { path: { id: string }; query?: Place }; body?: undefined };
      data: Schemas["Workspace"];
    };
    "/experimental/worktree": {
      init: { params?: { path?: never; query?: Place }; body?: Schemas["WorktreeRemoveInput"] | undefined };
      data: boolean;
    };
    "/mcp/{name}/auth": {
      init: { params: { path: { name: string }; query?: Place }; body?: undefined };
      data: { success: true };
    };
    "/pty/{ptyID}": {
      init: { params: { path: { ptyID: string }; query?: Place }; body?: undefined };
      data: boolean;
    };
    "/session/{sessionID}": {
      init: { params: { path: { sessionID: string }; query?: Place }; body?: undefined };
      data: boolean;
    };
    "/session/{sessionID}/message/{messageID}": {
      init: { params: { path: { messageID: string; sessionID: string }; query?: Place }; body?: undefined };
      data: boolean;
    };
    "/session/{sessionID}/message/{messageID}/part/{partID}": {
      init: { params: { path: { messageID: string; partID: string; sessionID: string }; query?: Place }; body?: undefined };
      data: boolean;
    };
    "/session/{sessionID}/share": {
      init: { params: { path: { sessionID: string }; query?: Place }; body?: undefined };
      data: Schemas["Session"];
    };
  };
}
