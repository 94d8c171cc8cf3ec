/** A worker thread that owns a server and tells its number; it lives until it is terminated. */
import { parentPort, workerData } from "node:worker_threads";
import { createOpencodeServer } from "../../../src/server/server.js";
import { scaled } from "../slowness.js";

const { binary, directory } = workerData as { binary: string; directory: string };
const server = await createOpencodeServer({ binary, directory, serverTimeout: scaled(60_000) });
parentPort?.postMessage(server.pid);
setInterval(() => {}, 1_000);
