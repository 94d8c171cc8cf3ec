/** Limits of the runtime. */

/** The longest delay of `setTimeout`, in ms (Node): a longer one fires at once. */
export const maxTimerDelay = 2_147_483_647;
