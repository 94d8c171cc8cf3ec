/** Rules about paths hold wherever a session works, in each form in which they can be written, and at each level. */
import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, realpathSync, symlinkSync, writeFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Answer, PermissionConfig, PermissionRequest, PermissionRule } from "../../../src/index.js";
import { realpath } from "../../../src/node/policy.js";
import { policy } from "../../../src/permissions/policy/policy.js";
import { decideStanding, sessionRule } from "../../../src/permissions/policy/standing-rules.js";
import { type ScriptedToolCall, toolCalls } from "../../../src/testing/index.js";
import { type Fixture, startFixture } from "../../support/fixture.js";

/** The home of this process, for `~`; all the places are in it. The servers have homes of their own. */
const home = await vi.hoisted(async () => {
  const { mkdtempSync, realpathSync } = await import("node:fs");
  const { tmpdir } = await import("node:os");
  const folder = realpathSync(mkdtempSync(`${tmpdir()}/opencode-ts-test-`));
  process.env["HOME"] = folder;
  return folder;
});

const kinds = {
  "the root of a repository": "repo",
  "a package of a repository": "repo/packages/app",
  "a linked worktree": "tree",
  "a folder without git": "plain",
  "a folder that a link leads to": "link",
  "a folder with an odd name": "odd [name] (é) & co",
} as const;
const levels = ["client", "session", "turn"] as const;
const forms = ["relative", "absolute", "home"] as const;
const actions = ["deny", "ask"] as const;
const tools = ["read", "write", "edit", "glob", "grep"] as const;
type Kind = keyof typeof kinds;
type Level = (typeof levels)[number];
type Form = (typeof forms)[number];
type Action = (typeof actions)[number];
type ToolName = (typeof tools)[number];

/** One folder for each rule. */
const folders = forms.flatMap((form) => actions.map((action) => ({ form, action, folder: `${form}-${action}` })));

function patternOf(directory: string, form: Form, folder: string): string {
  if (form === "relative") return `${folder}/**`;
  return form === "absolute" ? `${directory}/${folder}/**` : `~/${relative(home, directory)}/${folder}/**`;
}

/** Each form is said at each level somewhere, and each tool meets each form and action. */
const at = <T>(list: readonly T[], index: number): T => list[index % list.length] as T; // never empty
const levelOf = (kind: Kind, form: Form): Level => at(levels, Object.keys(kinds).indexOf(kind) + forms.indexOf(form));
const toolOf = (kind: Kind, form: Form, action: Action): ToolName =>
  at(tools, Object.keys(kinds).indexOf(kind) + 2 * forms.indexOf(form) + actions.indexOf(action));

/** What a level says about these directories. */
function rulesOf(level: Level, about: readonly Kind[]): PermissionConfig {
  const patterns = about.flatMap((kind) =>
    folders
      .filter(({ form }) => levelOf(kind, form) === level)
      .map(({ form, action, folder }) => [patternOf(join(home, kinds[kind]), form, folder), action] as const),
  );
  const rules = Object.fromEntries(patterns);
  return { read: rules, edit: rules, glob: rules, grep: rules };
}

