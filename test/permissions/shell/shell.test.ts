/** What rules with patterns allow and refuse of a shell line, as tables. */
import { describe, expect, test } from "vitest";
import { policy } from "../../../src/permissions/policy/policy.js";
import { readLine } from "../../../src/permissions/shell/parse-line.js";
import { loadParser, type Parser } from "../../../src/permissions/shell/parser.js";
import type { PolicyAction, PolicyRequest, PolicyRule } from "../../../src/types/policy.js";

const bash = (command: string): PolicyRequest => ({
  id: "per_1",
  sessionId: "ses_1",
  permission: "bash",
  patterns: [command],
  metadata: { command },
  chain: ["ses_1"],
});

const allow = (pattern: string | RegExp): PolicyRule => ({ permission: "bash", pattern, action: "allow" });
const deny = (pattern: string | RegExp): PolicyRule => ({ permission: "bash", pattern, action: "deny" });

async function decided(rules: PolicyRule[], line: string, otherwise: PolicyAction = "deny"): Promise<PolicyAction> {
  return (await policy(rules, { default: otherwise }).explain(bash(line))).action;
}

const generous = [
  allow("ls*"),
  allow("[ *"),
  allow(
    /^(cat|head|grep|find|git|env|sudo|xargs|timeout|nice|sed|awk|bash|sh|python3?|time|echo|tar|sort|eval|command|exec|wc|node|test|printf|cd)\b/,
  ),
];

describe("lines with allowed commands", () => {
  test.each([
    "ls",
    "ls -la",
    "l\\s",
    "'ls'",
    '"l"s',
    "ls | cat",
    "ls && cat x; head y || wc z",
    "ls\n\ncat x\n",
    "ls &",
    "! ls",
    "(ls; cat x) | wc",
    "ls # and a comment; rm x",
    "ls \\\n  -l",
    "ls > /dev/null 2>&1",
    "ls &>/dev/null",
    "cat $(ls)",
    'echo "$(ls | wc -l) files"',
    "ls $HOME *.ts {a,b} ~/x",
    "grep -rn 'foo$' src/",
    'grep "a|b$" x',
    "[ -f x ] && cat x",
    "git log --oneline -5",
    "git -C sub status",
    "git show HEAD@{1} HEAD^ HEAD~2",
    'git commit -m "fix: it\'s done"',
    "git config --get user.name",
    "find . -type f -name '*.ts' | wc -l",
    "find . -exec cat {} \\;",
    "find . -exec cat {} +",
    "env ls",
    "sudo -u bob ls",
    "ls | xargs -n 1 cat",
    "timeout -s KILL 5 ls",
    "nice -n 5 ls",
    "time ls",
    "command -v rm",
    "eval 'ls -l'",
    "bash -c 'ls | cat'",
    "bash -euo pipefail -c 'ls'",
    "bash script.sh",
    "sed -n '1,50p' f",
    "sed -e 's/a/b/g' f",
    "awk '{print $1}' f",
    "python3 x.py -c y",
    "python -m pytest -q",
    "node --version",
    "tar xzf a.tgz",
    "sort f | head -5",
    "cd src && ls",
  ])("the line %j is allowed because each of its commands is allowed", async (line) => {
    expect(await decided(generous, line)).toBe("allow");
  });
});

