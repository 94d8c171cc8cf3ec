/** Lines that the policy allows are run by real shells: nothing else may happen than what the rules allow. */
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { policy } from "../../../src/permissions/policy/policy.js";
import type { PolicyRequest } from "../../../src/types/policy.js";
import { ShellFixture } from "../../support/shell-fixture.js";

const bash = (command: string): PolicyRequest => ({
  id: "per_1",
  sessionId: "ses_1",
  permission: "bash",
  patterns: [command],
  metadata: { command },
  chain: ["ses_1"],
});

/** Prefixes, as people write them. `evil`, `rm`, `tee` and `touch` are not among them. */
const prefixes = policy(
  [
    { permission: "bash", pattern: "ls*", action: "allow" },
    { permission: "bash", pattern: "cat *", action: "allow" },
    {
      permission: "bash",
      pattern:
        /^(wc|echo|find|env|xargs|timeout|nice|nohup|stdbuf|setsid|sh|bash|dash|sed|awk|sort|tar|git|command|eval|exec|time|cd|test|printf|true)\b/,
      action: "allow",
    },
  ],
  { default: "deny" },
);
const allowedPrograms = ["ls", "cat", "wc"];

/** One of the texts between the bars. */
function oneOf(texts: string): fc.Arbitrary<string> {
  return fc.constantFrom<string>(...texts.split("¦"));
}

const words = oneOf(
  `ls¦cat¦wc¦echo¦evil¦rm¦f¦a.ts¦-l¦x¦''¦""¦l\\s¦'ls'¦"l"s¦$X¦"$X"¦\${X}¦*¦*.ts¦f*¦~¦{evil,f}¦{}¦\\;¦+¦-exec¦-delete¦-c¦-e¦-n` +
    `¦--¦-¦5¦'evil'¦'evil; evil'¦'ls | cat'¦=evil¦X=1¦PATH=.¦p¦1p¦'1e evil'¦'s/a/b/'¦'s/a/b/e'¦'{print}'¦'BEGIN{system("evil")}'` +
    `¦.¦./evil¦\\\n¦#¦!¦-I{}¦-0¦-S¦-i¦-u¦-s¦-name¦-ok¦-f¦-o¦--to-command=evil¦-I¦"'"¦\\'¦\\"¦'\\'`,
);
const wrappers = oneOf(
  "¦¦¦env¦env -S¦xargs¦xargs -I{}¦find .¦find . -exec¦timeout 5¦nice¦nohup¦setsid¦stdbuf -o0¦sh -c¦bash -c¦dash -c¦sh¦bash" +
    "¦eval¦exec¦command¦time¦sed¦sed -n¦awk¦sort¦tar¦git",
);
const operators = oneOf(";¦ ; ¦&&¦ && ¦||¦|¦ | ¦&¦ & ¦|&¦\n¦;;¦ #¦\r\n¦\\\n¦ ¦");
const redirections = oneOf(
  "> out¦>>out¦2>&1¦>/dev/null¦2>/dev/null¦<f¦<<< evil¦<<E\nevil\nE\n¦>|out¦&>out¦>&out¦>&2¦<>out¦3>out¦{fd}>out¦>(evil)¦<(evil)",
);
/** `@` is where a line stands in them. */
const frames = oneOf(
  '@¦@¦@¦(@)¦( @ )¦{ @; }¦ls $(@)¦ls `@`¦ls "$(@)"¦ls "`@`"¦bash -c \'@\'¦sh -c "@"¦if ls; then @; fi¦for x in a; do @; done' +
    "¦ls() { @; }¦ls $((@))¦ls <(@)¦ls $" +
    "{X:-$(@)}¦ls $'@'¦ls '@'¦ls \"@\"¦# @¦ls # @¦((@))¦[[ @ ]]¦eval \"@\"¦ls $(# @\n)" +
    "¦echo $(ls @ # )\n)",
);

const command = fc
  .tuple(
    wrappers,
    oneOf("ls¦ls¦cat¦cat¦wc¦evil¦echo"),
    fc.array(words, { maxLength: 4 }),
    fc.option(redirections, { freq: 6, nil: "" }),
  )
  .map(([wrapper, program, args, redirection]) =>
    [wrapper, program, ...args, redirection].filter((piece) => piece !== "").join(" "),
  );
