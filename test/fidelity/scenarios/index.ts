/** All scenarios. */
import type { Scenario } from "../scenario.js";
import { aborts } from "./aborts.js";
import { busy } from "./busy.js";
import { compaction } from "./compaction.js";
import { errors } from "./errors.js";
import { events } from "./events.js";
import { failures } from "./failures.js";
import { idempotency } from "./idempotency.js";
import { permissions } from "./permissions.js";
import { questionScenarios } from "./questions.js";
import { replays } from "./replay.js";
import { sessions } from "./sessions.js";
import { structured } from "./structured.js";
import { subagents } from "./subagents.js";
import { text } from "./text.js";
import { tools } from "./tools.js";

export const scenarios: readonly Scenario[] = [
  ...text,
  ...tools,
  ...permissions,
  ...questionScenarios,
  ...subagents,
  ...aborts,
  ...failures,
  ...compaction,
  ...structured,
  ...idempotency,
  ...busy,
  ...sessions,
  ...replays,
  ...errors,
  ...events,
];