describe("lines with a part that is not allowed or not readable", () => {
  const groups: Record<string, string[]> = {
    "another command": [
      "ls; rm -rf ~",
      "ls && x",
      "ls || x",
      "ls | tee x",
      "ls |& tee x",
      "ls & rm x",
      "ls\nrm x",
      "! rm x",
      "(ls; rm x)",
      "ls &! rm x",
      "ls # comment\nrm x",
    ],
    "a command in a word": [
      "cat $(x)",
      "cat `ls`",
      'ls "$(rm x)"',
      'ls "`rm x`"',
      "cat $(ls; rm x)",
      "cat $(cat $(rm x))",
      "ls <(ls)",
      "ls >(ls)",
      `ls \${x:-$(rm x)}`,
      "ls $((a[$(rm x)]))",
      "ls $(# )\nrm x\n)",
    ],
    "a file that is written or read": [
      "ls > x",
      "ls >> x",
      "ls >| x",
      "ls 2> x",
      "ls &> x",
      "ls >& x",
      "cat < x",
      "> x",
      "exec 3>x",
      "ls {fd}> x",
      "ls > /dev/null > x",
      "ls > /dev/nullx",
      "(ls) > x",
    ],
    "text for a program": ["cat <<EOF\n$(rm x)\nEOF", "cat <<'E'\nx\nE", "cat <<< x"],
    "a variable that is set": [
      "PATH=x ls",
      "LD_PRELOAD=x ls",
      "GIT_PAGER=x git log",
      "X=1",
      "X=1; ls",
      "env X=1 ls",
      "sudo X=1 ls",
    ],
    "a program that is only known when the line runs": [
      "$X -rf",
      "$(ls)",
      '"$X"',
      "l{s,x}",
      "{ls,-l}",
      "/bin/l?",
      "~/ls",
      `ls\${IFS}-l`,
      "=ls",
      "-ls",
    ],
    "another program of a similar name": ["LS", "lѕ", "l\u200bs", "./ls", "/tmp/ls", "'ls -l'", "ls\u00a0-l"],
    "a control structure": [
      "{ ls; }",
      "if ls; then ls; fi",
      "for PATH in x; do ls; done",
      "while ls; do ls; done",
      "case x in x) ls;; esac",
      "ls() { rm x; }; ls",
      "function ls { rm x; }",
      "select x in a; do ls; done",
      "coproc ls",
      "[[ a > b ]]",
      "((1))",
      "ls } always { rm x",
    ],
    "a form that shells read differently": [
      "ls $'a\\'; rm x; #'",
      "$'ls'",
      'ls $"a"',
      "ls *(e:'rm x':)",
      "ls $x[1]",
      "l\\\ns",
    ],
    "broken syntax, no command or an extreme length": [
      "ls '",
      'ls "',
      "ls $(ls",
      "ls)",
      "ls (x)",
      "ls ;; ls )",
      "ls \\",
      "",
      "   ",
      "# ls",
      `ls ${"a".repeat(20_000)}`,
      "ls;".repeat(300),
      `${"(".repeat(300)}ls${")".repeat(300)}`,
    ],
    "control characters": [
      "ls \u0000",
      "ls\r\nls",
      "ls \u001b[31m",
      "ls \u007f",
      "ls \u0085rm",
      "ls \u2028rm x",
      "ls \ud800",
    ],
  };
  for (const [name, lines] of Object.entries(groups)) {
    test.each(lines)(`a line with ${name} is refused: %j`, async (line) => {
      expect(await decided(generous, line)).toBe("deny");
    });
  }
});

describe("programs that run other programs", () => {
  test.each([
    ["env", "env rm x"],
    ["env", "env -S 'rm x'"],
    ["sudo", "sudo rm x"],
    ["sudo", "sudo -s"],
    ["timeout", "timeout 5 rm x"],
    ["timeout", "timeout $X rm x"],
    ["nice", "nice -n $X rm x"],
    ["nohup", "nohup rm x"],
    ["command", "command rm x"],
    ["exec", "exec rm x"],
    ["time", "time rm x"],
    ["xargs", "ls | xargs rm"],
    ["xargs", "ls | xargs -I{} {}"],
    ["xargs", "ls | xargs -d I find ."],
    ["xargs", "ls | xargs sh -c"],
    ["find", "find . -exec rm {} \\;"],
    ["find", "find . -execdir ls {} + -exec rm {} +"],
    ["find", "find . -exec sh -c 'rm x' \\;"],
    ["bash", "bash -c 'rm x'"],
    ["bash", "bash -c 'ls; rm x'"],
    ["env", "env bash -c \"bash -c 'rm x'\""],
    ["eval", "eval rm x"],
    ["eval", "eval 'ls;' rm x"],
    ["busybox", "busybox rm x"],
  ])("the wrapper %s is denied unless its inner program is allowed: %s", async (program, line) => {
    const rules = [allow("ls*"), allow(`${program}*`), allow("find*"), allow("bash*"), allow("sh *")];
    expect(await decided(rules, line)).toBe("deny");
    expect(await decided([...rules, allow("rm*")], line)).toBe(
      /-S|-s$|\$X|\{\}$|-c$|-d I/.test(line) ? "deny" : "allow",
    );
  });

  test("a wrapper such as timeout needs a rule of its own", async () => {
    expect(await decided([allow("ls*")], "timeout 5 ls")).toBe("deny");
    expect(await decided([allow("ls*"), allow("timeout 5 *")], "timeout 5 ls")).toBe("allow");
  });
});

