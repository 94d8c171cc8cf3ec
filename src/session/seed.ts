/** What a session object holds. */
import type { Connection } from "./context.js";
import type { EffectivePermissions } from "./permissions/effective-rules.js";
import type { TurnDefaults } from "./turn-options.js";

/** What a session is made from. Not for callers: use `createSession()` and `session(id)`. */
export interface SessionSeed {
  readonly connection: Connection;
  readonly id: string;
  /** `undefined`: found out on first use. */
  readonly directory: string | undefined;
  /** The caller takes it for this one: looked up on first use. */
  readonly expected?: string | undefined;
  readonly defaults: TurnDefaults;
  /** What holds in it already. */
  readonly inForce: EffectivePermissions;
}
