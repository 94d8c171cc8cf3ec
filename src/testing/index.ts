/** Entry `opencode-ts/testing`. What is exported here is public API: named exports only. */
export { createMemoryAgent, type MemoryAgent } from "./memory/memory-agent.js";
export type { MemoryAgentOptions, Milliseconds } from "./memory/server.js";
export {
  type ErrorReply,
  failing,
  type HeldText,
  hold,
  type Reply,
  type ScriptedToolCall,
  type ScriptedUsage,
  type SilentReply,
  type SpokenParts,
  type SpokenReply,
  type StructuredReply,
  type TextSource,
  toolCall,
  toolCalls,
} from "./reply.js";
export type { ModelRequest, ModelToolResult } from "./request.js";
export type { Script } from "./script.js";
export {
  createScriptedModel,
  type ScriptedModel,
  type ScriptedModelConfig,
  type ScriptedModelOptions,
} from "./scripted-model.js";