describe("lines with unknown effects", () => {
  const lines = [
    "find . -delete",
    "find . -fprintf x y",
    "find . $X",
    "find . -d*",
    `find . \${IFS}-delete`,
    "find . {-delete,}",
    "bash",
    "echo x | sh",
    "bash -s",
    "bash /dev/stdin",
    'bash -c "$X"',
    "bash --rcfile x -c ls",
    "eval $X",
    "source x",
    ". x",
    "alias ls=rm",
    "trap 'rm x' EXIT",
    "export PATH=x",
    "ssh host rm",
    "watch rm x",
    "parallel rm ::: x",
    "flock x rm y",
    "sed 's/a/b/e' f",
    "sed 's/a/b/w out' f",
    "sed -n '1e rm x' f",
    "sed 's/[/]/x/e' f",
    "sed 's/[[:x:]/]/g;/e;/p' f",
    "sed -i s/a/b/ f",
    "sed -f x f",
    "awk 'BEGIN{system(\"rm\")}'",
    "awk '{print > \"f\"}'",
    "awk '{print | \"rm\"}'",
    "awk -f x",
    "python -c 'x'",
    "python3",
    "python3 -",
    "python3.11 -ic x",
    "python -v",
    "python -m timeit x",
    "node -e x",
    "node --import data:text/javascript,x y.js",
    "perl -e x",
    "perl -pi -e x f",
    "ruby -e x",
    "deno eval x",
    "deno run -",
    "git -c alias.x='!rm' x",
    "git -c core.pager=rm log",
    "git --exec-path=x status",
    "git config alias.x '!rm'",
    "git config core.pager rm",
    "git grep -Orm x",
    "git log --output=x",
    "git log --outp=x",
    "git clone --upload-pack=rm x",
    "git clone -u rm x",
    "git fetch --upload-pack rm x",
    "git clone 'ext::sh -c rm'",
    "git bisect run rm",
    "git submodule foreach rm",
    "git rebase --exec rm x",
    "git rebase -x rm x",
    "git difftool -x rm",
    "git log $X",
    "tar xf x --to-command=rm",
    "tar --checkpoint=1 --checkpoint-action=exec=rm -xf x",
    "tar xIf rm x",
    "tar -I rm -xf x",
    "sort -o x y",
    "sort --compress-program=rm x",
    "rsync -e rm a b",
    "scp -S rm a b",
    "rg --pre rm x",
    "go test -exec rm",
    "test -v 'a[$(rm x)]'",
    "printf -v 'a[$(rm x)]' x",
    "vim -c '!rm x'",
    "less +'!rm x' f",
    "man -P rm ls",
    "npx -c 'rm x'",
  ];
  const anything = [allow("?*"), allow(/^/)]; // not quite "*"

  test.each(lines)("the line %s needs the rule `*` or a rule with its exact text", async (line) => {
    expect(await decided(anything, line)).toBe("deny");
    expect(await decided([allow("*")], line)).toBe("allow");
    // By name it is allowed; wildcards in the name are wildcards, and name nothing.
    expect(await decided([allow(line)], line)).toBe(/[*?]/.test(line) ? "deny" : "allow");
  });

  test("an exact rule allows its command in a longer line, and no other command of that line", async () => {
    const rules = [allow("git config core.pager cat"), allow("ls*")];
    expect(await decided(rules, "ls && git config core.pager cat")).toBe("allow");
    expect(await decided(rules, "rm x && git config core.pager cat")).toBe("deny");
    expect(await decided([allow("ls > out"), allow("cat *")], "ls > out; cat out")).toBe("allow");
    expect(await decided([allow("ls > out")], "ls > out2")).toBe("deny");
    expect(await decided([allow("bash -c 'ls > x'"), allow("ls*")], "ls; bash -c 'ls > x'")).toBe("allow");
  });
});