let fixture: Fixture;
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
  for (const name of Object.values(kinds)) {
    const directory = join(home, name);
    for (const folder of ["open", ...folders.map((one) => one.folder)]) {
      mkdirSync(join(directory, folder));
      writeFileSync(join(directory, folder, "key.txt"), "TOPSECRET\n");
    }
    symlinkSync(join(directory, "relative-deny"), join(directory, "open", "way"));
  }
  fixture = await startFixture({ permission: rulesOf("client", Object.keys(kinds) as Kind[]), serverTimeout: 80_000 });
});
afterAll(async () => {
  await fixture[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

function call(tool: ToolName, folder: string): ScriptedToolCall {
  const filePath = join(folder, tool === "write" ? "new.txt" : "key.txt");
  const args = {
    read: { filePath },
    write: { filePath, content: "x" },
    edit: { filePath, oldString: "TOP", newString: "" },
    glob: { pattern: "*.txt", path: folder },
    grep: { pattern: "SECRET", path: folder, include: "*.txt" },
  };
  return { name: tool, args: args[tool] };
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

/** What should become of it. */
function expected({ name, args }: ScriptedToolCall, by: string): string {
  const { filePath, path } = args as { filePath?: string; path?: string };
  return `${name} ${String(filePath ?? path)
    .split("/")
    .slice(-2)
    .join("/")}: ${by}`;
}

describe("rules about paths", () => {
  test.each(Object.keys(kinds) as Kind[])("path rules of client, session and turn hold in %s", async (kind) => {
    const directory = join(home, kinds[kind]);
    const session = await fixture.oc.createSession({ directory, permission: rulesOf("session", [kind]) });
    const closed = folders.map(({ form, action, folder }) => ({
      action,
      call: call(toolOf(kind, form, action), join(directory, folder)),
    }));
    const open = [call("read", join(directory, "open")), call("write", join(directory, "open"))];
    const through = call("read", join(directory, "open", "way"));
    // One a step: a refusal would reject the others of its step that have not been heard of.
    const calls = [...open, through, ...closed.map((one) => one.call)];
    fixture.answer(kind, ...calls.map((one) => toolCalls([one])), "done");
    const answer = await session.ask(kind, {
      permission: rulesOf("turn", [kind]),
      // The server sees a link's folder as an outside one, and asks about that first.
      onPermission: ({ permission, id }) => (permission === "external_directory" ? "once" : { reject: `not ${id}` }),
    });
    expect(outcomes(answer)).toEqual([
      ...open.map((one) => expected(one, "completed")),
      expected(through, "rules"),
      ...closed.map(({ action, call }) => expected(call, action === "deny" ? "rules" : "onPermission")),
    ]);
    const written = folders.filter(({ folder }) => existsSync(join(directory, folder, "new.txt")));
    expect(written).toEqual([]);
    expect(existsSync(join(directory, "open", "new.txt"))).toBe(true);
  });

  /** What the server asks in this directory before it lets a tool run (1.18.33). */
  function request(kind: Kind, { name, args }: ScriptedToolCall): PermissionRequest {
    const { filePath = "", ...metadata } = args as { filePath?: string };
    const directory = realpathSync(join(home, kinds[kind]));
    const worktree = { repo: "repo", "repo/packages/app": "repo", tree: "tree" }[kinds[kind] as string];
    const root = worktree === undefined ? "/" : join(home, worktree);
    const common = { id: "per_1", sessionId: "ses_1", chain: ["ses_1"], worktree: root, directory };
    if (name === "glob" || name === "grep") {
      return { ...common, permission: name, patterns: [String(Reflect.get(metadata, "pattern"))], metadata };
    }
    const patterns = [relative(root, realpathSync(dirname(filePath)) + filePath.slice(dirname(filePath).length))];
    if (name === "read") return { ...common, permission: "read", patterns, metadata: {} };
    return { ...common, permission: "edit", patterns, metadata: { filepath: filePath } };
  }

  test("path rules in each form decide about each tool in each kind of directory", async () => {
    const wrong: string[] = [];
    for (const kind of Object.keys(kinds) as Kind[]) {
      const directory = join(home, kinds[kind]);
      for (const { form, action, folder } of folders) {
        const pattern = patternOf(directory, form, folder);
        for (const tool of tools) {
          const asked = request(kind, call(tool, join(directory, folder)));
          const other = request(kind, call(tool, join(directory, "open")));
          const { permission } = asked;
          const rules: PermissionRule[] = [
            { permission, pattern: "*", action: "allow" },
            { permission, pattern, action },
          ];
          const said = async (about: PermissionRequest) => {
            const { explain } = policy(rules, { realpath, home, default: "allow" });
            const standing = await decideStanding(rules.map(sessionRule), about, { realpath, home });
            return [(await explain(about)).action, standing.action];
          };
          const found = [...(await said(asked)), ...(await said(other))];
          const isRight = JSON.stringify(found) === JSON.stringify([action, action, "allow", "allow"]);
          if (!isRight) wrong.push(`${kind}, ${form}, ${action}, ${tool}: ${found.join(", ")}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });
});
