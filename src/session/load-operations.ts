/** Loads what sessions do. */
import type * as operations from "./operations.js";

/** What sessions do: importing the package does not load it. One module has all of it, so that first calls keep their order. */
export type Operations = typeof operations;

/**
 * Loads the operations with the first call. A connection calls it while it waits for its server: so the first prompt does not wait, and a
 * program that runs for weeks needs the files of the package only at its start.
 */
export function loadOperations(): Promise<Operations> {
  loading ??= load();
  return loading;
}

/** Kept: Node takes long to find a module that it has. */
let loading: Promise<Operations> | undefined;

function load(): Promise<Operations> {
  const operations = import("./operations.js");
  operations.catch(() => {
    loading = undefined; // told to the caller that needs them
  });
  return operations;
}
