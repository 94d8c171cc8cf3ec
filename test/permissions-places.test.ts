/** Rules about paths hold wherever a session works, in each form in which they can be written, and at each level. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Answer, PermissionConfig, PermissionRequest } from "../src/index.js";
import { type ScriptedToolCall, toolCalls } from "../src/testing/index.js";
import { type Stage, startStage } from "./support/stage.js";

/** The home of this process, for `~`; all the places are in it. The servers have homes of their own. */
const home = await vi.hoisted(async () => {
  const { mkdtempSync, realpathSync } = await import("node:fs");
  const { tmpdir } = await import("node:os");
  const folder = realpathSync(mkdtempSync(`${tmpdir()}/opencode-ts-test-`));
  process.env["HOME"] = folder;
  return folder;
});

const levels = ["client", "session", "turn"] as const;
const forms = ["relative", "absolute", "home"] as const;
const actions = ["deny", "ask"] as const;
type Level = (typeof levels)[number];
type Form = (typeof forms)[number];
type Action = (typeof actions)[number];
const kinds = {
  "the root of a repository": "repo",
  "a package of a repository": "repo/packages/app",
  "a linked worktree": "tree",
  "a folder without git": "plain",
  "a folder that a link leads to": "link",
  "a folder with an odd name": "odd [name] (é) & co",
} as const;

/** One folder for each rule. */
const folderOf = (level: Level, form: Form, action: Action): string => `${level}-${form}-${action}`;
const all = levels.flatMap((level) => forms.flatMap((form) => actions.map((action) => ({ level, form, action }))));

function patternOf(directory: string, level: Level, form: Form, action: Action): string {
  const folder = folderOf(level, form, action);
  if (form === "relative") return `${folder}/**`;
  return form === "absolute" ? `${directory}/${folder}/**` : `~/${relative(home, directory)}/${folder}/**`;
}

/** What a level says about the folders of these directories that are its own. */
function rulesOf(level: Level, directories: readonly string[]): PermissionConfig {
  const patterns = directories.flatMap((directory) =>
    all
      .filter((one) => one.level === level)
      .map(({ form, action }) => [patternOf(directory, level, form, action), action] as const),
  );
  const rules = Object.fromEntries(patterns);
  return { read: rules, edit: rules, glob: rules, grep: rules };
}

let stage: Stage;
const directories = Object.values(kinds).map((name) => join(home, name));
beforeAll(async () => {
  const git = (cwd: string, ...args: string[]) => execFileSync("git", ["-C", cwd, ...args]);
  const author = ["-c", "user.name=t", "-c", "user.email=t@t.invalid", "-c", "commit.gpgsign=false"];
  for (const name of ["repo/packages/app", "plain", "target", kinds["a folder with an odd name"]]) {
    mkdirSync(join(home, name), { recursive: true });
  }
  writeFileSync(join(home, "repo/packages/app/tracked.txt"), "x");
  git(join(home, "repo"), "init", "-q");
  git(join(home, "repo"), "add", "-A");
  git(join(home, "repo"), ...author, "commit", "-qm", "first");
  git(join(home, "repo"), "worktree", "add", "-q", join(home, "tree"));
  symlinkSync(join(home, "target"), join(home, "link"));
  for (const directory of directories) {
    for (const folder of ["open", ...all.map(({ level, form, action }) => folderOf(level, form, action))]) {
      mkdirSync(join(directory, folder));
      writeFileSync(join(directory, folder, "key.txt"), "TOPSECRET\n");
    }
    symlinkSync(join(directory, folderOf("session", "relative", "deny")), join(directory, "open", "way"));
  }
  stage = await startStage({ permission: rulesOf("client", directories) });
});
afterAll(async () => {
  await stage[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

const read = (path: string): ScriptedToolCall => ({ name: "read", args: { filePath: path } });
const write = (path: string): ScriptedToolCall => ({ name: "write", args: { filePath: path, content: "x" } });

/** A call of every tool that reads, finds or writes. */
function everyTool(folder: string): ScriptedToolCall[] {
  const key = join(folder, "key.txt");
  return [
    read(key),
    write(join(folder, "new.txt")),
    { name: "edit", args: { filePath: key, oldString: "TOP", newString: "" } },
    { name: "glob", args: { pattern: "*.txt", path: folder } },
    { name: "grep", args: { pattern: "SECRET", path: folder, include: "*.txt" } },
  ];
}

/** What became of each call: who refused it, or that it ran. */
function outcomes({ toolCalls: calls, denials }: Answer): string[] {
  const refusals = denials.map(({ reason, by }) => ({ reason, by }));
  return calls.map(({ tool, input, status, error = "" }) => {
    const refusal = refusals.find(({ reason }) => error.includes(reason));
    const place = String(input["filePath"] ?? input["path"])
      .split("/")
      .slice(-2)
      .join("/");
    return `${tool} ${place}: ${refusal?.by ?? status}`;
  });
}

/** What should become of them. */
function expected(calls: readonly ScriptedToolCall[], by: string): string[] {
  return calls.map(({ name, args }) => {
    const { filePath, path } = args as { filePath?: string; path?: string };
    return `${name} ${String(filePath ?? path)
      .split("/")
      .slice(-2)
      .join("/")}: ${by}`;
  });
}

describe("rules about paths", () => {
  test.each(Object.entries(kinds))("hold in %s", async (kind, name) => {
    const directory = join(home, name);
    const session = await stage.oc.createSession({ directory, permission: rulesOf("session", [directory]) });
    const asked: PermissionRequest[] = [];
    const open = [read(join(directory, "open", "key.txt")), write(join(directory, "open", "new.txt"))];
    const through = read(join(directory, "open", "way", "key.txt"));
    const calls = all.map((one) => {
      const tools = everyTool(join(directory, folderOf(one.level, one.form, one.action)));
      return { ...one, tools: one.level === "session" ? tools : tools.slice(0, 2) };
    });
    // One a step: a refusal would reject the others of its step that have not been heard of.
    const steps = [...open, through, ...calls.flatMap(({ tools }) => tools)].map((call) => toolCalls([call]));
    stage.answer(kind, ...steps, "done");
    const answer = await session.ask(kind, {
      permission: rulesOf("turn", [directory]),
      onPermission: (request) => {
        asked.push(request);
        const isOutside = request.permission === "external_directory"; // by the link, as the server sees it
        return isOutside ? "once" : { reject: `asked about ${request.permission} ${asked.length}` };
      },
    });
    const wanted = [
      ...expected(open, "completed"),
      ...expected([through], "rules"),
      ...calls.flatMap(({ tools, action }) => expected(tools, action === "deny" ? "rules" : "onPermission")),
    ];
    expect(outcomes(answer)).toEqual(wanted);
    for (const one of all) {
      expect(existsSync(join(directory, folderOf(one.level, one.form, one.action), "new.txt"))).toBe(false);
    }
    expect(existsSync(join(directory, "open", "new.txt"))).toBe(true);
  });
});
