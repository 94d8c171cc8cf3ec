/** `opencode-ts models`. */
import type { Flags } from "../settings.js";
import { table, withServer } from "./with-server.js";

/** Lists the models, or those with `search` in their names. Resolves to the exit code. */
export function listModels(search: string | undefined, flags: Flags): Promise<number> {
  return withServer(flags, async (opencode, terminal) => {
    const wanted = search?.toLowerCase() ?? "";
    const found = (await opencode.models())
      .filter(({ fullName, name }) => `${fullName} ${name}`.toLowerCase().includes(wanted))
      .sort((one, other) => one.fullName.localeCompare(other.fullName));
    if (flags.json === true) {
      // Options and headers of a provider may hold keys.
      const rows = found.map(({ fullName, name, limit, cost }) => ({ model: fullName, name, limit, cost }));
      return terminal.text(`${JSON.stringify(rows)}\n`);
    }
    await terminal.text(table(found.map(({ fullName, name }) => [fullName, name])));
    if (found.length === 0) terminal.note("no model; log in with `opencode auth login`");
  });
}
