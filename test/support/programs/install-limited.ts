/** Compiled. Runs `install.js` where no file may become longer than 64 blocks. */
import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("./install.js", import.meta.url));
const command = 'ulimit -f 64; exec "$0" "$@"';
spawnSync("/bin/sh", ["-c", command, process.execPath, program, ...process.argv.slice(2)], { stdio: "inherit" });
