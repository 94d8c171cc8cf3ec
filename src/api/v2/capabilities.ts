/** Which of the differences between protocols a 2.x server has. */
import type { Capabilities } from "../capabilities.js";
import type { Dialect } from "./dialects.js";
import { isMissing } from "./missing.js";

/** As observed on 2.0 preview 1.18.18, and as the types of later ones say. */
export function capabilitiesOf(dialect: Dialect): Capabilities {
  return {
    canRepeatPrompt: true,
    continuesRepeatedPrompt: true,
    takesSessionIds: true,
    keepsPromptParts: false,
    keepsTurnOptions: true,
    hasSessionRules: !isMissing(dialect, "addedRules"),
    queuesPrompts: true,
    withdrawsPrompts: dialect.inbox !== undefined,
    handsOnRules: !isMissing(dialect, "addedRules"),
    tellsDenials: false,
    hasNativeOutput: false,
    expandsCommands: false,
    compactsByUsage: false, // by an estimate before the step
    restoresWithRevert: true,
    disposesDirectories: false, // a reload is for all, and ends what they ask
    reloadsDirectories: !isMissing(dialect, "disposeDirectory"),
    reloadsForKeys: !isMissing(dialect, "disposeDirectory"),
    storesTitles: !isMissing(dialect, "title"),
    changesMetadata: dialect.update?.fields.includes("metadata") === true,
    deletesMessages: false,
    deletesSessions: !isMissing(dialect, "deleteSession"),
    keepsTodos: !isMissing(dialect, "todos"),
    attachable: dialect.images,
  };
}
