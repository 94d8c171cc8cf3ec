/** Decides about an approval at the same time as others: `approval-decider.ts ID NAME START`. Prints the outcome. */
import { existsSync } from "node:fs";
import { isOpencodeError, openApprovals } from "../../../src/index.js";

const [id = "", name = "", start = ""] = process.argv.slice(2);
process.stdout.write("ready\n");
while (!existsSync(start)) await new Promise((resolve) => setTimeout(resolve, 1));
try {
  const { state } = await (name.startsWith("no")
    ? openApprovals().deny(id, name, name)
    : openApprovals().approve(id, name));
  process.stdout.write(`outcome ${state}\n`);
} catch (error) {
  process.stdout.write(`outcome ${isOpencodeError(error) ? error.name : String(error)}\n`);
}
