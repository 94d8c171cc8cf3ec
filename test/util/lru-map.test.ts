/** A map with a bound. */
import { expect, test } from "vitest";
import { LruMap } from "../../src/util/lru-map.js";

test("a bounded map forgets the entry that was set longest ago, and set() returns its value", () => {
  const map = new LruMap<string, number>(2);
  expect([map.set("a", 1), map.set("b", 2), map.set("a", 3), map.set("c", 4)]).toEqual([
    undefined,
    undefined,
    undefined,
    2,
  ]);
  expect([...map.values()]).toEqual([3, 4]);
  expect([map.get("b"), map.size]).toEqual([undefined, 2]);
});

test("a read does not keep an entry of a bounded map from removal", () => {
  const map = new LruMap<string, number>(1);
  map.set("a", 1);
  map.get("a");
  map.set("b", 2);
  expect([map.get("a"), map.get("b")]).toEqual([undefined, 2]);
});
