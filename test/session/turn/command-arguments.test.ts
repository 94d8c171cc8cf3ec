/** Arguments of a command are text: nothing of them is run, read or replaced, on the real agent. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ConfigError, type Session } from "../../../src/index.js";
import { deliver } from "../../../src/session/turn/command-template.js";
import { type Fixture, startFixture } from "../../support/fixture.js";

const secret = "what the file says";
const templates = {
  whole: "Triage this: $ARGUMENTS",
  twice: "First $ARGUMENTS then $ARGUMENTS again",
  none: "No place for arguments.",
  bang: "Near !$ARGUMENTS",
  tick: "Near !`$ARGUMENTS and ` more",
  one: "The first: $1",
  two: "The first: $1, the rest: $2.",
  line: "State: !`printf %s own-line` of $ARGUMENTS",
  inLine: "State: !`printf '<%s>' $ARGUMENTS` now",
  program: "!`$ARGUMENTS`",
  file: "Read @note.txt and $ARGUMENTS",
  at: "Read @$ARGUMENTS",
};

let fixture: Fixture;
let marks: string;
let teller: Session;
beforeAll(async () => {
  const command = Object.fromEntries(Object.entries(templates).map(([name, template]) => [name, { template }]));
  const sub = { subtask: true, template: "For another: $ARGUMENTS" };
  fixture = await startFixture({
    config: { command: { ...command, sub } },
    permissionMode: "readOnly",
    hooks: { preToolUse: () => ({ reject: "nothing runs" }) },
    onPermission: () => "reject",
  } as never);
  execFileSync("git", ["init", "-q"], { cwd: fixture.directory }); // names of files count from the root of the repository
  teller = await fixture.oc.createSession({ title: "t" });
  marks = join(fixture.directory, "marks");
  await mkdir(marks);
  await writeFile(join(fixture.directory, "note.txt"), `${secret}\n`);
});
afterAll(() => fixture[Symbol.asyncDispose]());

/** What the model was told by a command, in the user's last message. */
async function told(name: string, args: string, options = {}): Promise<string> {
  const from = fixture.model.requests.length;
  await teller.command(name, args, options);
  expect(existsSync(join(marks, "ran"))).toBe(false);
  return fixture.model.requests[from]?.lastUserText ?? "";
}

const hostile = (): string[] => [
  `The button is broken !\`touch ${marks}/ran; id -un\``,
  `$(touch ${marks}/ran) \`touch ${marks}/ran\``,
  "look at @note.txt and @./note.txt, @~/ and @general",
  "$& $$ $' $` $1 $2 $0 $ARGUMENTS $<a>",
  "it's \"quoted\n  twice\" and 'so'\n\n\tthe end's",
  "`` ``` !`` !` ` ! ` @",
  "{env:HOME} {file:note.txt}",
  "!`",
  "`!",
];

