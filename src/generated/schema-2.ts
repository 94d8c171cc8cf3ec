// Written by `npm run generate`. Do not edit.
/**
 * Objects of the 2.x API, by their names in the OpenAPI document of the 2.0 preview (1.18.18), for example
 * `Schemas["SessionV2.Info"]`. Released 2.x differs in names and fields: the types are those of the preview, and no promise for other
 * servers.
 */
export interface Schemas {
  "Agent.Color": string | ("primary" | "secondary" | "accent" | "success" | "warning" | "error" | "info");
  "AgentV2.Info": {
    color?: Schemas["Agent.Color"];
    description?: string;
    hidden: boolean;
    id: string;
    mode: "subagent" | "primary" | "all";
    model?: Schemas["Model.Ref"];
    permissions: Schemas["PermissionV2.Ruleset"];
    request: Schemas["Provider.Request"];
    steps?: number;
    system?: string;
  };
  "CommandV2.Info": {
    agent?: string;
    description?: string;
    model?: Schemas["Model.Ref"];
    name: string;
    subtask?: boolean;
    template: string;
  };
  "File.Diff": {
    additions: number;
    deletions: number;
    patch: string;
    path: string;
    status: "added" | "modified" | "deleted";
  };
  "LLM.ProviderMetadata": { [key: string]: Record<string, unknown> };
  "LLM.ToolContent": Schemas["Tool.TextContent"] | Schemas["Tool.FileContent"];
  "Location.Info": { directory: string; project: { directory: string; id: string }; workspaceID?: string };
  "Location.Ref": { directory: string; workspaceID?: string };
  "Model.Api": { id: string; package: string; settings?: Record<string, unknown>; type: "aisdk"; url?: string } | { id: string; settings: Record<string, unknown>; type: "native"; url?: string };
  "Model.Capabilities": { input: string[]; output: string[]; tools: boolean };
  "Model.Cost": {
    cache: { read: number; write: number };
    input: number;
    output: number;
    tier?: { size: number; type: "context" };
  };
  "Model.Ref": { id: string; providerID: string; variant?: string };
  "ModelV2.Info": {
    api: Schemas["Model.Api"];
    capabilities: Schemas["Model.Capabilities"];
    cost: Schemas["Model.Cost"][];
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
  "permission.v2.asked": {
    data: Schemas["PermissionV2.Request"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "permission.v2.asked";
  };
  "permission.v2.replied": {
    data: { reply: Schemas["PermissionV2.Reply"]; requestID: string; sessionID: string };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "permission.v2.replied";
  };
  "PermissionSaved.Info": { action: string; id: string; projectID: string; resource: string };
  "PermissionV2.Effect": "allow" | "deny" | "ask";
  "PermissionV2.Reply": "once" | "always" | "reject";
  "PermissionV2.Request": {
    action: string;
    id: string;
    metadata?: Record<string, unknown>;
    resources: string[];
    save?: string[];
    sessionID: string;
    source?: Schemas["PermissionV2.Source"];
  };
  "PermissionV2.Rule": { action: string; effect: Schemas["PermissionV2.Effect"]; resource: string };
  "PermissionV2.Ruleset": Schemas["PermissionV2.Rule"][];
  "PermissionV2.Source": { callID: string; messageID: string; type: "tool" };
  Prompt: {
    agents?: Schemas["Prompt.AgentAttachment"][];
    files?: Schemas["Prompt.FileAttachment"][];
    text: string;
  };
  "Prompt.AgentAttachment": { name: string; source?: Schemas["Prompt.Source"] };
  "Prompt.FileAttachment": {
    description?: string;
    mime: string;
    name?: string;
    source?: Schemas["Prompt.Source"];
    uri: string;
  };
  "Prompt.Source": { end: number; start: number; text: string };
  PromptInput: {
    agents?: Schemas["Prompt.AgentAttachment"][];
    files?: Schemas["PromptInput.FileAttachment"][];
    text: string;
  };
  "PromptInput.FileAttachment": { description?: string; name?: string; source?: Schemas["Prompt.Source"]; uri: string };
  "Provider.AISDK": { package: string; settings?: Record<string, unknown>; type: "aisdk"; url?: string };
  "Provider.Api": Schemas["Provider.AISDK"] | Schemas["Provider.Native"];
  "Provider.Native": { settings: Record<string, unknown>; type: "native"; url?: string };
  "Provider.Request": { body: Record<string, unknown>; headers: { [key: string]: string } };
  "ProviderV2.Info": {
    api: Schemas["Provider.Api"];
    disabled?: boolean;
    id: string;
    integrationID?: string;
    name: string;
    request: Schemas["Provider.Request"];
  };
  "question.v2.asked": {
    data: Schemas["QuestionV2.Request"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "question.v2.asked";
  };
  "question.v2.rejected": {
    data: { requestID: string; sessionID: string };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "question.v2.rejected";
  };
  "question.v2.replied": {
    data: { answers: Schemas["QuestionV2.Answer"][]; requestID: string; sessionID: string };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "question.v2.replied";
  };
  "QuestionV2.Answer": string[];
  "QuestionV2.Info": {
    custom?: boolean;
    /** Very short label (max 30 chars) */
    header: string;
    multiple?: boolean;
    /** Available choices */
    options: Schemas["QuestionV2.Option"][];
    /** Complete question */
    question: string;
  };
  "QuestionV2.Option": {
    /** Explanation of choice */
    description: string;
    /** Display text (1-5 words, concise) */
    label: string;
  };
  "QuestionV2.Request": {
    id: string;
    /** Questions to ask */
    questions: Schemas["QuestionV2.Info"][];
    sessionID: string;
    tool?: Schemas["QuestionV2.Tool"];
  };
  "QuestionV2.Tool": { callID: string; messageID: string };
  "Revert.State": {
    diff?: string;
    files?: Schemas["File.Diff"][];
    messageID: string;
    partID?: string;
    snapshot?: string;
  };
  "Session.Error.Unknown": { message: string; type: "unknown" };
  "Session.Message": Schemas["Session.Message.AgentSwitched"] | Schemas["Session.Message.ModelSwitched"] | Schemas["Session.Message.User"] | Schemas["Session.Message.Synthetic"] | Schemas["Session.Message.System"] | Schemas["Session.Message.Shell"] | Schemas["Session.Message.Assistant"] | Schemas["Session.Message.Compaction"];
  "Session.Message.AgentSwitched": {
    agent: string;
    id: string;
    metadata?: Record<string, unknown>;
    time: { created: number };
    type: "agent-switched";
  };
  "Session.Message.Assistant": {
    agent: string;
    content: (Schemas["Session.Message.Assistant.Text"] | Schemas["Session.Message.Assistant.Reasoning"] | Schemas["Session.Message.Assistant.Tool"])[];
    cost?: number;
    error?: Schemas["Session.Error.Unknown"];
    finish?: string;
    id: string;
    metadata?: Record<string, unknown>;
    model: Schemas["Model.Ref"];
    snapshot?: { end?: string; files?: string[]; start?: string };
    time: { completed?: number; created: number };
    tokens?: { cache: { read: number; write: number }; input: number; output: number; reasoning: number };
    type: "assistant";
  };
  "Session.Message.Assistant.Reasoning": {
    id: string;
    providerMetadata?: Schemas["LLM.ProviderMetadata"];
    text: string;
    time?: { completed?: number; created: number };
    type: "reasoning";
  };
  "Session.Message.Assistant.Text": { id: string; text: string; type: "text" };
  "Session.Message.Assistant.Tool": {
    id: string;
    name: string;
    provider?: {
      executed: boolean;
      metadata?: Schemas["LLM.ProviderMetadata"];
      resultMetadata?: Schemas["LLM.ProviderMetadata"];
    };
    state: Schemas["Session.Message.ToolState.Pending"] | Schemas["Session.Message.ToolState.Running"] | Schemas["Session.Message.ToolState.Completed"] | Schemas["Session.Message.ToolState.Error"];
    time: { completed?: number; created: number; pruned?: number; ran?: number };
    type: "tool";
  };
  "Session.Message.Compaction": {
    id: string;
    metadata?: Record<string, unknown>;
    reason: "auto" | "manual";
    recent: string;
    summary: string;
    time: { created: number };
    type: "compaction";
  };
  "Session.Message.ModelSwitched": {
    id: string;
    metadata?: Record<string, unknown>;
    model: Schemas["Model.Ref"];
    time: { created: number };
    type: "model-switched";
  };
  "Session.Message.Shell": {
    callID: string;
    command: string;
    id: string;
    metadata?: Record<string, unknown>;
    output: string;
    time: { completed?: number; created: number };
    type: "shell";
  };
  "Session.Message.Synthetic": {
    id: string;
    metadata?: Record<string, unknown>;
    sessionID: string;
    text: string;
    time: { created: number };
    type: "synthetic";
  };
  "Session.Message.System": {
    id: string;
    metadata?: Record<string, unknown>;
    text: string;
    time: { created: number };
    type: "system";
  };
  "Session.Message.ToolState.Completed": {
    attachments?: Schemas["Prompt.FileAttachment"][];
    content: Schemas["LLM.ToolContent"][];
    input: Record<string, unknown>;
    outputPaths?: string[];
    result?: unknown;
    status: "completed";
    structured: Record<string, unknown>;
  };
  "Session.Message.ToolState.Error": {
    content: Schemas["LLM.ToolContent"][];
    error: Schemas["Session.Error.Unknown"];
    input: Record<string, unknown>;
    result?: unknown;
    status: "error";
    structured: Record<string, unknown>;
  };
  "Session.Message.ToolState.Pending": { input: string; status: "pending" };
  "Session.Message.ToolState.Running": {
    content: Schemas["LLM.ToolContent"][];
    input: Record<string, unknown>;
    status: "running";
    structured: Record<string, unknown>;
  };
  "Session.Message.User": {
    agents?: Schemas["Prompt.AgentAttachment"][];
    files?: Schemas["Prompt.FileAttachment"][];
    id: string;
    metadata?: Record<string, unknown>;
    text: string;
    time: { created: number };
    type: "user";
  };
  "session.next.agent.switched": {
    data: { agent: string; messageID: string; sessionID: string; timestamp: number };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "session.next.agent.switched";
  };
  "session.next.compaction.ended": {
    data: {
      messageID: string;
      reason: "auto" | "manual";
      recent: string;
      sessionID: string;
      text: string;
      timestamp: number;
    };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "session.next.compaction.ended";
  };
  "session.next.compaction.started": {
    data: { messageID: string; reason: "auto" | "manual"; sessionID: string; timestamp: number };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "session.next.compaction.started";
  };
  "session.next.context.updated": {
    data: { messageID: string; sessionID: string; text: string; timestamp: number };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "session.next.context.updated";
  };
  "session.next.model.switched": {
    data: { messageID: string; model: Schemas["Model.Ref"]; sessionID: string; timestamp: number };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "session.next.model.switched";
  };
  "session.next.moved": {
    data: {
      location: Schemas["Location.Ref"];
      sessionID: string;
      subdirectory?: string;
      timestamp: number;
    };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "session.next.moved";
  };
  "session.next.prompt.admitted": {
    data: {
      delivery: "steer" | "queue";
      messageID: string;
      prompt: Schemas["Prompt"];
      sessionID: string;
      timestamp: number;
    };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "session.next.prompt.admitted";
  };
  "session.next.prompted": {
    data: Schemas["session.next.prompt.admitted"]["data"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "session.next.prompted";
  };
  "session.next.reasoning.delta": {
    data: {
      assistantMessageID: string;
      delta: string;
      reasoningID: string;
      sessionID: string;
      timestamp: number;
    };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "session.next.reasoning.delta";
  };
  "session.next.reasoning.ended": {
    data: {
      assistantMessageID: string;
      providerMetadata?: Schemas["LLM.ProviderMetadata"];
      reasoningID: string;
      sessionID: string;
      text: string;
      timestamp: number;
    };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "session.next.reasoning.ended";
  };
  "session.next.reasoning.started": {
    data: {
      assistantMessageID: string;
      providerMetadata?: Schemas["LLM.ProviderMetadata"];
      reasoningID: string;
      sessionID: string;
      timestamp: number;
    };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "session.next.reasoning.started";
  };
  "session.next.retried": {
    data: {
      attempt: number;
      error: Schemas["session.next.retry_error"];
      sessionID: string;
      timestamp: number;
    };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "session.next.retried";
  };
  "session.next.retry_error": {
    isRetryable: boolean;
    message: string;
    metadata?: { [key: string]: string };
    responseBody?: string;
    responseHeaders?: { [key: string]: string };
    statusCode?: number;
  };
  "session.next.revert.cleared": {
    data: { sessionID: string; timestamp: number };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "session.next.revert.cleared";
  };
  "session.next.revert.committed": {
    data: { messageID: string; sessionID: string; timestamp: number };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "session.next.revert.committed";
  };
  "session.next.revert.staged": {
    data: { revert: Schemas["Revert.State"]; sessionID: string; timestamp: number };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "session.next.revert.staged";
  };
  "session.next.shell.ended": {
    data: { callID: string; output: string; sessionID: string; timestamp: number };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "session.next.shell.ended";
  };
  "session.next.shell.started": {
    data: { callID: string; command: string; messageID: string; sessionID: string; timestamp: number };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "session.next.shell.started";
  };
  "session.next.step.ended": {
    data: {
      assistantMessageID: string;
      cost: number;
      files?: string[];
      finish: string;
      sessionID: string;
      snapshot?: string;
      timestamp: number;
      tokens: { cache: { read: number; write: number }; input: number; output: number; reasoning: number };
    };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "session.next.step.ended";
  };
  "session.next.step.failed": {
    data: {
      assistantMessageID: string;
      error: Schemas["Session.Error.Unknown"];
      sessionID: string;
      timestamp: number;
    };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "session.next.step.failed";
  };
  "session.next.step.started": {
    data: {
      agent: string;
      assistantMessageID: string;
      model: Schemas["Model.Ref"];
      sessionID: string;
      snapshot?: string;
      timestamp: number;
    };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "session.next.step.started";
  };
  "session.next.synthetic": {
    data: Schemas["session.next.context.updated"]["data"];
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "session.next.synthetic";
  };
  "session.next.text.delta": {
    data: {
      assistantMessageID: string;
      delta: string;
      sessionID: string;
      textID: string;
      timestamp: number;
    };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "session.next.text.delta";
  };
  "session.next.text.ended": {
    data: {
      assistantMessageID: string;
      sessionID: string;
      text: string;
      textID: string;
      timestamp: number;
    };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "session.next.text.ended";
  };
  "session.next.text.started": {
    data: { assistantMessageID: string; sessionID: string; textID: string; timestamp: number };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "session.next.text.started";
  };
  "session.next.tool.called": {
    data: {
      assistantMessageID: string;
      callID: string;
      input: Record<string, unknown>;
      provider: { executed: boolean; metadata?: Schemas["LLM.ProviderMetadata"] };
      sessionID: string;
      timestamp: number;
      tool: string;
    };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "session.next.tool.called";
  };
  "session.next.tool.failed": {
    data: {
      assistantMessageID: string;
      callID: string;
      error: Schemas["Session.Error.Unknown"];
      provider: { executed: boolean; metadata?: Schemas["LLM.ProviderMetadata"] };
      result?: unknown;
      sessionID: string;
      timestamp: number;
    };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "session.next.tool.failed";
  };
  "session.next.tool.input.delta": {
    data: {
      assistantMessageID: string;
      callID: string;
      delta: string;
      sessionID: string;
      timestamp: number;
    };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "session.next.tool.input.delta";
  };
  "session.next.tool.input.ended": {
    data: {
      assistantMessageID: string;
      callID: string;
      sessionID: string;
      text: string;
      timestamp: number;
    };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "session.next.tool.input.ended";
  };
  "session.next.tool.input.started": {
    data: {
      assistantMessageID: string;
      callID: string;
      name: string;
      sessionID: string;
      timestamp: number;
    };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "session.next.tool.input.started";
  };
  "session.next.tool.progress": {
    data: {
      assistantMessageID: string;
      callID: string;
      content: Schemas["LLM.ToolContent"][];
      sessionID: string;
      structured: Record<string, unknown>;
      timestamp: number;
    };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "session.next.tool.progress";
  };
  "session.next.tool.success": {
    data: {
      assistantMessageID: string;
      callID: string;
      content: Schemas["LLM.ToolContent"][];
      outputPaths?: string[];
      provider: { executed: boolean; metadata?: Schemas["LLM.ProviderMetadata"] };
      result?: unknown;
      sessionID: string;
      structured: Record<string, unknown>;
      timestamp: number;
    };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "session.next.tool.success";
  };
  SessionDurableEvent: Schemas["session.next.agent.switched"] | Schemas["session.next.model.switched"] | Schemas["session.next.moved"] | Schemas["session.next.prompted"] | Schemas["session.next.prompt.admitted"] | Schemas["session.next.context.updated"] | Schemas["session.next.synthetic"] | Schemas["session.next.shell.started"] | Schemas["session.next.shell.ended"] | Schemas["session.next.step.started"] | Schemas["session.next.step.ended"] | Schemas["session.next.step.failed"] | Schemas["session.next.text.started"] | Schemas["session.next.text.ended"] | Schemas["session.next.tool.input.started"] | Schemas["session.next.tool.input.ended"] | Schemas["session.next.tool.called"] | Schemas["session.next.tool.progress"] | Schemas["session.next.tool.success"] | Schemas["session.next.tool.failed"] | Schemas["session.next.reasoning.started"] | Schemas["session.next.reasoning.ended"] | Schemas["session.next.retried"] | Schemas["session.next.compaction.started"] | Schemas["session.next.compaction.ended"] | Schemas["session.next.revert.staged"] | Schemas["session.next.revert.cleared"] | Schemas["session.next.revert.committed"];
  "SessionInput.Admitted": {
    admittedSeq: number;
    delivery: "steer" | "queue";
    id: string;
    promotedSeq?: number;
    prompt: Schemas["Prompt"];
    sessionID: string;
    timeCreated: number;
  };
  "SessionV2.Info": {
    agent?: string;
    cost: number;
    id: string;
    location: Schemas["Location.Ref"];
    model?: Schemas["Model.Ref"];
    parentID?: string;
    projectID: string;
    revert?: Schemas["Revert.State"];
    subpath?: string;
    time: { archived?: number; created: number; updated: number };
    title: string;
    tokens: { cache: { read: number; write: number }; input: number; output: number; reasoning: number };
  };
  Todo: {
    /** Brief description of the task */
    content: string;
    /** Priority level of the task: high, medium, low */
    priority: string;
    /** Current status of the task: pending, in_progress, completed, cancelled */
    status: string;
  };
  "todo.updated": {
    data: { sessionID: string; todos: Schemas["Todo"][] };
    durable?: { aggregateID: string; seq: number; version: number };
    id: string;
    location?: Schemas["Location.Ref"];
    metadata?: Record<string, unknown>;
    type: "todo.updated";
  };
  "Tool.FileContent": { mime: string; name?: string; type: "file"; uri: string };
  "Tool.TextContent": { text: string; type: "text" };
}
