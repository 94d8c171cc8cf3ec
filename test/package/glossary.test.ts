/** Words that were replaced by the field's terms (docs/glossary.md) do not come back in identifiers and names of files. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { repositoryRoot } from "../support/root.js";

/** By the term that replaced them. Parts of camel case count. */
const retired: Readonly<Record<string, string>> = {
  guardian: "watchdog",
  keeper: "supervisor",
  patience: "retryTimeout",
  endurance: "RetryBudget",
  pulse: "liveness",
  belongings: "OwnedResources",
  judge: "decider",
  bell: "notifier",
  lanes: "ConcurrencyLimit",
  persist: "retryTransient",
};

/** Identifiers that still have one, each a part of what is to be renamed: the list only gets shorter. */
const tolerated: readonly string[] = [];

function words(identifier: string): string[] {
  return identifier
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .toLowerCase()
    .split(/[^a-z\d]+/);
}

const sources = readdirSync(join(repositoryRoot, "src"), { recursive: true, encoding: "utf8" }).filter(
  (file) => file.endsWith(".ts") && !file.startsWith("generated"),
);

test("no file is named by a retired word", () => {
  const named = sources.filter((file) => words(file.replace(/\.ts$/, "")).some((word) => Object.hasOwn(retired, word)));
  expect(named).toEqual([]);
});

test("no identifier of the source has a retired word", () => {
  const found = new Set<string>();
  for (const file of sources) {
    const scanner = ts.createScanner(ts.ScriptTarget.Latest, true, ts.LanguageVariant.Standard);
    scanner.setText(readFileSync(join(repositoryRoot, "src", file), "utf8"));
    for (let token = scanner.scan(); token !== ts.SyntaxKind.EndOfFileToken; token = scanner.scan()) {
      if (token !== ts.SyntaxKind.Identifier && token !== ts.SyntaxKind.PrivateIdentifier) continue;
      const text = scanner.getTokenText();
      const word = words(text).find((part) => Object.hasOwn(retired, part));
      if (word !== undefined) found.add(`${text} (${file}): ${retired[word]}`);
    }
  }
  expect([...found].filter((one) => !tolerated.includes(one))).toEqual([]);
});
