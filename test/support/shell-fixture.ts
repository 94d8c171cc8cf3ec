/** Runs a line in a real shell in which all programs are stand-ins, and sees which of them ran and what was written. */
import { spawnSync } from "node:child_process";
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { scaled } from "./slowness.js";

/** Programs that do nothing but say that they ran. */
const standIns = ["ls", "cat", "wc", "evil", "rm", "tee", "touch"];

/** Real programs: what they are told to run, they run. */
const runners = [
  "env",
  "xargs",
  "find",
  "timeout",
  "nice",
  "nohup",
  "stdbuf",
  "setsid",
  "sh",
  "bash",
  "dash",
  "sed",
  "awk",
  "sort",
  "tar",
  "git",
];

const files = ["-delete", "a.ts", "f"];
const content = "ls\n";

/** What a line did. */
export interface Ran {
  /** The stand-ins that ran, in order. */
  readonly programs: readonly string[];
  /** Whether a file of the working directory or the home came or went. */
  readonly hasWritten: boolean;
}

export class ShellFixture implements Disposable {
  /** The shells of this machine that read a line as the parser is meant to. */
  readonly shells: readonly string[] = ["bash", "dash", "zsh"]
    .map((name) => pathOf(name))
    .filter((path) => path !== undefined);
  readonly #root = mkdtempSync(join(tmpdir(), "opencode-ts-shell-"));

  constructor() {
    mkdirSync(join(this.#root, "bin"));
    for (const name of standIns) {
      const file = join(this.#root, "bin", name);
      // It prints "evil" as well: whoever runs its output gives itself away.
      writeFileSync(file, `#!/bin/sh\necho ${name} >> '${join(this.#root, "log")}'\necho evil\n`);
      chmodSync(file, 0o755);
    }
    for (const name of runners) {
      const path = pathOf(name);
      if (path !== undefined) symlinkSync(path, join(this.#root, "bin", name));
    }
    this.#reset();
  }

  /** Runs it with a time limit, without input, and puts the files back in place. */
  run(shell: string, line: string): Ran {
    spawnSync(shell, [...(shell.endsWith("bash") ? ["--noprofile", "--norc"] : []), "-c", line], {
      cwd: join(this.#root, "work"),
      env: {
        PATH: join(this.#root, "bin"),
        HOME: join(this.#root, "home"),
        X: "-delete",
        GIT_CONFIG_NOSYSTEM: "1",
        LC_ALL: "C.UTF-8",
      },
      timeout: scaled(10_000),
      stdio: "ignore",
    });
    const programs = readFileSync(join(this.#root, "log"), "utf8")
      .split("\n")
      .filter((name) => name !== "");
    const left = [...readdirSync(join(this.#root, "work")), ...readdirSync(join(this.#root, "home"))];
    const isSame = files.every((name) => read(join(this.#root, "work", name)) === content);
    const hasWritten = left.sort().join() !== files.join() || !isSame;
    if (hasWritten) this.#reset();
    writeFileSync(join(this.#root, "log"), "");
    return { programs, hasWritten };
  }

  [Symbol.dispose](): void {
    rmSync(this.#root, { recursive: true, force: true });
  }

  #reset(): void {
    for (const folder of ["work", "home"]) {
      rmSync(join(this.#root, folder), { recursive: true, force: true });
      mkdirSync(join(this.#root, folder));
    }
    for (const name of files) writeFileSync(join(this.#root, "work", name), content);
    writeFileSync(join(this.#root, "log"), "");
  }
}

function read(path: string): string | undefined {
  return existsSync(path) ? readFileSync(path, "utf8") : undefined;
}

function pathOf(name: string): string | undefined {
  return [`/bin/${name}`, `/usr/bin/${name}`].find((path) => existsSync(path));
}
