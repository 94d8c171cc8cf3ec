/// <reference lib="esnext.disposable" preserve="true" />
// The declarations use `Symbol.asyncDispose`: whoever compiles against them need not name the library that has it.
/**
 * The entry `opencode-ts/kept`: a server that outlives the process that started it, one for each user and directory, and its
 * conversation. Named exports only.
 */

export { findKept, keepServer, keptStatus, listKept, stopAllKept, stopKept } from "./daemon/manage.js";
export { findService } from "./daemon/service.js";
export { findConversation, KeptConversation, openConversation } from "./node/kept-conversation.js";
export type {
  BackgroundService,
  ConversationOptions,
  KeptOptions,
  KeptSelector,
  KeptServer,
  KeptStatus,
} from "./types/kept.js";
