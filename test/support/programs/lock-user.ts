/** Takes and gives a lock many times, and writes that down: `lock-user.ts FOLDER LOG TIMES`. */
import { appendFileSync } from "node:fs";
import { takeLock } from "../../../src/process/file-lock.js";

const [folder = "", log = "", times = "1"] = process.argv.slice(2);
for (let time = 0; time < Number(times); time += 1) {
  const release = await takeLock(folder);
  appendFileSync(log, `${process.pid} takes ${time}\n`);
  await new Promise((resolve) => setImmediate(resolve));
  appendFileSync(log, `${process.pid} gives ${time}\n`);
  release();
}
