/** Properties of policies, for generated input. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isWithin, normalize, resolve } from "../../src/permissions/paths/normalize.js";
import { realpathWith } from "../../src/permissions/paths/realpath.js";
import { policy } from "../../src/permissions/policy/policy.js";
import type { PolicyRequest, PolicyRule } from "../../src/types/policy.js";
import { matchesWildcard } from "../../src/util/wildcard.js";

const seeded = { seed: 7, numRuns: 500 };

const asked = (permission: string, patterns: string[], metadata: Record<string, unknown> = {}): PolicyRequest => ({
  id: "per_1",
  sessionId: "ses_1",
  permission,
  patterns,
  metadata,
  chain: ["ses_1"],
});
const bash = (command: string): PolicyRequest => asked("bash", [command], { command });
const allow = (permission: string, pattern: string | RegExp): PolicyRule => ({ permission, pattern, action: "allow" });

const rules = [allow("bash", "ls*"), allow("bash", /^(cat|git|echo)\b/), allow("bash", "npm run test:*")];
const prefixes = policy(rules, { default: "deny" });

/** Ways of writing the same word. */
const spellings: readonly ((word: string) => string)[] = [
  (word) => (/^[\w./:-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`),
  (word) => `'${word.replaceAll("'", "'\\''")}'`,
  (word) => `"${word.replace(/[\\"$`]/g, "\\$&")}"`,
  (word) => [...word].map((letter) => `\\${letter}`).join("") || "''",
  (word) =>
    `${[...word].slice(0, 1).map((letter) => `'${letter === "'" ? "'\\''" : letter}'`)}"${word.slice(1).replace(/[\\"$`]/g, "\\$&")}"`,
];

