/** Nothing: the time of a node process. */
export {};
