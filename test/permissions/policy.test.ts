/** Policies as handlers, their explanations, and rules from files. */
import { describe, expect, expectTypeOf, test } from "vitest";
import { ConfigError } from "../../src/errors/index.js";
import { checkServerPermission, toRules } from "../../src/permissions/policy/config-rules.js";
import { parsePolicy } from "../../src/permissions/policy/parse-policy.js";
import { approveAll, policy } from "../../src/permissions/policy/policy.js";
import type { PermissionPolicy, PolicyRequest, PolicyRule } from "../../src/types/policy.js";
import type { PermissionHandler, PermissionReply } from "../../src/types/request.js";

const asked = (permission: string, pattern: string, given: Partial<PolicyRequest> = {}): PolicyRequest => ({
  id: "per_1",
  sessionId: "ses_1",
  permission,
  patterns: [pattern],
  metadata: permission === "bash" ? { command: pattern } : {},
  chain: ["ses_1"],
  ...given,
});

/** The message of the `ConfigError` that `action` throws. */
function complaint(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as ConfigError).message; // just checked
  }
  return "no error";
}

describe("a policy", () => {
  test("a policy has the type of a permission handler", () => {
    expectTypeOf<PermissionPolicy>().toExtend<PermissionHandler>();
    expectTypeOf(approveAll).toEqualTypeOf<PermissionHandler>();
  });

  test("a policy allows once, and a refusal contains the reason of the rule", async () => {
    const handler = policy(
      [
        { permission: "bash", pattern: "git *", action: "allow" },
        { permission: "bash", pattern: "git push*", action: "deny", reason: "pushing is done by CI" },
      ],
      { default: "deny" },
    );
    expect(await handler(asked("bash", "git status"))).toBe("once");
    expect(await handler(asked("bash", "git push origin"))).toEqual({
      reject: 'bash `git push origin` is refused: rules[1] (bash "git push*": deny) matches: pushing is done by CI',
    });
    expect(await handler(asked("webfetch", "https://example.com"))).toEqual({
      reject: "webfetch `https://example.com` is refused: no rule matches",
    });
  });

  test("a policy uses the last matching rule, as the server does", async () => {
    const rules: PolicyRule[] = [
      { permission: "*", action: "deny" },
      { permission: "probe_*", action: "allow" },
      { permission: "probe_delete", action: "deny" },
    ];
    const handler = policy(rules, { default: "allow" });
    const actions = ["probe_add", "probe_delete", "other"].map(
      async (name) => (await handler.explain(asked(name, "*"))).action,
    );
    expect(await Promise.all(actions)).toEqual(["allow", "deny", "deny"]);
  });

  test("explain() names the deciding rule, the command of the line and the reason", async () => {
    const rules: PolicyRule[] = [
      { permission: "bash", pattern: "ls *", action: "allow" },
      { permission: "bash", pattern: "rm *", action: "deny" },
    ];
    const handler = policy(rules, { default: "ask" });
    expect(await handler.explain(asked("bash", "ls -l"))).toEqual({
      action: "allow",
      rule: rules[0],
      index: 0,
      subject: "ls -l",
      reason: 'bash `ls -l` is allowed: rules[0] (bash "ls *": allow) matches',
    });
    expect(await handler.explain(asked("bash", "ls | xargs rm -f"))).toMatchObject({
      action: "deny",
      rule: rules[1],
      index: 1,
      subject: 'rm -f "$@"', // what xargs adds
    });
    expect(await handler.explain(asked("bash", "ls; wc x"))).toMatchObject({
      action: "ask",
      rule: undefined,
      index: undefined,
      subject: "wc x",
      reason: "bash `wc x` needs an approval: no rule matches",
    });
    expect((await handler.explain(asked("bash", "ls > x"))).reason).toBe(
      "bash `ls > x` needs an approval: no rule matches; it redirects to or from a file: `> x`",
    );
    expect((await handler.explain(asked("bash", "ls '"))).reason).toMatch(
      /^bash `ls '` is refused: rules\[1\] \(bash "rm \*": deny\) may match; it is not correct: /,
    );
  });

  test("the reasons of a policy contain no secrets and are shorter than 300 characters", async () => {
    const handler = policy([], { default: "deny" });
    const { reason } = await handler.explain(asked("bash", "curl -H 'Authorization: Bearer abcdefghijklmnop' x"));
    expect(reason).not.toContain("abcdefghijklmnop");
    expect((await handler.explain(asked("bash", `ls ${"x".repeat(5_000)}`))).reason.length).toBeLessThan(300);
  });

  test("a policy passes requests with the action `ask` to onAsk, together with the signal", async () => {
    const seen: unknown[] = [];
    const controller = new AbortController();
    const handler = policy([{ permission: "bash", pattern: "git *", action: "ask" }], {
      default: "deny",
      onAsk: (request, { signal }) => {
        seen.push(request.patterns, signal);
        return { reject: "not today" };
      },
    });
    expect(await handler(asked("bash", "git push"), { signal: controller.signal })).toEqual({ reject: "not today" });
    expect(seen).toEqual([["git push"], controller.signal]);
    expect(await handler(asked("bash", "ls"))).toHaveProperty("reject");
    expect(seen).toHaveLength(2);
  });

  test("a policy without onAsk refuses a request with the action `ask`", async () => {
    const reply = await policy([], { default: "ask" })(asked("edit", "x"));
    expect(reply).toEqual({ reject: "edit `x` needs an approval: no rule matches; there is nobody to ask" });
  });

  test("a policy remembers the reply `always` of onAsk, and its deny rules still hold", async () => {
    const asks: string[] = [];
    const onAsk = (request: PolicyRequest): PermissionReply => {
      asks.push(request.patterns.join());
      return "always";
    };
    const handler = policy([{ permission: "bash", pattern: "git push*", action: "deny" }], { default: "ask", onAsk });
    const request = (line: string): PolicyRequest => asked("bash", line, { always: ["git *"] });
    expect(await handler(request("git log"))).toBe("once");
    expect(await handler(request("git status"))).toBe("once");
    expect(asks).toEqual(["git log"]);
    expect(await handler(request("git push"))).toHaveProperty("reject");
    expect(await handler({ ...request("git status"), sessionId: "ses_2", chain: ["ses_2"] })).toBe("once");
    expect(asks).toEqual(["git log", "git status"]);
  });

  test("a rule with a directory or an agent matches requests of that directory or agent", async () => {
    const rules: PolicyRule[] = [
      { permission: "edit", action: "allow", directory: "/repo" },
      { permission: "bash", action: "allow", agent: "build" },
      { permission: "webfetch", action: "deny", directory: "/repo", agent: "plan" },
    ];
    const handler = policy(rules, { default: "ask" });
    const action = async (request: PolicyRequest): Promise<string> => (await handler.explain(request)).action;
    expect(await action(asked("edit", "x", { directory: "/repo" }))).toBe("allow");
    expect(await action(asked("edit", "x", { directory: "/repo/pkg/" }))).toBe("allow");
    expect(await action(asked("edit", "x", { directory: "/repo/../repository" }))).toBe("ask");
    expect(await action(asked("bash", "ls", { agent: "build" }))).toBe("allow");
    expect(await action(asked("bash", "ls", { agent: "general" }))).toBe("ask");
    expect(await action(asked("webfetch", "https://a.b", { directory: "/repo", agent: "plan" }))).toBe("deny");
    expect(await action(asked("webfetch", "https://a.b", { directory: "/x", agent: "plan" }))).toBe("ask");
    // What the request does not say allows nothing, and denies.
    expect(await action(asked("edit", "x"))).toBe("ask");
    expect(await action(asked("bash", "ls"))).toBe("ask");
    expect(await action(asked("webfetch", "https://a.b"))).toBe("deny");
  });

  test.each([
    ["https://example.com/*", "https://example.com/a", "allow"],
    ["https://example.com/*", "https://example.com@evil.com/", "deny"],
    ["https://example.com/docs/*", "https://example.com/docs/../admin", "deny"],
    ["https://example.com/docs/*", "https://example.com/docs/%2e%2e/admin", "deny"],
    ["https://example.com", "https://example.com", "allow"],
    ["https://example.com/*", "https:\\\\evil.com\\https://example.com/", "deny"],
    ["?*", "no url", "deny"],
  ])("the webfetch rule %s decides about the address %s: %s", async (pattern, url, action) => {
    const handler = policy([{ permission: "webfetch", pattern, action: "allow" }], { default: "deny" });
    expect((await handler.explain(asked("webfetch", url))).action).toBe(action);
  });

  test("a webfetch deny rule matches an address in all its spellings", async () => {
    const handler = policy([{ permission: "webfetch", pattern: "https://evil.com/*", action: "deny" }], {
      default: "allow",
    });
    for (const url of [
      "https://evil.com/a",
      "HTTPS://EVIL.com/a",
      "https://evil.com",
      "https://good.com/../../evil.com/",
    ]) {
      expect((await handler.explain(asked("webfetch", url))).action, url).toBe(url.includes("good") ? "allow" : "deny");
    }
  });

  test("a policy decides about a request with missing fields and does not reject", async () => {
    const handler = policy([{ permission: "edit", pattern: "src/**", action: "allow" }], { default: "ask" });
    const broken = { id: "per_1", sessionId: "ses_1", permission: "edit" } as unknown as PolicyRequest; // as JavaScript may
    expect((await handler.explain(broken)).action).toBe("ask");
    expect((await handler.explain({ ...broken, permission: "bash" })).action).toBe("ask");
    expect((await handler.explain({ ...broken, patterns: [1, null] as unknown as string[] })).action).toBe("ask");
  });

  test("approveAll replies `once` to `rm -rf /`", () => {
    expect(approveAll(asked("bash", "rm -rf /"), { signal: new AbortController().signal })).toBe("once");
  });
});

