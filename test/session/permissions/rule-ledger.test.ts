/** What is remembered of sessions that have rules of an agent among their own. */
import { expect, test } from "vitest";
import { type LedgerEntry, SessionRuleLedger } from "../../../src/session/permissions/rule-ledger.js";
import type { PermissionRule } from "../../../src/types/answer.js";

const rule = (permission: string): PermissionRule => ({ permission, pattern: "*", action: "allow" });
const entry = (changes: Partial<LedgerEntry> = {}): LedgerEntry => ({
  agent: "build",
  own: [rule("edit")],
  lifted: [],
  length: 2,
  ...changes,
});

test("all rules of a session without a ledger entry are the session's own", () => {
  const all = [rule("read"), rule("bash")];
  expect(new SessionRuleLedger().ownOf("ses_a", all)).toEqual(all);
});

test("a session's own rules are the rules before and after the agent's rules", () => {
  const ledger = new SessionRuleLedger();
  ledger.set("ses_a", entry());
  const all = [rule("edit"), rule("the agent's"), rule("said later")];
  expect(ledger.ownOf("ses_a", all)).toEqual([rule("edit"), rule("said later")]);
});

test("a later ledger entry of a session replaces the earlier entry", () => {
  const ledger = new SessionRuleLedger();
  ledger.set("ses_a", entry());
  ledger.set("ses_a", entry({ agent: "plan" }));
  expect(ledger.get("ses_a")?.agent).toBe("plan");
});

test("a copy of a session has the session's ledger entry, also after the session is forgotten", () => {
  const ledger = new SessionRuleLedger();
  ledger.set("ses_a", entry());
  ledger.share("ses_a", "ses_copy");
  ledger.forget("ses_a");
  expect([ledger.get("ses_a"), ledger.get("ses_copy")]).toEqual([undefined, entry()]);
});

test("a copy of a session without a ledger entry has no ledger entry", () => {
  const ledger = new SessionRuleLedger();
  ledger.share("ses_a", "ses_copy");
  expect(ledger.get("ses_copy")).toBeUndefined();
});

test("the ledger forgets the entry that was set longest ago beyond 10,000 sessions", () => {
  const ledger = new SessionRuleLedger();
  for (let number = 0; number < 10_000; number += 1) ledger.set(`ses_${number}`, entry());
  ledger.set("ses_0", entry({ agent: "set again" }));
  ledger.set("ses_new", entry());
  expect(ledger.get("ses_1")).toBeUndefined();
  expect(["ses_0", "ses_2", "ses_new"].map((id) => ledger.get(id) !== undefined)).toEqual([true, true, true]);
});
