/** The waits between tries. */

/** Each call gives the next wait, in the unit of `first`: `factor` times the one before, and at most `longest`. */
export function backoff(first: number, longest: number, factor = 2): () => number {
  let next = first;
  return () => {
    const wait = next;
    next = Math.min(next * factor, longest);
    return wait;
  };
}
