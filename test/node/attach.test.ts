/** Files that go with a prompt: what the model gets, and what is refused before anything is sent. */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { attach } from "../../src/index.js";
import { type Fixture, startFixture, temporaryFolder } from "../support/fixture.js";

let fixture: Fixture;
let folder: string;
beforeAll(async () => {
  fixture = await startFixture();
  folder = await temporaryFolder();
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

// A pixel (PNG specification, third edition: signature, IHDR, IDAT, IEND).
const pixel = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
  "base64",
);

/** What the model was given with the prompt. */
function sent(prompt: string): string {
  return JSON.stringify(
    fixture.model.requests.findLast(({ messages }) => JSON.stringify(messages).includes(prompt))?.messages,
  );
}

describe("attach()", () => {
  test("attach() sends a text from a path, a file URL, a Blob or bytes to the model", async () => {
    const path = join(folder, "notes – ünï.ts");
    await writeFile(path, "export const fromPath = 1;");
    const file = new File(["from a blob"], "blob.md", { type: "text/markdown" });
    await fixture.oc.ask("read them", {
      files: [attach(path), attach(pathToFileURL(path)), attach(file), attach(new TextEncoder().encode("from bytes"))],
    });
    for (const text of ["fromPath", "from a blob", "from bytes", "blob.md", "notes – ünï.ts"])
      expect(sent("read them")).toContain(text);
  });

  test("an attachment is accepted in a prompt's list of parts", async () => {
    const part = attach(new URL("data:text/plain,from%20a%20data%20URL"), { filename: "inline.txt" });
    await fixture.oc.ask([{ type: "text", text: "first" }, part, { type: "text", text: "last one" }]);
    // The agent puts what it has read behind the texts (1.18.33).
    for (const text of ["first", "from a data URL", "inline.txt"]) expect(sent("last one")).toContain(text);
  });

  test("attach() takes the media type from the content, not from the name", async () => {
    const path = join(folder, "picture.txt");
    await writeFile(path, pixel);
    expect(await attach(path).load()).toMatchObject({ mime: "image/png", filename: "picture.txt" });
    expect(await attach(pixel, { mime: "image/x-own", filename: "p" }).load()).toMatchObject({ mime: "image/x-own" });
    const svg = new TextEncoder().encode('<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>');
    expect(await attach(svg).load()).toMatchObject({ mime: "text/plain" });
  });

  test.each([
    [
      "a missing file",
      () => attach(join(folder, "nosuch.txt")),
      /nosuch\.txt cannot be attached: there is no such file/,
    ],
    ["a folder", () => attach(folder), /is not a file/],
    ["a file beyond the limit", () => attach(pixel, { maxBytes: 10 }), /bytes, more than 10/],
    ["bytes of no known type", () => attach(new Uint8Array([0, 1, 2, 3])), /neither a text nor a file of a known type/],
  ])(
    "a prompt that attaches %s is rejected before a session is created or the model is called",
    async (_what, make, message) => {
      const before = fixture.model.requests.length;
      const sessions: string[] = [];
      for await (const { id } of fixture.oc.sessions()) sessions.push(id);
      await expect(fixture.oc.ask("never sent", { files: [make()] })).rejects.toMatchObject({
        name: "ConfigError",
        message: expect.stringMatching(message),
      });
      const after: string[] = [];
      for await (const { id } of fixture.oc.sessions()) after.push(id);
      expect(after).toEqual(sessions);
      expect(fixture.model.requests).toHaveLength(before);
    },
  );

  test("attach() throws for an https: URL and for a number", () => {
    expect(() => attach(new URL("https://example.com/x"))).toThrow(/file: and data: URLs; got https:/);
    expect(() => attach(42 as never)).toThrow(/got number/);
  });

  test("a path string in `files` is rejected with a hint to use attach()", async () => {
    await expect(fixture.oc.ask("x", { files: ["./a.txt"] as never })).rejects.toMatchObject({
      name: "ConfigError",
      hint: expect.stringContaining("attach("),
    });
  });

  test("an attachment reads its file when it is loaded, not when attach() is called", async () => {
    await mkdir(join(folder, "sub"));
    const path = join(folder, "sub", "changing.txt");
    await writeFile(path, "before");
    const attachment = attach(path);
    await writeFile(path, "after it");
    expect(new TextDecoder().decode((await attachment.load()).bytes)).toBe("after it");
  });

  test("attach() sends JSON and UTF-16 text as text/plain, and the session accepts the next prompt", async () => {
    const session = await fixture.oc.createSession();
    const json = attach(new TextEncoder().encode('"in JSON"'), { mime: "application/json", filename: "a.json" });
    const wide = Buffer.from("\ufeffwide text", "utf16le");
    await session.ask("see both", { files: [json, attach(wide)] });
    expect(sent("see both")).toContain("in JSON");
    expect(sent("see both")).toContain("wide text");
    expect(await json.load()).toMatchObject({ mime: "text/plain" });
    expect(String(await session.ask("and on"))).toBe("echo: and on");
    expect(await attach(pixel, { mime: "application/x-own; v=1" }).load()).toMatchObject({ mime: "application/x-own" });
  });

  test.each([
    ["a media type", { mime: "nonsense" }, /`mime` option to be a media type/],
    ["a name", { filename: 5 as never }, /`filename` option to be a string that is not empty, got `5` \(number\)/],
    ["a limit", { maxBytes: Number.NaN }, /`maxBytes` option to be a number of bytes, got `NaN` \(number\)/],
  ])("attach() throws for %s that is invalid", (_what, options, message) => {
    expect(() => attach("x", options)).toThrow(message);
  });

  test.each([
    ["an address as a text", () => attach("file:///etc/hostname"), /got the address file:/],
    ["an empty path", () => attach(""), /empty/],
    ["a file: URL of another machine", () => attach(new URL("file://host/x")), /cannot take file:\/\/host\/x/],
    ["a malformed data: URL", () => attach(new URL("data:nonsense")).load(), /malformed/],
  ])("attach() rejects %s with a ConfigError", async (_what, make, message) => {
    const made = (async () => make())();
    await expect(made).rejects.toMatchObject({ name: "ConfigError", message: expect.stringMatching(message) });
  });
});

describe("a list of parts", () => {
  test.each([
    ["a text of its own", ["hello"], /unknown kind of prompt part undefined at 0/],
    ["null", [null], /unknown kind/],
    ["a text part without text", [{ type: "text" }], /at 0 \(text\) needs "text", a text; got undefined/],
    ["a text that is a number", [{ type: "text", text: 5 }], /got number/],
    ["a file without its type", [{ type: "file", url: "data:,x" }], /needs "mime"/],
    ["a mention of nobody", [{ type: "text", text: "x" }, { type: "agent" }], /at 1 \(agent\) needs "name"/],
    ["nothing but blanks", [{ type: "text", text: " " }], /the prompt is empty/],
  ])("a list of parts with %s is rejected before a message is stored", async (_what, prompt, message) => {
    const session = await fixture.oc.createSession();
    for (const asked of [fixture.oc.ask(prompt as never), session.ask(prompt as never)]) {
      await expect(asked).rejects.toMatchObject({ name: "ConfigError", message: expect.stringMatching(message) });
    }
    expect(await session.messages()).toEqual([]);
  });
});
