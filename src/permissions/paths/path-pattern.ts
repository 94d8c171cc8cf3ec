/** A pattern of paths: what it covers for sure, and what it may cover. */

import { hasWildcard, matchesWildcard } from "../../util/wildcard.js";
import { isAbsolute, isWindowsPath, isWithin, normalize, relativeTo } from "./normalize.js";

/** Stands for any file below a directory: what covers it covers them all. */
const anyFile = "\u0001any\u0001/\u0001file\u0001";

export class PathPattern {
  /** Normalized, without the `..` at its beginning; `undefined` when it cannot be read as a path. */
  readonly #text: string | undefined;
  readonly #ups: number;
  readonly #isAbsolute: boolean;
  readonly #isLiteral: boolean;
  /** It began with `~`, and nobody says where that is. */
  readonly #isHomeless: boolean;
  /** The folder of an absolute pattern with its links followed, once: later links do not move the rule. */
  #realFolder: Promise<string | undefined> | undefined;
  #folder: string | undefined;

  constructor(pattern: string, isLiteral: boolean, home: string | undefined) {
    const expanded = isLiteral ? pattern : expandHome(pattern, home);
    this.#isLiteral = isLiteral;
    this.#isHomeless = expanded === undefined;
    const text = expanded ?? pattern.replace(/^(?:~|\$HOME)/, "");
    const slashed = isWindowsPath(text) ? text.replaceAll("\\", "/") : text;
    // `a/*/../b` is not `a/b`: what the wildcard stands for may be a link, or several folders.
    const isReadable = isLiteral || !/[*?][^/]*\/(?:.*\/)?\.\.(?:\/|$)/.test(slashed);
    const normal = normalize(slashed);
    this.#isAbsolute = isAbsolute(normal);
    this.#ups = /^(?:\.\.(?:\/|$))*/.exec(normal)?.[0].match(/\.\./g)?.length ?? 0;
    this.#text = isReadable ? normal.replace(/^(?:\.\.(?:\/|$))*/, "") || "." : undefined;
  }

