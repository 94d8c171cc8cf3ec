/** Prints what `resolveBinary({ binary })` gives in a process of its own. */
import { resolveBinary } from "../../../src/binary/resolve.js";

const [binary] = process.argv.slice(2);
process.stdout.write(`${JSON.stringify(await resolveBinary({ binary }))}\n`);
