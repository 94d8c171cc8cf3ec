/** Prints what `installBinary(options)` gives in a process of its own. */
import { installBinary, isOpencodeError } from "../../../src/index.js";

const [options = "{}", ready] = process.argv.slice(2);
if (ready !== undefined) await fetch(ready); // tells that it is about to begin
const report = await installBinary(JSON.parse(options)).catch((error: unknown) =>
  isOpencodeError(error) ? error.toJSON() : { error: String(error) },
);
process.stdout.write(`${JSON.stringify(report)}\n`);
