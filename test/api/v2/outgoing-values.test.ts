import { describe, expect, test } from "vitest";
import { toCommand } from "../../../src/api/v2/catalog-shapes.js";
import { dialectOf } from "../../../src/api/v2/dialects.js";
import { serverConfig } from "../../../src/api/v2/mcp.js";
import { isMissing, missingError } from "../../../src/api/v2/missing.js";
import { ownRules, serverPermission, serverRules } from "../../../src/api/v2/names.js";
import { bodyOf, withoutSystemText } from "../../../src/api/v2/prompt-text.js";
import {
  formAnswer,
  openPermissionV2,
  openQuestionV2,
  questionIdOf,
  serverQuestionId,
} from "../../../src/api/v2/request-shapes.js";
import { permissionBody } from "../../../src/api/v2/requests.js";
import { toSessionInfo } from "../../../src/api/v2/session-shape.js";
import { compareIds, mintSessionId } from "../../../src/util/ids.js";

const released = dialectOf("2.1");
const preview = dialectOf("preview");

/** As the question tool of a released 2.x makes it, by the public types. */
const form = {
  id: "frm_1",
  sessionID: "ses_1",
  title: "Questions",
  metadata: { source: { type: "tool", messageID: "msg_1", id: "call_1" } },
  fields: [
    {
      key: "q0",
      type: "string",
      title: "Colour",
      description: "Which colour?",
      custom: true,
      options: [{ value: "r", label: "Red", description: "warm" }],
    },
    {
      key: "q1",
      type: "multiselect",
      title: "Sizes",
      options: [
        { value: "s", label: "Small" },
        { value: "l", label: "Large" },
      ],
    },
    { key: "secret", type: "string", hidden: true },
    { key: "n", type: "integer", title: "How many?" },
    { key: "b", type: "boolean", title: "Sure?" },
  ],
};

describe("forms of released 2.x", () => {
  test("a form is one question for each field that is shown", () => {
    const open = openQuestionV2(form);
    expect(open).toMatchObject({ id: "que_frm_1", sessionId: "ses_1", call: { messageId: "msg_1", callId: "call_1" } });
    expect(open?.questions).toEqual([
      {
        question: "Which colour?",
        header: "Colour",
        options: [{ label: "Red", description: "warm" }],
        multiple: false,
      },
      {
        question: "Sizes",
        header: "Sizes",
        options: [
          { label: "Small", description: "" },
          { label: "Large", description: "" },
        ],
        multiple: true,
      },
      { question: "How many?", header: "How many?", options: [], multiple: false },
      {
        question: "Sure?",
        header: "Sure?",
        options: [
          { label: "Yes", description: "" },
          { label: "No", description: "" },
        ],
        multiple: false,
      },
    ]);
  });

  test("answers go back under the fields' keys, an option by its value", () => {
    expect(formAnswer(form, [["Red"], ["Large", "Small"], ["3"], ["Yes"]])).toEqual({
      q0: "r",
      q1: ["l", "s"],
      n: 3,
      b: true,
    });
    expect(formAnswer(form, [["my own"], []])).toEqual({ q0: "my own" });
  });

  test("the public id of a form begins as that of a question, and leads back", () => {
    expect(serverQuestionId(questionIdOf("frm_1"))).toBe("frm_1");
    expect(serverQuestionId(questionIdOf("que_1"))).toBe("que_1");
  });
});

describe("permissions of released 2.x", () => {
  test("a request has the name of 1.x and the call that it belongs to", () => {
    const source = { type: "tool", messageID: "msg_1", id: "call_1" };
    const asked = { id: "per_1", sessionID: "ses_1", action: "shell", resources: ["ls"], save: ["ls *"], source };
    expect(openPermissionV2(released, asked)).toEqual({
      id: "per_1",
      sessionId: "ses_1",
      permission: "bash",
      patterns: ["ls"],
      always: ["ls *"],
      metadata: {},
      call: { messageId: "msg_1", callId: "call_1" },
    });
    expect(
      openPermissionV2(preview, { ...asked, source: { ...source, id: undefined, callID: "c" } })?.call.callId,
    ).toBe("c");
    expect(openPermissionV2(released, { id: "per_1" })).toBeUndefined();
  });

  test("rules are mapped both ways, and so is a name with a wildcard for its last letter", () => {
    const rules = [
      { permission: "bash", pattern: "git *", action: "allow" as const },
      { permission: "tas?", pattern: "*", action: "ask" as const },
      { permission: "?*", pattern: "*", action: "ask" as const },
      { permission: "edit", pattern: "src/*", action: "deny" as const },
    ];
    const sent = serverRules(released, rules);
    expect(sent.map(({ action }) => action)).toEqual(["shell", "subagen?", "?*", "edit"]);
    expect(ownRules(released, sent)).toEqual(rules);
    expect(ownRules(released, [{ action: 1 }, null, { action: "shell", resource: "*", effect: "maybe" }])).toEqual([]);
    expect(serverPermission(preview, "bash")).toBe("bash");
  });

  test("'always' is never sent, and a refusal has its text", () => {
    expect(permissionBody(released, { reply: "always" })).toEqual({ decision: "once" });
    expect(permissionBody(preview, { reply: "once" })).toEqual({ reply: "once" });
    expect(permissionBody(released, { reply: "reject", message: "no" })).toEqual({ decision: "reject", message: "no" });
    expect(permissionBody(dialectOf("2.0"), { reply: "reject" })).toEqual({ reply: "reject" });
  });
});

