/** All questions, in the order of the table. */
import type { Question } from "../question.js";
import { warmOneShot } from "./p1-warm-one-shot.js";
import { coldOneShot } from "./p2-cold-one-shot.js";
import { warmAsk } from "./p3-warm-ask.js";
import { deltas } from "./p4-deltas.js";
import { delay } from "./p5-delay.js";
import { atOnce } from "./p6-at-once.js";
import { importing } from "./p7-import.js";
import { installed } from "./p8-bytes.js";
import { types } from "./p9-types.js";
import { history } from "./p10-history.js";
import { command } from "./p11-command.js";
import { memory } from "./p12-memory.js";

/** The twelve questions of issue 14. */
export const questions: readonly Question[] = [
  warmOneShot,
  coldOneShot,
  warmAsk,
  deltas,
  delay,
  atOnce,
  importing,
  installed,
  types,
  history,
  command,
  memory,
];
