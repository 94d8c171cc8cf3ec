/** How many functions of the application run at this moment for turns: permission handlers, hooks, tools. */
import { processWide } from "./process-wide.js";

/** The number, of all copies of this package. */
export const callbacks: { open: number } = processWide("open-callbacks", 1, () => ({ open: 0 }));

/** Counts the work while it runs. */
export async function asCallback<T>(work: () => T | Promise<T>): Promise<T> {
  callbacks.open += 1;
  try {
    return await work();
  } finally {
    callbacks.open -= 1;
  }
}
