/** All questions, in the order of the table. */
import type { Question } from "../question.js";
import { deltas } from "./p4-deltas.js";

export const questions: readonly Question[] = [deltas];
