/** Secrets in the documents of sessions. */
import { expect, test } from "vitest";
import { checkDocument } from "../../../src/session/transfer/check-document.js";
import { redactDocument } from "../../../src/session/transfer/redact-document.js";
import type { SessionDocument } from "../../../src/types/document.js";

const secret = "sk-abcdefghijklmnop123456";
const own = { id: "prt_1", sessionID: "ses_1", messageID: "msg_2" };
const tokens = { input: 1, output: 1, reasoning: 0, cache: { read: 0, write: 0 } };
const dataUrl = (text: string): string => `data:text/plain;base64,${btoa(text)}`;

const document: SessionDocument = {
  format: "opencode-ts/session",
  version: 1,
  exportedAt: "2026-11-30T00:00:00.000Z",
  redacted: false,
  server: { name: "v1", version: "1.18.33" },
  session: { id: "ses_1", title: `title ${secret}`, directory: "/home/ada/work", created: 1, updated: 2 },
  rules: [
    { permission: "bash", pattern: `curl ${secret} *`, action: "allow" },
    { permission: "bash", pattern: `wget ${secret} *`, action: "ask" },
    { permission: "read", pattern: "*", action: "allow" },
  ],
  todos: [{ content: `use ${secret}`, status: "pending", priority: "high" }],
  usage: {
    input: 1,
    output: 1,
    reasoning: 0,
    cacheRead: 0,
    cacheWrite: 0,
    total: 2,
    byModel: {},
    cost: 0,
    costKnown: true,
  },
  messages: [
    {
      info: {
        id: "msg_1",
        sessionID: "ses_1",
        role: "user",
        agent: "build",
        model: { providerID: "p", modelID: "m" },
        time: { created: 1 },
        system: `key ${secret}`,
      },
      parts: [
        { ...own, messageID: "msg_1", type: "text", text: `the key is ${secret}, I live in 12345 Town` },
        { ...own, messageID: "msg_1", type: "file", mime: "text/plain", url: dataUrl(`password=hunter22 ${secret}`) },
      ],
    },
    {
      info: {
        id: "msg_2",
        sessionID: "ses_1",
        role: "assistant",
        parentID: "msg_1",
        agent: "build",
        mode: "build",
        providerID: "p",
        modelID: "m",
        path: { cwd: "/home/ada/work", root: "/" },
        cost: 0,
        tokens,
        time: { created: 1, completed: 2 },
      },
      parts: [
        {
          ...own,
          type: "tool",
          callID: "call_1",
          tool: "bash",
          state: {
            status: "completed",
            input: { command: `curl -H 'Authorization: Bearer ${secret}' x`, deep: [[[{ apiKey: "short" }]]] },
            output: `said ${secret}`,
            title: "t",
            metadata: { output: `said ${secret}` },
            time: { start: 1, end: 2 },
            attachments: [{ ...own, type: "file", mime: "text/plain", url: dataUrl(secret) }],
          },
        },
      ],
    },
  ],
};

test("redact takes secrets out of all texts, tool inputs, outputs and attachments, and leaves a valid document", () => {
  const redacted = redactDocument(document, []);
  const text = JSON.stringify(redacted).replace(/base64,([^"]*)/g, (_, body: string) => atob(body));
  expect(text).not.toContain(secret);
  expect(text).not.toContain("hunter22");
  expect(text).not.toContain('"short"');
  expect(redacted.redacted).toBe(true);
  expect(redacted.messages.map(({ info }) => info.id)).toEqual(["msg_1", "msg_2"]);
  expect(text).toContain("12345 Town");
  checkDocument(JSON.parse(JSON.stringify(redacted)));
});

test("redact with expressions takes out their matches as well, and leaves ids and times alone", () => {
  const redacted = redactDocument(document, [/\d{5}/, /ada/gi, /msg_\d/, /x*/]);
  const text = JSON.stringify(redacted);
  expect(text).not.toContain("12345");
  expect(text).not.toContain("/home/ada");
  expect(text).not.toContain(secret);
  expect(redacted.messages.map(({ info }) => info.id)).toEqual(["msg_1", "msg_2"]);
  checkDocument(JSON.parse(text));
});

test("redact makes no permission rule looser", () => {
  expect(redactDocument(document, []).rules).toEqual([
    { permission: "bash", pattern: "wget * *", action: "deny" },
    { permission: "read", pattern: "*", action: "allow" },
  ]);
});