describe("shell lines", () => {
  const anyWord = fc.oneof(
    fc.constantFrom(
      "ls",
      "-l",
      "src/a.ts",
      "test:unit",
      "log",
      "a b",
      "",
      "it's",
      "$X",
      "a;b",
      "*",
      "`",
      '"',
      "(",
      "~",
      "#",
    ),
    fc.string({ unit: fc.constantFrom(..."ab -$\"'`;|*.\\/"), maxLength: 6 }),
  );
  const program = fc.constantFrom(
    ["ls"],
    ["cat"],
    ["git", "log"],
    ["echo"],
    ["npm", "run", "test:unit"],
    ["rm"],
    ["npm", "i"],
  );

  test("the decision about a shell line does not depend on the quoting of its words", async () => {
    let allowed = 0;
    const property = fc.asyncProperty(
      program,
      fc.array(anyWord, { maxLength: 4 }),
      fc.array(fc.nat(spellings.length - 1), { minLength: 8, maxLength: 8 }),
      fc.constantFrom(" ", "  ", "\t", " \\\n "),
      async (names, args, ways, blank) => {
        const words = [...names, ...args];
        const written = words.map((word, at) => spellings[ways[at] ?? 0]?.(word) ?? word).join(blank);
        const plainly = words.map((word) => spellings[1]?.(word) ?? word).join(" ");
        const [one, other] = [await prefixes.explain(bash(written)), await prefixes.explain(bash(plainly))];
        expect({ written, action: one.action }).toEqual({ written, action: other.action });
        if (one.action === "allow") allowed += 1;
      },
    );
    await fc.assert(property, seeded);
    expect(allowed).toBeGreaterThan(100);
  });

  test("a shell line with a command that no rule allows is denied, wherever the command stands", async () => {
    const operator = fc.constantFrom(";", "\n", "&&", "||", "|", "&", " ; ", "|&");
    const part = fc.tuple(
      fc.constantFrom("ls", "cat", "echo"),
      fc.array(
        anyWord.map((word) => spellings[2]?.(word) ?? ""),
        { maxLength: 3 },
      ),
    );
    const property = fc.asyncProperty(
      fc.array(fc.tuple(part, operator), { minLength: 1, maxLength: 4 }),
      fc.constantFrom(
        "rm x",
        "evil",
        "/bin/ls",
        "$X",
        "env rm",
        "ls > x",
        "X=1 ls",
        "git config a.b c",
        "{ ls; }",
        "`ls`",
      ),
      fc.nat(3),
      async (parts, evil, at) => {
        const pieces = parts.flatMap(([[name, args], between]) => [[name, ...args].join(" "), between]);
        pieces.splice(Math.min(at * 2, pieces.length), 0, evil, "\n");
        expect((await prefixes.explain(bash(pieces.join("")))).action, pieces.join("")).toBe("deny");
      },
    );
    await fc.assert(property, seeded);
  });

  test("a random shell line gets a decision, and a denied command on the next line is denied", async () => {
    const letters = fc.constantFrom(..."ls rm;|&$(){}<>'\"`\\\n#!=*?[]~\u0000\u00e9\ud800 ");
    const careful = policy([{ permission: "bash", pattern: "rm*", action: "deny" }], { default: "allow" });
    const property = fc.asyncProperty(fc.string({ unit: letters, maxLength: 40 }), async (line) => {
      expect(["allow", "deny"]).toContain((await prefixes.explain(bash(line))).action);
      const { action } = await careful.explain(bash(`${line}\nrm x`));
      // Unless the second line is part of a text or a comment, it is a command; and then it must have been seen.
      const mayHideIt = /['"`\\#<$({]/.test(line);
      if (!mayHideIt) expect(action, line).toBe("deny");
    });
    await fc.assert(property, { ...seeded, numRuns: 2_000 });
  });
});

describe("wildcards", () => {
  test("wildcards match the same texts as the server's regular expression", () => {
    const text = fc.string({ unit: fc.constantFrom(..."ab /*?\n"), maxLength: 8 });
    const property = fc.property(text, text, (subject, pattern) => {
      let source = pattern
        .replace(/[.+^${}()|[\]\\]/g, "\\$&")
        .replaceAll("*", ".*")
        .replaceAll("?", ".");
      if (source.endsWith(" .*")) source = `${source.slice(0, -3)}( .*)?`;
      expect(matchesWildcard(subject, pattern)).toBe(new RegExp(`^${source}$`, "s").test(subject));
    });
    fc.assert(property, { ...seeded, numRuns: 5_000 });
  });
});

const segment = fc.constantFrom("a", "b", "src", "..", "..", ".", "", "x.ts", "link");
const anyPath = fc
  .tuple(fc.constantFrom("", "/", "/repo/", "./"), fc.array(segment, { minLength: 1, maxLength: 6 }))
  .map(([root, parts]) => root + parts.join("/"));

describe("paths", () => {
  test("a path is allowed by `src/**` only if it resolves to a place below src", async () => {
    const handler = policy([allow("edit", "src/**")], { default: "deny" });
    const property = fc.asyncProperty(anyPath, async (path) => {
      const absolute = resolve("/repo", path);
      const expected = isWithin(absolute, "/repo/src") && absolute !== "/repo/src" ? "allow" : "deny";
      const request = { ...asked("edit", [path]), directory: "/repo" };
      expect((await handler.explain(request)).action, path).toBe(expected);
    });
    await fc.assert(property, { ...seeded, numRuns: 2_000 });
  });

  test("a normalized path stays the same when it is normalized again", () => {
    const property = fc.property(anyPath, (path) => {
      const normal = normalize(path);
      expect(normalize(normal)).toBe(normal);
      expect(normal).not.toMatch(/\/\/|\/\.(\/|$)|[^./]\/\.\.(\/|$)|.\/$/);
    });
    fc.assert(property, seeded);
  });

  test("a path through links resolves to a normalized path without links", async () => {
    const folder = fc.constantFrom("/", "/repo", "/repo/src", "/etc", "/repo/a/b");
    const links = fc.dictionary(
      fc.tuple(folder, fc.constantFrom("a", "link", "src")).map(([path, name]) => normalize(`${path}/${name}`)),
      fc.oneof(folder, fc.constantFrom("..", "../..", "src", "link", "./a/../link", "/nowhere/x")),
    );
    const property = fc.asyncProperty(links, anyPath, async (known, path) => {
      const absolute = path.startsWith("/") ? path : `/repo/${path}`;
      const realpath = realpathWith(async (link) => (Object.hasOwn(known, link) ? known[link] : undefined));
      const real = await realpath(absolute).catch((error: Error) => error.message);
      if (real.startsWith("too many")) return;
      // A real path has no link in it, and no step that leads elsewhere.
      const steps = real.split("/").map((_, at, parts) => parts.slice(0, at + 1).join("/"));
      expect(steps.filter((step) => Object.hasOwn(known, step))).toEqual([]);
      expect(normalize(real)).toBe(real);
    });
    await fc.assert(property, { ...seeded, numRuns: 2_000 });
  });
});
