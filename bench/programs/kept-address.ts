/** Prints where the kept server of the working directory is, as JSON: `url`, and `authorization` for a client by hand. */
import { findKept } from "opencode-ts/kept";

const kept = await findKept({ directory: process.cwd() });
if (kept === undefined) throw new Error("no server is kept");
const { url, password } = kept;
const authorization = `Basic ${Buffer.from(`opencode:${password}`).toString("base64")}`;
console.log(JSON.stringify({ url, authorization }));