const framed = fc
  .tuple(command, frames, frames)
  .map(([text, inner, outer]) => [inner, outer].reduce((line, frame) => frame.split("@").join(line), text));
const composed = fc
  .array(fc.tuple(framed, operators), { minLength: 1, maxLength: 4 })
  .map((pieces) => pieces.flat().join(""));

const soup = fc
  .array(
    oneOf(
      "ls¦cat¦evil¦evil¦echo¦;¦|¦&¦$¦(¦)¦{¦}¦<¦>¦'¦\"¦`¦\\¦#¦!¦=¦*¦?¦[¦]¦~¦X¦-c¦sh¦1¦$(¦/dev/null¦,¦$'¦ ¦ ¦ ¦\n¦\t¦<<E\n¦\nE\n",
    ),
    { maxLength: 14 },
  )
  .map((pieces) => `ls ${pieces.join("")}`);

/** What people write, and ways to spoil it. */
const fine = oneOf(
  "ls -la f¦cat f | wc -l¦find . -name '*.ts' -exec cat {} \\;¦ls f 2>&1 > /dev/null¦echo \"a $X b\" 'c d'¦ls | xargs -n1 cat¦env ls" +
    "¦timeout 5 ls f¦sh -c 'ls f'¦sed -n '1,5p' f¦awk '{print $1}' f¦ls $(cat f)¦(ls; cat f) | wc¦ls \\\n -l",
);
const thorns = oneOf(
  ";evil;¦|evil¦&evil&¦$(evil)¦`evil`¦\nevil\n¦>out¦ evil ¦'¦\"¦\\¦$¦(¦)¦{¦}¦#¦&& evil¦<(evil)¦$'\\'; evil; #'¦'; evil; '¦\"; evil; \"" +
    "¦\\\n¦ -exec evil {} ; ¦ -delete ¦*¦$X¦{evil,x}¦=¦PATH=. ¦!¦ -S evil ¦\t¦\u00a0¦$((¦))¦]]¦[[¦<<E\n¦~¦\n# ",
);
const mutated = fc.tuple(fine, fc.array(fc.tuple(fc.nat(60), thorns), { maxLength: 3 })).map(([line, changes]) =>
  changes.reduce((text, [at, thorn]) => {
    const place = at % (text.length + 1);
    return text.slice(0, place) + thorn + text.slice(place);
  }, line),
);

const lines = fc.sample(fc.oneof(composed, soup, mutated), { numRuns: 1_500, seed: 20_260 });

const fixture = new ShellFixture();
afterAll(() => fixture[Symbol.dispose]());

describe("lines in real shells", () => {
  test("the shell fixture sees the programs that run and whether a file is written", () => {
    for (const shell of fixture.shells) {
      expect(fixture.run(shell, "ls; evil | cat")).toEqual({
        programs: expect.arrayContaining(["ls", "evil", "cat"]),
        hasWritten: false,
      });
      expect(fixture.run(shell, "ls > out")).toEqual({ programs: ["ls"], hasWritten: true });
      expect(fixture.run(shell, "find . -name f -delete")).toEqual({ programs: [], hasWritten: true });
    }
  });

  test("an allowed line runs only allowed programs and writes no file in a real shell", async () => {
    const leaks: unknown[] = [];
    let ran = 0;
    let count = 0;
    for (const line of lines) {
      const { action, reason } = await prefixes.explain(bash(line));
      if (action !== "allow") continue;
      count += 1;
      for (const shell of fixture.shells) {
        const { programs, hasWritten } = fixture.run(shell, line);
        ran += programs.length > 0 ? 1 : 0;
        const others = programs.filter((name) => !allowedPrograms.includes(name));
        if (others.length > 0 || hasWritten) leaks.push({ shell, line, others, hasWritten, reason });
      }
    }
    expect(leaks).toEqual([]);
    // Refusing everything would be no leak either.
    expect(count).toBeGreaterThan(200);
    expect(ran).toBeGreaterThan(200);
  });

  test("common shell lines are allowed and write no file", async () => {
    const shell = fixture.shells[0] ?? "bash";
    for (const line of fc.sample(fine, { numRuns: 30, seed: 1 })) {
      expect(await prefixes.explain(bash(line)), line).toMatchObject({ action: "allow" });
      expect(fixture.run(shell, line).hasWritten, line).toBe(false);
    }
  });
});