describe("a rule that is wrong", () => {
  const wrong = (rule: unknown): string => complaint(() => policy([rule as PolicyRule], { default: "deny" }));

  test("a wrong rule throws a ConfigError that names the rule and suggests a correction", () => {
    expect(wrong({ permission: "write", action: "allow" })).toBe(
      'rules[0].permission: there is no permission "write"; did you mean "edit"?',
    );
    expect(wrong({ permission: "Bash", action: "allow" })).toContain('did you mean "bash"?');
    expect(wrong({ permission: "web_fetch", action: "allow" })).toContain('did you mean "webfetch"?');
    expect(wrong({ permission: "bash", action: "alow" })).toBe(
      'rules[0].action: unknown action "alow"; expected "allow", "ask" or "deny"; did you mean "allow"?',
    );
    expect(wrong({ permission: "bash" })).toContain("rules[0].action: unknown action undefined");
    expect(wrong({ permission: "bash", action: "deny", patern: "x" })).toContain("rules[0].patern: unknown");
    expect(wrong({ permission: "bash", action: "deny", pattern: 1 })).toContain(
      "`rules[0].pattern` option to be a string or a RegExp, got `1`",
    );
    expect(wrong({ permission: "bash", action: "deny", pattern: "" })).toContain("rules[0].pattern is empty");
    expect(wrong({ permission: "bash", action: "deny", pattern: "x".repeat(3_000) })).toContain("longer than 2000");
    expect(wrong({ permission: "", action: "deny" })).toContain("is empty");
    expect(wrong({ permission: "bash", action: "deny", directory: "src" })).toContain(
      "`rules[0].directory` option to be an absolute path",
    );
    expect(wrong({ permission: "bash", action: "deny", reason: 1 })).toContain(
      "`rules[0].reason` option to be a string",
    );
    expect(wrong("bash")).toContain("`rules[0]` option to be a rule");
    expect(complaint(() => policy([], {} as { default: "deny" }))).toContain("policy needs { default");
    expect(complaint(() => policy([], { default: "no" as "deny" }))).toContain('did you mean "deny"');
    expect(complaint(() => policy({} as PolicyRule[], { default: "deny" }))).toContain(
      "`rules` option to be a list of rules",
    );
  });

  test("a rule for an unknown name is accepted if a tool may have that name", () => {
    for (const permission of ["github_create_issue", "deploy", "test", "*", "b*", "lisp*"]) {
      expect(() => policy([{ permission, action: "allow" }], { default: "deny" })).not.toThrow();
    }
  });
});

