/** All behaviours, in the order of `docs/compatibility.md`. */
import type { Behaviour } from "./behaviour.js";
import { answers } from "./rows/answers.js";
import { guarantees } from "./rows/guarantees.js";
import { requests } from "./rows/requests.js";
import { servers } from "./rows/servers.js";
import { sessions } from "./rows/sessions.js";
import { tools } from "./rows/tools.js";

/** By the group's title. */
export const groups: Readonly<Record<string, readonly Behaviour[]>> = {
  Servers: servers,
  Answers: answers,
  Tools: tools,
  Requests: requests,
  Guarantees: guarantees,
  Sessions: sessions,
};

/** Every behaviour. */
export const behaviours: readonly Behaviour[] = Object.values(groups).flat();