describe("a rule for everything", () => {
  test.each(["ls; rm x", "cat <<E\nx\nE", "ls '", "$X", "ls \u0000", "x".repeat(30_000)])(
    "a rule for everything allows the line %j",
    async (line) => {
      expect(await decided([{ permission: "bash", action: "allow" }], line)).toBe("allow");
      expect(await decided([{ permission: "*", pattern: "*", action: "allow" }], line)).toBe("allow");
      expect(await decided([], line, "allow")).toBe("allow");
      expect(await decided([allow("*"), { permission: "bash", action: "deny" }], line)).toBe("deny");
    },
  );
});

describe("a rule that denies", () => {
  test.each([
    ["rm *", "rm -rf x"],
    ["rm *", "rm"],
    ["rm *", "ls; rm x"],
    ["rm *", "ls | xargs rm"],
    ["rm", "ls | xargs rm"],
    ["rm *", "find . -exec rm {} +"],
    ["rm *", "sudo rm x"],
    ["rm *", "bash -c 'rm x'"],
    ["rm *", "echo $(rm x)"],
    ["rm *", "/bin/rm x"],
    ["rm *", "./rm x"],
    ["rm *", "r\\m x"],
    ["rm *", "'rm' x"],
    ["rm *", 'r""m x'],
    ["rm *", "RM x"],
    ["rm *", "rm > x"],
    ["rm *", "X=1 rm x"],
    ["rm *", "X=1 Y=2 /usr/bin/rm x"],
    ["rm *", "if ls; then rm x; fi"],
    ["rm *", "$X x"],
    ["rm *", 'bash -c "$X"'],
    ["rm *", "echo x | sh"],
    ["rm *", "ls '"],
    ["rm -rf *", "rm  -rf   x"],
    ["rm -rf *", "rm '-rf' x"],
    ["git push*", "git push origin"],
    ["git push*", "git -C x push origin"],
    ["git push*", "git -c a=b --no-pager push"],
    ["git push*", "git --git-dir x push"],
    ["*secret*", "cat 'my secret'"],
    ["*secret*", "cat sec''ret"],
    ["rm *", "for f in *; do rm $f; done"],
    ["rm *", "while ls; do if ls; then rm x; fi; done"],
    ["rm *", "case x in x) rm x;; esac"],
    ["rm *", "f() { rm x; }; f"],
    ["rm *", "function f { ls; }; f"],
    ["rm *", "{ rm x; }"],
    ["rm *", "cat <<EOF\n$(rm x)\nEOF"],
    ["rm *", "bash <<EOF\nrm x\nEOF"],
    ["rm *", "cat <<< $(rm x)"],
    ["rm *", "echo `rm x`"],
    ["rm *", `echo \${x:-$(rm x)}`],
    ["rm *", "echo $((a[$(rm x)]))"],
    ["rm *", "[[ -n $(rm x) ]] && ls"],
    ["rm *", "cat <(rm x)"],
    ["rm *", "echo $'a\\'; rm x; #'"],
    ["rm *", "((ls; rm x))"],
    ["rm *", "alias x=rm; x y"],
    ["rm *", 'eval "$X"'],
    ["rm *", "env X=1 rm x"],
    ["rm *", "find . -delete -exec rm {} +"],
    [/\bcurl\b/, "ls; /usr/bin/curl x"],
    [/^rm/, "ls && rm x"],
  ])("the deny rule %s refuses the line %j", async (pattern, line) => {
    expect(await decided([allow("*"), deny(pattern)], line)).toBe("deny");
    expect(await decided([deny(pattern)], line, "allow")).toBe("deny");
  });

  test.each([
    "ls",
    "rmdir x",
    "echo rm x",
    "git status",
    "npm run build",
    "grep rm x",
    "ls > out",
    "NODE_ENV=test npm test",
    "export A=1 && set -e; npm test",
    'for f in *.ts; do cat "$f"; done',
    "if [ -f x ]; then cat x; else ls; fi",
    "cat <<EOF > x\nrm is a word here\nEOF",
    "echo `ls` $((1 + 2))",
    "f() { ls; }; f",
    "find . -name x -delete",
    "python x.py",
  ])("deny rules for other commands do not refuse the line %j", async (line) => {
    expect(await decided([allow("*"), deny("rm *"), deny("git push*")], line)).toBe("allow");
  });

  test("a later rule overrules a deny rule, as on the server", async () => {
    const rules = [deny("rm *"), allow("rm build")];
    expect(await decided(rules, "rm build")).toBe("allow");
    expect(await decided(rules, "rm build; rm x")).toBe("deny");
    expect(await decided([...rules, deny("rm *")], "rm build")).toBe("deny");
  });
});