describe("opencode's own form", () => {
  test("a permission configuration becomes rules in its own order", () => {
    expect(toRules({ bash: { "*": "ask", "git *": "allow" }, edit: "deny", probe_add: "allow" })).toEqual([
      { permission: "bash", pattern: "*", action: "ask" },
      { permission: "bash", pattern: "git *", action: "allow" },
      { permission: "edit", pattern: "*", action: "deny" },
      { permission: "probe_add", pattern: "*", action: "allow" },
    ]);
    expect(toRules("ask")).toEqual([{ permission: "*", pattern: "*", action: "ask" }]);
  });

  test("a misspelled permission or action in a configuration is a ConfigError with a suggestion", () => {
    expect(complaint(() => toRules({ wirte: "deny" } as never))).toBe("no error"); // may be a tool
    expect(complaint(() => toRules({ write: "deny" }))).toContain(
      'permission.write: there is no permission "write"; did you mean "edit"?',
    );
    expect(complaint(() => toRules({ bsah: "deny" }))).toContain('did you mean "bash"?');
    expect(complaint(() => toRules({ best: "deny" }))).toBe("no error"); // two letters of four: may be a tool
    expect(complaint(() => toRules({ bas: "deny" }))).toContain('did you mean "bash"?');
    expect(complaint(() => toRules({ shell: {} }))).toContain('did you mean "bash"?');
    expect(complaint(() => toRules({ bash: { "git *": "alow" as "allow" } }))).toContain(
      'permission.bash["git *"]: unknown action',
    );
    expect(complaint(() => toRules({ edit: "reject" as "deny" }))).toContain('did you mean "deny"?');
    expect(complaint(() => toRules([{ permission: "fetch", pattern: "*", action: "ask" }]))).toContain("permission[0]");
    expect(complaint(() => toRules([null] as never))).toContain("`permission[0]` option to be a rule");
  });

  test("a server's permission configuration is rejected if webfetch has patterns", () => {
    expect(complaint(() => checkServerPermission({ webfetch: { "https://a/*": "allow" } }))).toContain(
      "permission.webfetch: a server's",
    );
    expect(complaint(() => checkServerPermission({ write: "deny" }))).toContain('did you mean "edit"?');
    expect(complaint(() => checkServerPermission({ webfetch: "deny", bash: { "*": "ask" } }))).toBe("no error");
  });

  test("a permission configuration can be used as a policy", async () => {
    const handler = policy(toRules({ bash: { "*": "deny", "git *": "allow" } }), { default: "ask" });
    expect(await handler(asked("bash", "git log"))).toBe("once");
    expect((await handler.explain(asked("bash", "git log; rm x"))).action).toBe("deny");
  });
});

