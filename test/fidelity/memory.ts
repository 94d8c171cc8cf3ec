/** The agent in memory: a new one for each scenario, with the settings of its place. */
import { createMemoryAgent } from "../../src/testing/index.js";
import { type PlaceSettings, places } from "./places.js";
import type { Play, Scenario } from "./scenario.js";
import type { Site } from "./site.js";

const password = "fidelity";

export function openMemoryAgent({ place }: Scenario, { script, model: own }: Play): Site {
  const { model, config, git }: PlaceSettings = places[place];
  const directory = "/fidelity/work";
  const agent = createMemoryAgent(script, { ...model, ...own, config, git, directory, password, planMode: true });
  return {
    fetch: agent.fetch,
    baseUrl: agent.baseUrl,
    headers: { authorization: `Basic ${Buffer.from(`opencode:${password}`).toString("base64")}` },
    directory,
    elsewhere: "/fidelity/elsewhere",
    requests: agent.requests,
    own: () => {},
    crash: async () => agent.crash(),
    [Symbol.asyncDispose]: () => agent.close(),
  };
}
