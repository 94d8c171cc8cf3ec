/** `docs/compatibility.md` has the behaviours as they are tested. */
import { readFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { behaviours } from "./behaviours.js";
import { renderMatrix, replaceMatrix } from "./matrix.js";

test("the matrix in docs/compatibility.md is the one of the tested behaviours", async () => {
  const document = await readFile(new URL("../../docs/compatibility.md", import.meta.url), "utf8");
  expect(replaceMatrix(document, renderMatrix()) === document, "run `npm run conformance -- --write`").toBe(true);
});

test("the title of a behaviour is unique", () => {
  const titles = behaviours.map(({ title }) => title);
  expect(new Set(titles).size).toBe(titles.length);
});
