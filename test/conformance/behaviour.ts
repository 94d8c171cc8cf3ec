/** A behaviour of the package, shown over public names on every kind of server. */
import type { TargetName } from "./target-names.js";
import type { World } from "./world.js";

/** Shows it; rejects when it is not so. */
export type Show = (world: World) => Promise<void>;

/** How a behaviour differs on one kind of server. */
export interface Difference {
  /** `"absent"`: the server has no counterpart, and a typed error says so. `"differs"`: it works in another way. */
  readonly kind: "absent" | "differs";
  /** One sentence for `docs/compatibility.md`. */
  readonly reason: string;
  readonly show: Show;
}

/** One row of the matrix in `docs/compatibility.md`. */
export interface Behaviour {
  /** Begins with its subject and stands alone. */
  readonly title: string;
  readonly show: Show;
  /** By target. */
  readonly others?: Partial<Readonly<Record<TargetName, Difference>>> | undefined;
}

/** The same behaviour on all servers, apart from `others`. */
export function behaviour(title: string, show: Show, others?: Behaviour["others"]): Behaviour {
  return { title, show, others };
}

/** The server has no counterpart: `call` rejects with `UnsupportedEndpointError`. */
export function absent(reason: string, show: Show): Difference {
  return { kind: "absent", reason, show };
}

/** It works in another way. */
export function differs(reason: string, show: Show): Difference {
  return { kind: "differs", reason, show };
}
