/** Which paths rules allow and refuse: as text, and on a file system with links. */
import { mkdir, readlink, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { realpathWith } from "../../../src/permissions/paths/realpath.js";
import { policy } from "../../../src/permissions/policy/policy.js";
import type { PolicyOptions, PolicyRequest, PolicyRule } from "../../../src/types/policy.js";
import { temporaryFolder } from "../../support/fixture.js";

type Given = Partial<PolicyRequest> & { readonly permission?: string };

function asked(path: string | readonly string[], given: Given = {}): PolicyRequest {
  return {
    id: "per_1",
    sessionId: "ses_1",
    permission: "edit",
    patterns: typeof path === "string" ? [path] : path,
    metadata: {},
    chain: ["ses_1"],
    ...given,
  };
}

const rule = (action: PolicyRule["action"], pattern: string | RegExp, permission = "*"): PolicyRule => ({
  permission,
  pattern,
  action,
});

async function allows(
  pattern: string | RegExp,
  request: PolicyRequest,
  options: Partial<PolicyOptions> = {},
): Promise<boolean> {
  const handler = policy([rule("allow", pattern)], { default: "deny", ...options });
  return (await handler.explain(request)).action === "allow";
}

async function denies(
  pattern: string | RegExp,
  request: PolicyRequest,
  options: Partial<PolicyOptions> = {},
): Promise<boolean> {
  const handler = policy([rule("deny", pattern)], { default: "allow", ...options });
  return (await handler.explain(request)).action === "deny";
}

describe("a rule that allows, for sessions in /repo", () => {
  test.each([
    ["src/**", "src/a.ts", true],
    ["src/**", "src/x/a.ts", true],
    ["src/*", "src/x/a.ts", true], // `*` stands for `/` too, as on the server
    ["src/**", "./src//a.ts", true],
    ["src/**", "lib/../src/a.ts", true],
    ["src/**", "/repo/src/a.ts", true],
    ["./src/**", "src/a.ts", true],
    ["/repo/src/**", "src/a.ts", true],
    ["src/**", "src", false],
    ["src", "src", true],
    ["src", "src/", true],
    ["src/**", "src/../../etc/passwd", false],
    ["src/**", "src/../lib/a.ts", false],
    ["src/**", "../src/a.ts", false],
    ["src/**", "/etc/src/a.ts", false],
    ["src/**", "/src/a.ts", false],
    ["src/**", "srcx/a.ts", false],
    ["src/**", "SRC/a.ts", false],
    ["src/**", "src/a\n.ts", false],
    ["src/**", "src/\u0000", false],
    ["*.md", "docs/a.md", true],
    ["*.md", "../a.md", false],
    ["*.md", "/etc/a.md", false],
    ["src/?.ts", "src/a.ts", true],
    ["src/?.ts", "src/ab.ts", false],
    ["../shared/**", "../shared/a", true],
    ["../shared/**", "../other/a", false],
    ["../shared/**", "/shared/a", true],
    ["src/*/../b", "src/b", false],
    ["/data/**", "/data/x", true],
    ["/data/**", "/data/../etc/x", false],
    ["~/notes/**", "/home/ada/notes/x", true],
    ["$HOME/notes/**", "/home/ada/notes/x", true],
    ["~/notes/**", "~/notes/x", false],
    [/\.md$/, "docs/a.md", true],
    [/\.md$/, "/etc/a.md", false],
    [/^src\//, "src/a", true],
    [/^src\//, "src/../a", false],
    [/^\/repo\/src\//, "src/a", true],
    [/^\/data\//, "/data/x", true],
    [/\/data\//, "/etc/data/x", false],
  ] as const)("the allow rule %s in /repo allows the path %j: %s", async (pattern, path, isAllowed) => {
    expect(await allows(pattern, asked(path, { directory: "/repo" }), { home: "/home/ada" })).toBe(isAllowed);
  });

  test("a wildcard character in the directory's own name is taken literally", async () => {
    expect(await allows("src/**", asked("/a*b/src/x", { directory: "/a*b" }))).toBe(true);
    expect(await allows("src/**", asked("/axxb/src/x", { directory: "/a*b" }))).toBe(false);
  });

  test("a rule below `~` allows nothing and denies its path when the home is unknown", async () => {
    expect(await allows("~/notes/**", asked("/home/ada/notes/x", { directory: "/repo" }))).toBe(false);
    expect(await denies("~/.ssh/**", asked("/home/ada/.ssh/id", { directory: "/repo" }))).toBe(true);
  });

  test("an allow rule must match all paths of a request", async () => {
    expect(await allows("src/**", asked(["src/a", "src/b"], { directory: "/repo" }))).toBe(true);
    expect(await allows("src/**", asked(["src/a", "lib/b"], { directory: "/repo" }))).toBe(false);
    expect(await allows("src/**", asked([], { directory: "/repo" }))).toBe(false);
    expect(await allows("*", asked([], { directory: "/repo" }))).toBe(true);
  });
});

describe("a rule that denies, for sessions in /repo", () => {
  test.each([
    ["secrets/**", "secrets/a", true],
    ["secrets/**", "secrets", true],
    ["secrets/**", "x/../secrets/a", true],
    ["secrets/**", "/repo/secrets/a", true],
    ["secrets/**", "Secrets/A", true],
    ["se\u0301crets/**", "s\u00e9crets/a", true],
    ["*.env", ".env", true],
    ["*.env", "/other/.env", true],
    ["**/*.env", ".env", true],
    ["**/.env", "x/.env", true],
    ["/etc/**", "../etc/passwd", true],
    ["src/*/../b", "anything", true], // nobody can say what it means
    [/secret/, "x/SECRET", true],
    ["secrets/**", "src/a", false],
    ["secrets/**", "secrets2/a", false],
    ["/etc/**", "etc/a", false],
  ] as const)("the deny rule %s in /repo denies the path %j: %s", async (pattern, path, isDenied) => {
    expect(await denies(pattern, asked(path, { directory: "/repo" }))).toBe(isDenied);
  });
});

describe("a request without a directory", () => {
  test.each([
    ["src/**", "src/a", true],
    ["src/**", "src/../../etc/passwd", false],
    ["src/**", "../src/a", false],
    ["src/**", "/repo/src/a", false],
    ["../x/*", "../x/a", true],
    ["/repo/**", "/repo/src/a", true],
    ["/repo/**", "src/a", false],
    [/^src/, "src/a", true],
    [/src/, "../src/a", false],
  ] as const)("the allow rule %s without a directory allows the path %j: %s", async (pattern, path, isAllowed) => {
    expect(await allows(pattern, asked(path))).toBe(isAllowed);
  });

  test("a relative rule uses the request's absolute file path when the directory is unknown", async () => {
    const request = asked("src/a.ts", { metadata: { filepath: "/repo/src/a.ts" } });
    expect(await allows("src/**", request)).toBe(true);
    expect(await allows("/repo/src/**", request)).toBe(true);
    expect(await allows("lib/**", request)).toBe(false);
  });
});

describe("the paths of a request", () => {
  const inRepo = { directory: "/repo" };

  test("an edit request is allowed only if its absolute path and its pattern are both allowed", async () => {
    const request = (filepath: string, pattern: string): PolicyRequest =>
      asked(pattern, { ...inRepo, metadata: { filepath } });
    expect(await allows("src/**", request("/repo/src/a", "src/a"))).toBe(true);
    expect(await allows("src/**", request("/repo/src/../lib/a", "src/a"))).toBe(false);
    expect(await allows("src/**", request("/repo/src/a", "lib/b"))).toBe(false);
    // The server's patterns start from the root of the repository, which may be above, or "/" without one.
    expect(await allows("src/**", request("/repo/src/a", "repo/src/a"))).toBe(true);
  });

  test("an apply_patch request is allowed only if all its files and move targets are allowed", async () => {
    const request = (...files: object[]): PolicyRequest =>
      asked(
        files.map(() => "src/a"),
        { ...inRepo, metadata: { filepath: "src/a, src/b", files } },
      );
    expect(await allows("src/**", request({ filePath: "/repo/src/a" }, { filePath: "/repo/src/b" }))).toBe(true);
    expect(await allows("src/**", request({ filePath: "/repo/src/a" }, { filePath: "/etc/b" }))).toBe(false);
    expect(await allows("src/**", request({ filePath: "/repo/src/a", movePath: "/etc/cron.d/a" }))).toBe(false);
  });

  test("the path of a read request is relative to the root of the repository", async () => {
    const request = asked("pkg/src/a", { permission: "read", directory: "/repo/pkg", worktree: "/repo" });
    expect(await allows("src/**", request)).toBe(true);
    expect(await allows("src/**", { ...request, patterns: ["src/a"] })).toBe(false);
    expect(await allows("src/**", { ...request, worktree: "/", patterns: ["repo/pkg/src/a"] })).toBe(true);
    expect(await allows("mcp:docs:*", { ...request, patterns: ["mcp:docs:file:///a"] })).toBe(true);
    expect(await allows("src/**", { ...request, patterns: ["mcp:docs:src/a"] })).toBe(false);
  });

  test("an external_directory request is about its file, or about the whole directory for a command", async () => {
    const external = { ...inRepo, permission: "external_directory" };
    const file = asked("/data/*", { ...external, metadata: { filepath: "/data/a", parentDir: "/data" } });
    expect(await allows("/data/*", file)).toBe(true);
    expect(await allows("/data/a", file)).toBe(true);
    expect(await allows("/data/b", file)).toBe(false);
    const command = asked("/data/*", { ...external, metadata: { command: "cat /data/a" } });
    expect(await allows("/data/*", command)).toBe(true);
    expect(await allows("/data/**", command)).toBe(true);
    expect(await allows("/data/a", command)).toBe(false);
    expect(await allows("/data/?", command)).toBe(false);
    expect(await allows("/data/../etc/*", command)).toBe(false);
    expect(await denies("/data/secret", command)).toBe(true);
    expect(await denies("/other/**", command)).toBe(false);
  });

  test("a glob or grep request is about the directory that it searches", async () => {
    const glob = (pattern: string, path?: string): PolicyRequest =>
      asked(pattern, { ...inRepo, permission: "glob", metadata: { pattern, path } });
    expect(await allows("src/**", glob("src/**/*.ts"))).toBe(true);
    expect(await allows("src/**", glob("**/*.ts", "/repo/src"))).toBe(true);
    expect(await allows("src/**", glob("src/a.ts"))).toBe(true);
    expect(await allows("src/**", glob("**/*.ts"))).toBe(false);
    expect(await allows("src/**", glob("src/../*"))).toBe(false);
    expect(await allows("src/**", glob("src/*/../../../etc/*"))).toBe(false);
    expect(await allows("src/**", glob("src/{a,../../etc}/*"))).toBe(false);
    expect(await allows("src/**", glob("*", "src/../.."))).toBe(false);
    expect(await allows("src/**", glob("/*"))).toBe(false);

    const grep = (path?: string): PolicyRequest =>
      asked("TODO", { ...inRepo, permission: "grep", metadata: { pattern: "TODO", path } });
    expect(await allows("src/**", grep("src"))).toBe(true);
    expect(await allows("src/**", grep("/repo/src/x"))).toBe(true);
    expect(await allows("src/**", grep("src/.."))).toBe(false);
    expect(await allows("src/**", grep())).toBe(false);
    expect(await allows("TODO", grep())).toBe(false);
    expect(await allows("**", asked("src/a", { ...inRepo, permission: "grep" }))).toBe(false);
    expect(await denies("secrets/**", grep("src"))).toBe(false);
    // A search above it finds what is in it.
    for (const path of [".", "secrets/x", undefined, "/"]) expect(await denies("secrets/**", grep(path))).toBe(true);
  });
});

describe("links", () => {
  let root: string;
  let options: PolicyOptions;
  beforeAll(async () => {
    root = await temporaryFolder();
    await mkdir(join(root, "repo/src/deep"), { recursive: true });
    await mkdir(join(root, "outside"));
    await writeFile(join(root, "outside/file"), "");
    await symlink(join(root, "outside"), join(root, "repo/src/out"));
    await symlink("../../outside/new", join(root, "repo/src/dangling"));
    await symlink("deep", join(root, "repo/src/inside"));
    await symlink("loop", join(root, "repo/src/loop"));
    await symlink(join(root, "repo"), join(root, "alias"));
    await symlink(join(root, "repo/src"), join(root, "repo/linked"));
    const readLink = async (path: string): Promise<string | undefined> => {
      try {
        return await readlink(path);
      } catch (error) {
        const code = error instanceof Error && "code" in error ? error.code : undefined;
        if (code === "EINVAL" || code === "ENOENT" || code === "ENOTDIR") return undefined;
        throw error;
      }
    };
    options = { default: "deny", realpath: realpathWith(readLink) };
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  const inside = (path: string, folder = "repo"): PolicyRequest => asked(path, { directory: join(root, folder) });

  test("a link that leads out of the allowed folder is not allowed", async () => {
    expect(await allows("src/**", inside("src/new"), options)).toBe(true);
    expect(await allows("src/**", inside("src/not/there/yet"), options)).toBe(true);
    expect(await allows("src/**", inside("src/inside/x"), options)).toBe(true);
    expect(await allows("src/**", inside("src/out/file"), options)).toBe(false);
    expect(await allows("src/**", inside("src/out/new"), options)).toBe(false);
    expect(await allows("src/**", inside("src/dangling"), options)).toBe(false);
    expect(await allows("src/**", inside("src/loop"), options)).toBe(false);
    expect(await allows("*", inside("src/loop"), options)).toBe(true);
  });

  test("a link is resolved before the `..` that follows it", async () => {
    // As text this is src/file; the system goes to outside/../file.
    expect(await allows("src/**", inside("src/out/../file"), options)).toBe(false);
    expect(await allows("src/**", inside(`${root}/repo/src/out/../file`), options)).toBe(false);
  });

  test("a path through a link counts as its target", async () => {
    expect(await allows("src/**", inside("linked/a"), options)).toBe(true);
    expect(await allows("linked/**", inside("linked/a"), options)).toBe(false);
  });

  test("a link in the path of the directory itself does not change the decision", async () => {
    expect(await allows("src/**", inside("src/a", "alias"), options)).toBe(true);
    expect(await allows("src/**", inside(join(root, "repo/src/a"), "alias"), options)).toBe(true);
    expect(await allows("src/**", inside(join(root, "alias/src/a")), options)).toBe(true);
    expect(await allows(join(root, "alias/src/*"), inside("src/a"), options)).toBe(true);
    expect(await allows(join(root, "alias/src/*"), inside("src/a", "alias"), options)).toBe(true);
  });

  test("a link to a denied path is denied", async () => {
    const denied = { ...options, default: "allow" } as const;
    expect(await denies(join(root, "outside/**"), inside("src/out/file"), denied)).toBe(true);
    expect(await denies("../outside/**", inside("src/out/file"), denied)).toBe(true);
    expect(await denies("src/**", inside("linked/a"), denied)).toBe(true);
    expect(await denies("other/**", inside("src/loop"), denied)).toBe(true); // may be there
    expect(await denies("other/**", inside("src/a"), denied)).toBe(false);
  });

  test("a path whose links cannot be resolved is allowed only by the rule `*`", async () => {
    const broken = { realpath: () => Promise.reject(new Error("EACCES")) };
    expect(await allows("src/**", inside("src/a"), broken)).toBe(false);
    expect(await allows("*", inside("src/a"), broken)).toBe(true);
    const relative = { realpath: () => "src/a" };
    expect(await allows("src/**", inside("src/a"), relative)).toBe(false);
  });
});

describe("Windows", () => {
  const inRepo = { directory: "C:\\repo" };
  test.each([
    ["src/**", "src\\a.ts", true],
    ["src/**", "C:\\repo\\src\\a.ts", true],
    ["C:\\repo\\src\\*", "src\\a.ts", true],
    ["src/**", "src\\..\\..\\x", false],
    ["src/**", "D:\\repo\\src\\a.ts", false],
  ] as const)("the allow rule %s on Windows allows the path %j: %s", async (pattern, path, isAllowed) => {
    expect(await allows(pattern, asked(path, inRepo))).toBe(isAllowed);
  });

  test("a deny rule on Windows ignores upper and lower case", async () => {
    expect(await denies("secrets/**", asked("c:\\REPO\\Secrets\\a", inRepo))).toBe(true);
  });
});