describe("parsePolicy", () => {
  test("parsePolicy reads a list of rules as text or as parsed JSON", () => {
    const json = [
      { permission: "bash", pattern: { regex: "^git (log|status)\\b", flags: "i" }, action: "allow" },
      { permission: "edit", pattern: "src/**", action: "allow", directory: "/repo", agent: "build", reason: "ours" },
    ];
    const rules = parsePolicy(JSON.stringify(json));
    expect(rules).toEqual([{ permission: "bash", pattern: /^git (log|status)\b/i, action: "allow" }, json[1]]);
    expect(parsePolicy(json)).toEqual(rules);
    expect(() => policy(rules, { default: "deny" })).not.toThrow();
  });

  test("parsePolicy reads opencode's own permission configuration", () => {
    expect(parsePolicy('{ "bash": { "*": "ask" }, "edit": "deny" }')).toEqual(
      toRules({ bash: { "*": "ask" }, edit: "deny" }),
    );
  });

  test.each([
    ["{", /^the policy is no JSON/],
    ['"x"', /a policy is a list of rules/],
    ["null", /a policy is a list of rules/],
    ["[null]", /^Expected the `rules\[0\]` option to be a rule/],
    ['[{"permission":"bash","action":"allow"},{"permission":"bash"}]', /^rules\[1\]\.action: unknown action/],
    [
      '[{"permission":"bash","action":"allow","pattern":["a"]}]',
      /^Expected the `rules\[0\]\.pattern` option to be a string or a RegExp/,
    ],
    [
      '[{"permission":"bash","action":"allow","pattern":{}}]',
      /^Expected the `rules\[0\]\.pattern\.regex` option to be a string/,
    ],
    [
      '[{"permission":"bash","action":"allow","pattern":{"regex":"("}}]',
      /^rules\[0\]\.pattern: Invalid regular expression/,
    ],
    [
      '[{"permission":"bash","action":"allow","pattern":{"regex":"a","flags":"q"}}]',
      /^rules\[0\]\.pattern: Invalid flags/,
    ],
    [
      '[{"permission":"bash","action":"allow","pattern":{"regex":"a","flag":"i"}}]',
      /^rules\[0\]\.pattern\.flag: unknown/,
    ],
    ['[{"permission":"bash","action":"allow","__proto__":{}}]', /^rules\[0\]\.__proto__: unknown/],
    ['{"bash":"maybe"}', /^permission\.bash: unknown action/],
    ['{"rules":[]}', /^Expected the `permission\.rules` option to be an action/],
  ])("parsePolicy throws for %s and names the position of the error", (json, message) => {
    expect(complaint(() => parsePolicy(json))).toMatch(message);
  });
});