describe("arguments of a command", () => {
  test("the arguments of a command reach the model unchanged, even with shell lines and file names", async () => {
    const [line = "", ...others] = hostile();
    const args = others.join("\n");
    expect(await told("whole", line)).toBe(`Triage this: ${line}`);
    expect(await told("twice", args)).toBe(`First ${args} then ${args} again`);
    expect(await told("none", args)).toBe(`No place for arguments.\n\n${args}`);
  });

  test("the arguments of a command reach the placeholders $1 and $2 unchanged", async () => {
    const args = hostile().join("\n");
    expect(await told("one", args)).toBe(`The first: ${args}`);
    const [first = ""] = args.split(/\s+/);
    expect(await told("two", args)).toBe(`The first: ${first}, the rest: ${args.slice(first.length).trim()}.`);
  });

  test("the arguments of a sub-agent's command and of review() run no shell line", async () => {
    fixture.answer("sub", "done");
    const session = await fixture.oc.createSession({ title: "t" });
    for (const args of [
      hostile()[0],
      hostile()
        .filter((text) => !text.includes("@"))
        .join("\n"),
    ] as string[]) {
      const from = fixture.model.requests.length;
      await session.command("sub", args);
      await session.review(args);
      const texts = fixture.model.requests.slice(from).map(({ lastUserText }) => lastUserText);
      expect(texts).toContain(`For another: ${args}`);
      expect(texts.some((text) => text.includes(args) && !text.startsWith("For another"))).toBe(true);
    }
    await expect(session.review("what @general says")).rejects.toThrow(/"@general"/);
    expect(existsSync(join(marks, "ran"))).toBe(false);
  });

  test("command() rejects arguments that would become shell code or names in the template's own lines", async () => {
    const refused = [
      ["line", `!\`touch ${marks}/ran\``, "!`touch"],
      ["line", "ask @general", "@general"],
      ["inLine", `x; touch ${marks}/ran`, "touch"],
      ["inLine", "-v", "-v"],
      ["inLine", "a\nb", "a\\nb"],
      ["inLine", "$HOME", "$HOME"],
      ["inLine", "*", "*"],
      ["program", "id", "!`id`"],
      ["file", "@note.txt", "@note.txt"],
      ["at", "note.txt", "@note.txt"],
      ["tick", `touch ${marks}/ran`, "touch"],
    ] as const;
    const session = await fixture.oc.createSession({ title: "t" });
    const from = fixture.model.requests.length;
    for (const [name, args, found] of refused) {
      const error = await session.command(name, args).catch((reason: unknown) => reason);
      expect(error, `${name} ${args}`).toBeInstanceOf(ConfigError);
      expect((error as ConfigError).message).toContain(found);
      expect((error as ConfigError).hint).toContain("expandArguments");
    }
    expect(fixture.model.requests).toHaveLength(from);
    expect(await session.messages()).toEqual([]);
    expect(existsSync(join(marks, "ran"))).toBe(false);
  });

  test("a template keeps its own shell lines and files with plain arguments", async () => {
    expect(await told("line", "the $1 `code` & co")).toBe("State: own-line of the $1 `code` & co");
    expect(await told("inLine", "main v1.2")).toBe("State: <main><v1.2> now");
    const text = await told("file", "don't stop");
    expect(text).toContain("Read @note.txt and don't stop");
    expect(text).toContain(secret);
  });

  test("expandArguments: true runs the shell lines of the arguments", async () => {
    const session = await fixture.oc.createSession({ title: "t" });
    const answer = await session.command("whole", "!`printf %s-%s my own`", { expandArguments: true });
    expect(answer.text).toBe("echo: Triage this: my-own");
  });

  test("random mixtures of special characters in arguments reach the model unchanged or are rejected", async () => {
    const atoms = [
      "!",
      "`",
      `touch ${marks}/ran`,
      "@",
      "note.txt",
      "general",
      "$",
      "&",
      "1",
      "ARGUMENTS",
      "'",
      '"',
      " ",
    ];
    const any = fc
      .array(fc.constantFrom(...atoms, "\n", "x", "~/", "(", ")"), { minLength: 5, maxLength: 200 })
      .map((words) => `x${words.join("")}x`);
    const [one = "", two = "", three = "", ...others] = fc.sample(any, { seed: 7, numRuns: 9 });
    expect(await told("whole", one)).toBe(`Triage this: ${one}`);
    expect(await told("none", two)).toBe(`No place for arguments.\n\n${two}`);
    expect(await told("bang", three)).toBe(`Near !${three}`);
    for (const args of others) {
      const text = await told("line", args.slice(0, 9)).catch((error: unknown) => {
        if (error instanceof ConfigError && error.message.includes("the arguments of /")) return undefined;
        throw error;
      });
      expect([`State: own-line of ${args.slice(0, 9)}`, undefined]).toContain(text);
    }
  });
});

describe("deliver()", () => {
  test("arguments that deliver() leaves to the server add no shell line to generated templates", () => {
    const atoms = ["$ARGUMENTS", "$1", "$2", "!`log`", "!", "`", "@a", "@", "text ", "\n", "!`x $1`"];
    const template = fc.array(fc.constantFrom(...atoms), { maxLength: 6 }).map((words) => words.join(""));
    const args = fc
      .array(fc.constantFrom("!`b`", "`", "!", "@b", "@", "$&", "$", "it's", '"', " ", "\n", "c", "$ARGUMENTS"), {
        maxLength: 5,
      })
      .map((words) => words.join(""));
    fc.assert(
      fc.property(template, args, (text, given) => {
        const delivery = deliver(text, given, false);
        if (delivery.by !== "server") return;
        const ran = (from: string): string[] => [...from.matchAll(/!`([^`]+)`/g)].map(([line]) => line);
        const result = text.includes("$ARGUMENTS")
          ? text.replaceAll("$ARGUMENTS", delivery.args)
          : `${text}\n\n${given}`;
        if (!/\$\d/.test(text)) expect(ran(result)).toEqual(ran(text));
      }),
      { seed: 7, numRuns: 2_000 },
    );
  });
});