  /** Looks where the folder of an absolute pattern really is. */
  async prepare(realpath: ((path: string) => string | Promise<string>) | undefined): Promise<void> {
    if (realpath === undefined || !this.#isAbsolute || this.#text === undefined) return;
    const folder = this.#staticFolder(this.#text);
    this.#realFolder ??= Promise.resolve()
      .then(() => realpath(folder))
      .catch(() => undefined); // then it is compared as it is written
    this.#folder = await this.#realFolder;
  }

  /** Covers the path for sure; for a tree, all that is below it, or it is the tree's very name. */
  covers(path: string, bases: readonly string[], isTree: boolean): boolean {
    if (this.#text === undefined || this.#isHomeless) return false;
    const paths = isTree ? [path, below(path)] : [path];
    return paths.some((one) => this.#views(one, bases, same).some(([seen, pattern]) => this.#matches(seen, pattern)));
  }

  /** May cover it: whatever the case of the letters, and for a tree something below it. */
  mayCover(path: string, bases: readonly string[], isTree: boolean): boolean {
    if (this.#text === undefined) return true;
    const text = folded(this.#text);
    const root = folded(path);
    const roots = bases.map(folded);
    const views = (isTree ? [root, below(root)] : [root]).flatMap((one) => [
      ...this.#views(one, roots, folded),
      ...this.#looseViews(one, roots, text),
    ]);
    if (views.some(([seen, pattern]) => looseForms(pattern).some((form) => this.#matches(seen, form)))) return true;
    return isTree && this.#reaches(root, roots, text);
  }

  #matches(text: string, pattern: string): boolean {
    return this.#isLiteral ? text === pattern : matchesWildcard(text, pattern);
  }

  /** The path and the pattern as seen from the same place. */
  #views(path: string, bases: readonly string[], fold: (text: string) => string): [string, string][] {
    const text = fold(this.#text ?? "");
    if (this.#isAbsolute) {
      const views: [string, string][] = [[path, text]];
      const inside = this.#folder === undefined ? undefined : relativeTo(path, fold(this.#folder));
      if (inside !== undefined) views.push([inside, text.slice(this.#staticFolder(text).length).replace(/^\//, "")]);
      return views;
    }
    if (bases.length === 0) {
      if (isAbsolute(path)) return [];
      const rest = withoutUps(path, this.#ups);
      return rest === undefined || /^\.\.(?:\/|$)/.test(rest) ? [] : [[rest, text]];
    }
    return bases.flatMap((base): [string, string][] => {
      const inside = relativeTo(path, up(base, this.#ups));
      return inside === undefined ? [] : [[inside, text]];
    });
  }

  /** Where it is not known what a path or pattern is relative to, or the pattern begins with a wildcard. */
  #looseViews(path: string, bases: readonly string[], text: string): [string, string][] {
    const end = path.replace(/^(?:\.\.?\/)+/, "/");
    if (this.#isHomeless) return [[path, `*${text.startsWith("/") ? "" : "/"}${text}`]];
    if (this.#isAbsolute) return isAbsolute(path) ? [] : [[end, text]];
    const isAnywhere = /^[*?]/.test(text) || (bases.length === 0 && (isAbsolute(path) || path.startsWith("..")));
    return isAnywhere ? [[end.startsWith("/") ? end : `/${end}`, `*/${text}`]] : [];
  }

  /** Something below the tree may be covered, or the tree is within what is covered. */
  #reaches(tree: string, bases: readonly string[], text: string): boolean {
    const folder = this.#staticFolder(text);
    const isLoose = bases.length === 0 && !this.#isAbsolute;
    if (isLoose && (folder === "." || tree === ".")) return true;
    const relative = bases.length === 0 ? [folder] : bases.map((base) => normalize(`${up(base, this.#ups)}/${folder}`));
    const absolute = this.#folder === undefined ? [folder] : [folder, folded(this.#folder)];
    return (this.#isAbsolute ? absolute : relative).some((one) => isWithin(one, tree) || isWithin(tree, one));
  }

  /** Up to the last slash before the first wildcard. */
  #staticFolder(text: string): string {
    const fixed = this.#isLiteral || !hasWildcard(text) ? text : text.slice(0, text.search(/[*?]/));
    const end = fixed.lastIndexOf("/");
    return end < 0 ? "." : end === 0 ? "/" : fixed.slice(0, end);
  }
}

/** `undefined` when it needs a home that is not known. As on the server, `$HOMEx` counts as well. */
function expandHome(pattern: string, home: string | undefined): string | undefined {
  const found = /^(?:~(?=\/|$)|\$HOME)/.exec(pattern)?.[0];
  if (found === undefined) return pattern;
  return home === undefined ? undefined : `${home}${pattern.slice(found.length)}`;
}

function below(path: string): string {
  return path === "/" ? `/${anyFile}` : path === "." ? anyFile : `${path}/${anyFile}`;
}

function up(path: string, levels: number): string {
  return levels === 0 ? path : normalize(`${path}/${"../".repeat(levels)}`);
}

function withoutUps(path: string, ups: number): string | undefined {
  const prefix = "../".repeat(ups);
  return `${path}/`.startsWith(prefix) ? path.slice(prefix.length) || "." : undefined;
}

/** A pattern with `**` and a slash also covers no folder at all, one that ends so also the folder itself. */
function looseForms(pattern: string): string[] {
  const short = pattern.replaceAll("**/", "");
  return [...new Set([pattern, short, pattern.replace(/\/\*+$/, ""), short.replace(/\/\*+$/, "")])].filter(
    (form) => form !== "",
  );
}

/** As file systems that do not tell cases apart see it. */
function folded(text: string): string {
  return text.normalize("NFC").toLowerCase();
}

function same(text: string): string {
  return text;
}
