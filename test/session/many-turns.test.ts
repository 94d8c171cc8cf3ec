/** Many turns at once on one server: all are right, and looking after them does not make the server busier. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { toolCall } from "../../src/testing/index.js";
import { type Fixture, startFixture } from "../support/fixture.js";
import { unhurried } from "../support/slowness.js";

let fixture: Fixture;
/** The requests to the server, by method and route. */
const requests: string[] = [];
let underWay = 0;
let mostUnderWay = 0;

beforeAll(async () => {
  const counting: typeof fetch = async (input, init) => {
    const { pathname } = new URL(input instanceof Request ? input.url : String(input));
    const needsPlace = pathname !== "/event" && pathname !== "/global/health";
    requests.push(`${init?.method ?? "GET"} ${pathname.replace(/(ses|msg|per)_\w+/g, "$1")}`);
    if (needsPlace) underWay += 1;
    mostUnderWay = Math.max(mostUnderWay, underWay);
    try {
      return await fetch(input, init);
    } finally {
      if (needsPlace) underWay -= 1;
    }
  };
  fixture = await startFixture({ fetch: counting, ...unhurried(), permission: { bash: "ask" } } as never);
  await fixture.oc.ask("warm up");
});
afterAll(() => fixture?.[Symbol.asyncDispose]());

test("two hundred parallel turns get their own answers with at most four requests each", async () => {
  requests.length = 0;
  mostUnderWay = 0;
  const prompts = Array.from({ length: 200 }, (_, index) => `prompt ${index}`);
  const answers = await Promise.all(prompts.map((prompt) => fixture.oc.ask(prompt)));
  expect(answers.map(({ text }) => text)).toEqual(prompts.map((prompt) => `echo: ${prompt}`));
  const counts = new Map<string, number>();
  for (const request of requests) counts.set(request, (counts.get(request) ?? 0) + 1);
  expect(requests.length / prompts.length, JSON.stringify([...counts])).toBeLessThanOrEqual(4);
  expect(mostUnderWay).toBeLessThanOrEqual(16);
});

test("a reply and an abort do not wait behind reads that hang", async () => {
  // A read that hangs: the event stream by the way of reads, which is answered with nothing for long.
  const hanging = Array.from({ length: 40 }, () => {
    const stop = new AbortController();
    const call = fixture.oc.client
      .request("GET", "/event?as=read", { signal: stop.signal, timeout: 0 })
      .catch(() => {});
    return { stop, call };
  });
  fixture.answer("ask meanwhile", toolCall("bash", { command: "echo asked", description: "d" }), "done");
  await expect(
    fixture.oc.client.POST("/session/{sessionID}/abort", { params: { path: { sessionID: "ses_none" } } }),
  ).resolves.toBeDefined();
  await expect(fixture.oc.reply("per_none", "once")).rejects.toMatchObject({ name: "NotFoundError" });
  for (const { stop, call } of hanging) {
    stop.abort();
    await call;
  }
  expect((await fixture.oc.ask("ask meanwhile", { onPermission: () => "once" })).text).toBe("done");
});