describe("bodies of 2.x", () => {
  test("a prompt is nested on the preview and flat on released servers", () => {
    const flat = { text: "t", files: [{ uri: "data:image/png;base64,AA==" }], agents: [] };
    expect(bodyOf(preview, "msg_1", flat)).toEqual({ id: "msg_1", prompt: { text: "t", files: flat.files } });
    expect(bodyOf(released, "msg_1", { ...flat, files: [] })).toEqual({ id: "msg_1", text: "t" });
  });

  test("an MCP server's tools are offered as they are", () => {
    expect(
      serverConfig({ type: "remote", url: "http://127.0.0.1:1/", oauth: false, enabled: false, timeout: 5 }),
    ).toEqual({
      type: "remote",
      url: "http://127.0.0.1:1/",
      oauth: false,
      disabled: true,
      codemode: false,
      timeout: { startup: 5, catalog: 5, execution: 5 },
    });
    expect(serverConfig({ type: "local", command: ["x"], environment: { A: "b" } })).toEqual({
      type: "local",
      command: ["x"],
      environment: { A: "b" },
      codemode: false,
    });
  });

  test("a stored prompt is shown without the system text before it", () => {
    const system = '<system-instructions length="6">\nsoftly\n</system-instructions>';
    expect(withoutSystemText(`${system}\n\nhello`)).toBe("hello");
    expect(withoutSystemText(system.replace("softly", "loudly!"))).toContain("loudly!");
    expect(withoutSystemText("hello <system-instructions>")).toBe("hello <system-instructions>");
  });

  test("a session has the fields of 1.x, and its revert the diff of all files", () => {
    const info = toSessionInfo(
      released,
      {
        id: "ses_1",
        projectID: "p",
        location: { directory: "/d" },
        time: { created: 1, updated: 2 },
        permissions: [{ action: "shell", resource: "*", effect: "ask" }],
        model: { id: "m", providerID: "p", variant: "default" },
        revert: { messageID: "msg_1", files: [{ patch: "a" }, { patch: "b" }] },
      },
      "GET /",
    );
    expect(info).toMatchObject({
      directory: "/d",
      title: "",
      permission: [{ permission: "bash", pattern: "*", action: "ask" }],
      model: { id: "m", providerID: "p" },
      revert: { messageID: "msg_1", diff: "a\nb" },
    });
    expect(info.model).not.toHaveProperty("variant");
    expect(() => toSessionInfo(released, { id: "ses_1" }, "GET /")).toThrow(/location/);
  });

  test("a command's template comes from the configuration where the list has none", () => {
    expect(toCommand({ name: "hey" }, { template: "Hey $1 $ARGUMENTS" })).toMatchObject({
      template: "Hey $1 $ARGUMENTS",
      hints: ["$1", "$ARGUMENTS"],
    });
    expect(toCommand({ name: "hey" }, undefined)).toEqual({ name: "hey", hints: [] });
  });
});

describe("the table of 2.x", () => {
  test("each dialect lacks the things of its rows, and the error names the nearest one", () => {
    expect(isMissing(preview, "fork")).toBe(true);
    expect(isMissing(released, "fork")).toBe(false);
    expect(isMissing(released, "share")).toBe(true);
    const error = missingError(released, "todos");
    expect(error.message).toBe("opencode 2.1 keeps no todo list");
    expect(error.hint).toContain("plan");
  });

  test("a session's id descends with time, and begins with ses_", async () => {
    const [first, second] = [mintSessionId(), mintSessionId()];
    expect(first).toMatch(/^ses_[0-9a-f]{12}\w{14}$/);
    expect(compareIds(second, first)).toBeLessThan(0);
  });
});
