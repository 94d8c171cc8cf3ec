/** The parser of shell lines, loaded with the first line: it takes 40 ms, and most programs never see one. */
import type { forEachChild, parse } from "unbash";

export interface Parser {
  readonly parse: typeof parse;
  readonly forEachChild: typeof forEachChild;
}

let loading: Promise<Parser> | undefined;

/** Rejects when the module cannot be loaded; the next call tries again. */
export function loadParser(): Promise<Parser> {
  loading ??= import("unbash").catch((error: unknown) => {
    loading = undefined;
    throw error;
  });
  return loading;
}
