/** Those who watch a prompt and may have a say in it: hooks, a reviewer, an account of the decisions. */
import type { AuditEntry, SessionTurnOptions } from "../../../src/client.js";
import type { PlannedWatchers } from "./plan.js";
import { askedCommand } from "./turns.js";

/** What they have seen. */
export interface Watched {
  readonly audit: AuditEntry[];
  /** Names of calls that the reviewer was asked about. */
  readonly reviewed: string[];
  /** Ids of the calls before and after they ran. */
  readonly before: string[];
  readonly after: string[];
  prompts: number;
  stops: number;
  errors: number;
}

export function unwatched(): Watched {
  return { audit: [], reviewed: [], before: [], after: [], prompts: 0, stops: 0, errors: 0 };
}

/** The options that let them watch. */
export function watchersOf(planned: PlannedWatchers | undefined, watched: Watched): SessionTurnOptions {
  if (planned === undefined) return {};
  const { audit, reviewer, tools, prompt } = planned;
  const options: { -readonly [Name in keyof SessionTurnOptions]: SessionTurnOptions[Name] } = {
    hooks: {
      ...(tools === undefined
        ? {}
        : {
            preToolUse: ({ callId }) => {
              watched.before.push(callId);
              return tools === "refuses" ? { reject: "not with this hook" } : undefined;
            },
          }),
      postToolUse: ({ callId }) => {
        watched.after.push(callId);
      },
      userPromptSubmit: () => {
        watched.prompts += 1;
        return prompt === "refuses" ? { reject: "not this prompt" } : undefined;
      },
      stop: () => {
        watched.stops += 1;
      },
      error: () => {
        watched.errors += 1;
      },
    },
  };
  if (audit) {
    options.audit = (entry) => {
      watched.audit.push(entry);
    };
  }
  if (reviewer !== undefined) {
    options.reviewer = ({ patterns }) => {
      watched.reviewed.push(patterns[0]?.replace(`${askedCommand} `, "") ?? "");
      if (reviewer === "allows") return "allow";
      return reviewer === "refuses" ? { reject: "not with this reviewer" } : undefined;
    };
  }
  return options;
}
