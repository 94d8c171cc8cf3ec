/** Titles of tests stand alone, as far as a machine can see that: a failure line is read without its group and its file. */

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, test } from "vitest";
import { repositoryRoot } from "../support/root.js";

/** First words of titles that continue a group's title. Nouns that are also verbs (`reads`, `runs`, `answers`) are not among them. */
const fragments = new Set(
  [
    // Auxiliaries.
    "is are was were has have had does do did can cannot could may might must will would should",
    // Verbs without their subject.
    "aborts adds allows arrives asks becomes begins brings carries comes connects covers crashes decides denies doubles",
    "exits explains fails finds follows forgets gets gives goes hears hides holds imports joins keeps knows leaves lets",
    "listens loads looks makes merges needs offers outlives passes prints puts reaches refuses rejects remembers repeats",
    "resolves says sees sends settles shares shows speaks stands stays stops survives takes tells throws touches unwraps",
    "uses waits works writes",
    // Prepositions and conjunctions.
    "after also and as at because before beyond but by for from if in inside of on or otherwise outside than that to",
    "together too under until what whatever when where which while who whoever whose with within without",
    // Adverbs.
    "always again beforehand never not still",
    // Pronouns.
    "it its their they this these those",
  ].flatMap((words) => words.split(" ")),
);

/** As they are written in a file: the first argument of `test` and `it`, with its placeholders. */
function titlesOf(path: string): string[] {
  const file = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest);
  const titles: string[] = [];
  const visit = (node: ts.Node): void => {
    const isTest = ts.isCallExpression(node) && /^(test|it)\b/.test(node.expression.getText(file));
    const [first] = isTest ? node.arguments : [];
    if (first !== undefined && ts.isStringLiteralLike(first)) titles.push(first.text);
    else if (first !== undefined && ts.isTemplateExpression(first)) titles.push(first.getText(file).slice(1, -1));
    ts.forEachChild(node, visit);
  };
  visit(file);
  return titles;
}

const files = readdirSync(join(repositoryRoot, "test"), { recursive: true, encoding: "utf8" })
  .filter((name) => name.endsWith(".test.ts"))
  .map((name) => ({ name, titles: titlesOf(join(repositoryRoot, "test", name)) }));

/** Titles that `isWrong` holds for, with their files. */
function wrong(isWrong: (title: string) => boolean): string[] {
  return files.flatMap(({ name, titles }) => titles.filter(isWrong).map((title) => `${name}: ${title}`));
}

test("the title of each test begins with its subject", () => {
  expect(files.length).toBeGreaterThan(100);
  expect(wrong((title) => fragments.has(/^[a-z]+\b(?![-(])/.exec(title)?.[0] ?? ""))).toEqual([]);
});

test("the title of each test has at least two words beside its placeholders", () => {
  const words = (title: string) => title.replace(/\$\{[^}]*\}|%[a-z]|\$\w+/g, "").match(/\S*\w\S*/g) ?? [];
  expect(wrong((title) => words(title).length < 2)).toEqual([]);
});

test("no title of a test has a clause that begins with `what`, or more than 110 characters", () => {
  expect(wrong((title) => /\bwhat\b/i.test(title.replace(/`[^`]*`/g, "")) || title.length > 110)).toEqual([]);
});

test("no two tests of a file have the same title", () => {
  const repeated = files.flatMap(({ name, titles }) =>
    titles.filter((title, index) => titles.indexOf(title) !== index).map((title) => `${name}: ${title}`),
  );
  expect(repeated).toEqual([]);
});
