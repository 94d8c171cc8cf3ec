/** All questions, in the order of the table. */
import type { Question } from "../question.js";
import { warmAsk } from "./p3-warm-ask.js";
import { deltas } from "./p4-deltas.js";
import { importing } from "./p7-import.js";
import { installed } from "./p8-bytes.js";
import { types } from "./p9-types.js";

export const questions: readonly Question[] = [warmAsk, deltas, importing, installed, types];
