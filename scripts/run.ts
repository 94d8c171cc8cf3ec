/** Runs a program to its end and gives what it printed. Silent, unless it fails: then the error shows the end of it. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** How a program is run. */
export interface RunOptions {
  readonly cwd: string;
  readonly env?: NodeJS.ProcessEnv | undefined;
}

const limit = 10 * 60_000;

/** Standard output of a program that ended well; rejects otherwise, and after ten minutes. */
export function run(command: string, args: readonly string[], { cwd, env = process.env }: RunOptions): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      timeout: limit,
      windowsHide: true,
    });
    let output = "";
    let both = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      output += text;
      both += text;
    });
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      both += text;
    });
    child.once("error", reject);
    child.once("close", (exitCode, signal) => {
      if (exitCode === 0) return resolve(output);
      const tail = both.trim().split("\n").slice(-15).join("\n");
      reject(new Error(`${[command, ...args].join(" ")} ended with ${signal ?? exitCode}:\n${tail}`));
    });
  });
}

/** npm, run by this Node: on Windows `npm` is a `.cmd` file, which only a shell can start. */
export function npm(args: readonly string[], cwd: string): Promise<string> {
  const bin = dirname(process.execPath);
  const known = [
    process.env["npm_execpath"] ?? "",
    join(bin, "node_modules", "npm", "bin", "npm-cli.js"),
    join(bin, "..", "lib", "node_modules", "npm", "bin", "npm-cli.js"),
  ];
  const script = known.find((path) => basename(path) === "npm-cli.js" && existsSync(path));
  return script === undefined ? run("npm", args, { cwd }) : run(process.execPath, [script, ...args], { cwd });
}
