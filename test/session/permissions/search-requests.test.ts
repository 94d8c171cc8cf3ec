/** Asks about searches: the server cannot list its open asks while there is one without a folder (1.18.33). */
import { expect, test } from "vitest";
import { createOpencode } from "../../../src/index.js";
import { toolCall } from "../../../src/testing/index.js";
import { eventually, startFixture } from "../../support/fixture.js";
import { startTcpProxy } from "../../support/tcp-proxy.js";

test("a turn goes on after a cut stream while the server cannot list an open request for a search", async () => {
  await using fixture = await startFixture();
  await using proxy = await startTcpProxy(fixture.oc.server?.url ?? "");
  const { directory } = fixture;
  await using oc = await createOpencode({ baseUrl: proxy.url, password: fixture.oc.server?.password, directory });
  fixture.answer("search", toolCall("grep", { pattern: "x" }), "done");
  const lists = (): number => proxy.lines.filter((line) => line.startsWith("GET /permission")).length;
  const answer = await oc.ask("search", {
    permission: { grep: "ask" },
    onPermission: async () => {
      await expect(fixture.oc.client.GET("/permission")).rejects.toThrow("Expected JSON value");
      const before = lists();
      proxy.cut(/^GET \/event/); // what was missed has to be read
      await eventually("the asks are read", () => lists() > before);
      return "once";
    },
  });
  expect([answer.text, answer.denials]).toEqual(["done", []]);
});
