/**
 * `write-catalogue`: writes the agent's list of model providers where the agent keeps it after its first start with a network, in the
 * form of that file (1.18.33). The agent's own copy is in its binary.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { createOpencode } from "opencode-ts";

await using opencode = await createOpencode();
const { data } = await opencode.client.GET("/provider");
const namesOf = (modes: Readonly<Record<string, boolean>>): string[] =>
  Object.keys(modes).filter((name) => modes[name] === true);
const providers = data.all.map(({ id, name, env, models }) => {
  const all = Object.values(models);
  const listed = all.map(({ capabilities, cost, limit, ...model }) => {
    const { attachment, reasoning, toolcall, temperature, input, output } = capabilities;
    return {
      ...{ id: model.id, name: model.name, family: model.family, release_date: model.release_date },
      ...{ attachment, reasoning, tool_call: toolcall, temperature, limit },
      modalities: { input: namesOf(input), output: namesOf(output) },
      cost: { input: cost.input, output: cost.output, cache_read: cost.cache.read, cache_write: cost.cache.write },
    };
  });
  const byId = Object.fromEntries(listed.map((model) => [model.id, model]));
  return [id, { id, name, env, npm: all[0]?.api.npm, models: byId }] as const;
});
const folder = join(process.env["XDG_CACHE_HOME"] ?? join(homedir(), ".cache"), "opencode");
await mkdir(folder, { recursive: true });
await writeFile(join(folder, "models.json"), JSON.stringify(Object.fromEntries(providers)));
console.log(`${providers.length} providers`);
