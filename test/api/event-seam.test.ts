/** The event half of the seam: what the server's raw events look like is known in `src/api/` only. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { describe, expect, test } from "vitest";
import { toApiEvent } from "../../src/api/v1/events.js";
import { knownEvents } from "../../src/generated/events.js";
import { sourceFolder } from "../support/root.js";

/** `generated/` and `testing/` are the server's side; the page is a program of its own over the public events. */
const exempt = ["api/", "generated/", "testing/", "web/page/"];
const files = readdirSync(sourceFolder, { recursive: true, encoding: "utf8" }).filter(
  (file) => file.endsWith(".ts") && !exempt.some((folder) => file.startsWith(folder)),
);

function nodesOf(text: string): ts.Node[] {
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    nodes.push(node);
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile("file.ts", text, ts.ScriptTarget.Latest, true));
  return nodes;
}

/** Types of raw events as literals. Names of tools and files may look alike: the list is the server's own. */
function rawTypes(nodes: readonly ts.Node[]): string[] {
  return nodes.flatMap((node) => (ts.isStringLiteralLike(node) && knownEvents.has(node.text) ? [node.text] : []));
}

/** `raw.properties`, `raw["properties"]` and `{ properties } = raw`, whatever the variable is called when its type says so. */
function rawFields(nodes: readonly ts.Node[]): string[] {
  return nodes.flatMap((node) => {
    if (ts.isPropertyAccessExpression(node) && node.name.text === "properties" && /\braw$|event$/i.test(ownerOf(node)))
      return [node.getText()];
    if (ts.isElementAccessExpression(node) && /\braw$|event$/i.test(node.expression.getText()))
      return node.argumentExpression.getText() === '"properties"' ? [node.getText()] : [];
    if (ts.isParameter(node) && node.type?.getText() === "ServerEvent" && ts.isObjectBindingPattern(node.name))
      return node.name.elements.flatMap((element) => (isProperties(element) ? [node.getText()] : []));
    if (ts.isVariableDeclaration(node) && ts.isObjectBindingPattern(node.name) && /\braw$/.test(textOf(node)))
      return node.name.elements.flatMap((element) => (isProperties(element) ? [node.getText()] : []));
    return [];
  });
}

const ownerOf = (node: ts.PropertyAccessExpression): string => node.expression.getText().replace(/[?!]$/, "");
const textOf = (node: ts.VariableDeclaration): string => node.initializer?.getText() ?? "";
const isProperties = ({ propertyName, name }: ts.BindingElement): boolean =>
  (propertyName ?? name).getText() === "properties";

describe("raw events outside of src/api", () => {
  test("the check finds each raw type and raw field of a sample, and no other text", () => {
    const text = `
      const a = raw.properties["x"]; const b = event.raw?.properties; const { properties } = raw;
      function f({ type, properties }: ServerEvent) { return type === "session.idle"; }
      const schema = { properties: {} }; schema.properties; const { properties: p } = schema;`;
    expect(rawFields(nodesOf(text))).toHaveLength(4);
    expect(rawTypes(nodesOf(text))).toEqual(["session.idle"]);
  });

  test("no file outside of src/api contains a raw event type or reads the properties of a raw event", () => {
    expect(files.length).toBeGreaterThan(200);
    const isSuspect = (text: string): boolean =>
      text.includes("properties") || [...knownEvents].some((type) => text.includes(type));
    const found = files.flatMap((file) => {
      const text = readFileSync(join(sourceFolder, file), "utf8");
      const nodes = isSuspect(text) ? nodesOf(text) : [];
      return [...rawTypes(nodes), ...rawFields(nodes)].map((what) => `${file}: ${what}`);
    });
    expect(found).toEqual([]);
  });
});

describe("toApiEvent", () => {
  test("the session id of an event comes from its properties, its message or its part", () => {
    const session = (type: string, properties: Record<string, unknown>) => toApiEvent({ type, properties }).sessionId;
    expect(session("session.idle", { sessionID: "ses_1" })).toBe("ses_1");
    expect(session("session.created", { info: { id: "ses_1" } })).toBe("ses_1");
    expect(session("message.updated", { info: { id: "msg_1", sessionID: "ses_1" } })).toBe("ses_1");
    expect(session("message.part.updated", { part: { sessionID: "ses_1" } })).toBe("ses_1");
    expect(session("server.connected", {})).toBeUndefined();
  });

  test("a message or request event with broken fields is unreadable; an unknown type or status is other", () => {
    const sessionID = "ses_1";
    for (const type of ["message.updated", "message.part.updated", "message.part.delta"])
      expect(toApiEvent({ type, properties: { sessionID } }).type, type).toBe("unreadable");
    for (const type of ["permission.asked", "question.asked"])
      expect(toApiEvent({ type, properties: { sessionID, id: 7 } }).type, type).toBe("unreadable");
    expect(toApiEvent({ type: "session.status", properties: { status: { type: "odd" } } })).toMatchObject({
      type: "other",
      isKnown: true,
    });
    expect(toApiEvent({ type: "brand.new", properties: {} })).toMatchObject({ type: "other", isKnown: false });
  });

  test("a delta of the field text becomes a part-delta, a delta of another field is unreadable", () => {
    const properties = { sessionID: "ses_1", messageID: "msg_1", partID: "prt_1", field: "text", delta: "x" };
    const event = { messageId: "msg_1", partId: "prt_1", text: "x" };
    expect(toApiEvent({ type: "message.part.delta", properties })).toMatchObject({ type: "part-delta", ...event });
    const other = { ...properties, field: "metadata" };
    expect(toApiEvent({ type: "message.part.delta", properties: other }).type).toBe("unreadable");
  });

  test("an API event keeps its raw event as the same object", () => {
    const raw = { id: "evt_1", type: "todo.updated", properties: { sessionID: "ses_1", todos: [{ content: "a" }] } };
    const event = toApiEvent(raw);
    expect(event).toMatchObject({ type: "todo", todos: [{ content: "a", status: "", priority: "" }] });
    expect(event.raw).toBe(raw);
  });

  test("the reply of permission.replied comes from reply or the older response, and is reject without both", () => {
    const reply = (properties: Record<string, unknown>) => toApiEvent({ type: "permission.replied", properties });
    expect(reply({ requestID: "per_1", reply: "once" })).toMatchObject({ requestId: "per_1", reply: "once" });
    expect(reply({ requestID: "per_1", response: "always" })).toMatchObject({ reply: "always" });
    expect(reply({ requestID: "per_1" })).toMatchObject({ reply: "reject" });
  });
});
