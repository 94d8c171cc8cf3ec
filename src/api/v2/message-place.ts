/** Where a message stands: what 1.x messages say about themselves and 2.x messages do not. */
import type { PriceList } from "./price-list.js";

/** The directory of a session. */
export interface SessionPlace {
  readonly sessionId: string;
  /** The session's directory; `""` when it is not known. */
  readonly cwd: string;
  /** The root of its project. */
  readonly root: string;
  /** For steps whose cost the server does not store. */
  readonly prices: PriceList;
}