describe("patterns", () => {
  test.each([
    ["ls", "ls", true],
    ["ls", "ls -l", false],
    ["ls*", "lsof", true],
    ["ls *", "lsof", false],
    ["ls *", "ls", true],
    ["ls *", "ls -l /", true],
    ["git log *", "git  log   -1", true],
    ["git ??? *", "git log -1", true],
    ["npm run test:*", "npm run test:unit", true],
    ["echo 'a b'", "echo 'a b'", true],
    ["echo 'a b'*", 'echo "a b" c', true],
    ['echo "a b"*', "echo 'a b' c", true],
    ['echo "hi"', 'echo "hi"', true],
    ["echo a b", "echo 'a b'", false],
    [/^(ls|cat)\b/, "ls -l", true],
    [/^(ls|cat)\b/, "lsof", false],
    [/ls/, "rm ls", false],
    [/ls/, "ls rm", true],
    [/^ls$/gy, "ls", true],
  ] as const)("the allow pattern %s matches the line %j: %s", async (pattern, line, isAllowed) => {
    for (const _ of [1, 2]) expect(await decided([allow(pattern)], line)).toBe(isAllowed ? "allow" : "deny");
  });
});

describe("bash requests", () => {
  test("a bash request without the whole line is allowed by no pattern except `*`", async () => {
    for (const metadata of [{}, { command: 1 }, { command: null }]) {
      const request = { ...bash("ls"), metadata };
      const handler = policy([allow("ls*")], { default: "deny" });
      expect((await handler.explain(request)).action).toBe("deny");
      expect((await policy([allow("*")], { default: "deny" }).explain(request)).action).toBe("allow");
      expect((await policy([deny("rm *")], { default: "allow" }).explain(request)).action).toBe("deny");
    }
  });

  test("a bash request is decided by its whole line, not by the server's patterns", async () => {
    const request = { ...bash("ls; rm x"), patterns: ["ls"] };
    expect((await policy([allow("ls*")], { default: "deny" }).explain(request)).action).toBe("deny");
  });
});

describe("a parser that is wrong", () => {
  // What it says about the second line is about the first one: a mistake must make a line unreadable.
  test.each([
    ["ls", "ls; rm x"],
    ["ls     ", "ls;rm x"],
    ["ls # rm x", "ls ; rm x"],
    ["ls 'a; rm'", "ls a; rm x"],
    ["ls a-x", "ls $(x"],
    ["ls 'x' y", "ls 'x;' y"],
    ["ls; ls", "lsx rm"],
    ["ls aa", "ls\\\naa"],
    ["! ls", "!rm "],
    ["(ls)", "rls)"],
    ["ls > /dev/null", "ls > /dev/evil"],
    ["ls &", "rm x"],
  ])("a parser's wrong reading %j of the line %j is detected", async (seen, line) => {
    const parser = await loadParser();
    const lying: Parser = { ...parser, parse: () => parser.parse(seen) };
    const read = readLine(lying, line);
    const text = "commands" in read ? read.commands.map(({ source, besides }) => besides ?? source).join("; ") : "";
    expect("problem" in read || text.startsWith("it redirects")).toBe(true);
  });
});

describe("long lines", () => {
  test("a line with 16,000 characters of repeated shell syntax is denied", async () => {
    const handler = policy([allow("ls*"), deny("rm *"), allow(/^cat /)], { default: "deny" });
    const pieces = [
      "$(",
      "(",
      "`",
      '"',
      "'",
      "{",
      "[",
      "${",
      "$((",
      "<(",
      "<<E\n",
      "ls;",
      "if ",
      "a ",
      "\\",
      "eval '",
      "env ",
      "#",
    ];
    for (const piece of [...pieces, '"$(', "${a:-", "case x in ", "sed 's/[", "find . -exec ", "a=(", "function f "]) {
      for (const size of [1_000, 16_000]) {
        const line = piece.repeat(Math.floor(size / piece.length));
        expect((await handler.explain(bash(line))).action, piece).toBe("deny");
      }
    }
  });
});
