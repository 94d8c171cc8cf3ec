/** The paths that a request is about. */

import type { PolicyOptions, PolicyRequest } from "../../types/policy.js";
import { property, stringProperty } from "../../util/json.js";
import { matchesWildcard } from "../../util/wildcard.js";
import type { CompiledRule } from "../policy/compile.js";
import { type Target, textTarget, unknownTarget } from "../policy/target.js";
import { isAbsolute, isWithin, normalize, relativeTo, resolve } from "./normalize.js";

const searches: ReadonlySet<string> = new Set(["list", "glob", "grep"]);

type Realpath = NonNullable<PolicyOptions["realpath"]>;

/** A path as the request has it. */
interface ResolvedPath {
  readonly path: string;
  /** All that is below it is meant: a search, or a directory. */
  readonly isTree: boolean;
  /** Set when it cannot be said what is meant. */
  readonly problem?: string;
}

/** Control characters; a line break is one: no sane file has it, and it makes one path look like two. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const control = /[\u0000-\u001f\u007f]/;

/** Never rejects: what cannot be resolved is a subject that no pattern covers. */
export async function pathSubjects(request: PolicyRequest, realpath: Realpath | undefined): Promise<Target[]> {
  const { targets, base } = targetsOf(request);
  const directory = request.directory ?? base;
  const bases = directory === undefined ? [] : [normalize(directory)];
  if (directory !== undefined && realpath !== undefined) {
    const real = await attempt(realpath, directory);
    if (real !== undefined && real !== bases[0]) bases.push(real);
  }
  // Searches are told from the directory, files from the root of the repository.
  const isSearch = searches.has(request.permission);
  const origin = isSearch ? request.directory : (request.worktree ?? base ?? request.directory);
  const subjects = await Promise.all(targets.map((target) => subjectOf(target, origin, bases, realpath)));
  return subjects.map((subject) => asServer(subject, request));
}

/** Rules that are the server's: searches it compares with what is looked for and nothing else, files by the path from its root. */
function asServer(subject: Target, { permission, patterns }: PolicyRequest): Target {
  const isSearch = searches.has(permission);
  return {
    ...subject,
    covers: (rule) => {
      const { text } = rule;
      if (text === undefined || !isSearch) return subject.covers(rule);
      return patterns.every((pattern) => matchesWildcard(pattern, text));
    },
    mayCover: (rule) => {
      const { text } = rule;
      if (text !== undefined && patterns.some((pattern) => matchesWildcard(pattern, text))) return true;
      return subject.mayCover(rule);
    },
  };
}

async function subjectOf(
  { path, isTree, problem }: ResolvedPath,
  origin: string | undefined,
  bases: readonly string[],
  realpath: Realpath | undefined,
): Promise<Target> {
  if (problem !== undefined) return unknownTarget(path, problem, [path]);
  if (path.startsWith("mcp:")) return textTarget(path); // `read` of a resource of an MCP server
  if (control.test(path)) return unknownTarget(path, "the path has control characters", [path]);
  const lexical = resolve(origin, path);
  const paths = [lexical];
  if (realpath !== undefined && isAbsolute(lexical)) {
    // Not the normalized one: the system follows a link before it takes the `..` behind it.
    const real = await attempt(realpath, isAbsolute(path) ? path : `${origin}/${path}`);
    if (real === undefined) return unknownTarget(path, "where it leads cannot be resolved", [lexical]);
    if (real !== lexical) paths.push(real);
  }
  return {
    text: path,
    unknown: undefined,
    // Where it really is counts; a rule that denies takes the name that was used as well.
    covers: (rule) => covers(rule, paths.at(-1) ?? lexical, bases, isTree),
    mayCover: (rule) => {
      if (paths.some((one) => mayCover(rule, one, bases, isTree))) return true;
      return isTree && rule.matcher.kind === "regexp" ? "possibly" : false;
    },
  };
}

function covers(
  { matcher, path: pattern }: CompiledRule,
  path: string,
  bases: readonly string[],
  isTree: boolean,
): boolean {
  if (matcher.kind === "everything") return true;
  if (matcher.kind !== "regexp") return pattern?.covers(path, bases, isTree) === true;
  const inside = insideOf(path, bases);
  if (inside.length > 0) return [...inside, path].some((form) => matcher.regexp.test(form));
  // Outside of the directory only a RegExp from the beginning: `/\.md$/` is about the directory's files.
  return isAbsolute(path) ? matcher.regexp.exec(path)?.index === 0 : false;
}

function mayCover(
  { matcher, path: pattern }: CompiledRule,
  path: string,
  bases: readonly string[],
  isTree: boolean,
): boolean {
  if (matcher.kind === "everything") return true;
  if (matcher.kind !== "regexp") return pattern?.mayCover(path, bases, isTree) === true;
  const forms = [path, ...insideOf(path, bases)];
  return [...forms, ...forms.map((form) => form.toLowerCase())].some((form) => matcher.regexp.test(form));
}

/** The path from each of the bases; without bases, a relative one that does not leave its own. */
function insideOf(path: string, bases: readonly string[]): string[] {
  if (bases.length === 0) return isAbsolute(path) || /^\.\.(?:\/|$)/.test(path) ? [] : [path];
  return bases.map((base) => relativeTo(path, base)).filter((inside) => inside !== undefined);
}

async function attempt(realpath: Realpath, path: string): Promise<string | undefined> {
  try {
    const real = await realpath(path);
    return isAbsolute(real) ? normalize(real) : undefined;
  } catch {
    return undefined; // the caller treats it as a path that nothing allows
  }
}

/** `base` is where relative paths start from, when the request lets it be seen. */
function targetsOf(request: PolicyRequest): { readonly targets: readonly ResolvedPath[]; readonly base?: string } {
  const { permission, patterns, metadata } = request;
  if (permission === "glob") return { targets: patterns.map((pattern) => globTarget(pattern, metadata)) };
  if (permission === "grep") return { targets: [grepTarget(metadata)] };
  const files = patchedFiles(metadata);
  if (files.length > 0 && files.length >= patterns.length) return { targets: files.map(fileTarget) };
  const filepath = stringProperty(metadata, "filepath");
  if (filepath === undefined || !isAbsolute(filepath)) return { targets: patterns.map(patternTarget(permission)) };
  return withFile(request, filepath);
}

/** The server's patterns say where a file is from the root of the repository; `metadata.filepath` says it in full. */
function withFile({ permission, patterns }: PolicyRequest, filepath: string): ReturnType<typeof targetsOf> {
  const file = normalize(filepath);
  const others = patterns.filter((pattern) => !isSameFile(permission, pattern, file));
  const [pattern] = patterns;
  const relative = pattern === undefined || isAbsolute(pattern) ? "" : normalize(pattern);
  const isBelow = relative !== "" && !relative.startsWith("..") && file.endsWith(`/${relative}`);
  const base = isBelow ? { base: file.slice(0, -relative.length - 1) || "/" } : {};
  return { targets: [fileTarget(filepath), ...others.map(patternTarget(permission))], ...base };
}

function isSameFile(permission: string, pattern: string, file: string): boolean {
  if (permission === "external_directory") {
    const folder = normalize(pattern.replace(/\/\*$/, "") || "/");
    return isAbsolute(folder) && isWithin(file, folder);
  }
  const end = normalize(pattern).replace(/^(?:\.\.(?:\/|$))+/, "");
  return isAbsolute(end) ? end === file : file.endsWith(`/${end}`);
}

function fileTarget(path: string): ResolvedPath {
  return { path, isTree: false };
}

function patternTarget(permission: string): (pattern: string) => ResolvedPath {
  return (pattern) => {
    if (permission === "list") return { path: pattern, isTree: true };
    if (permission !== "external_directory") return { path: pattern, isTree: false };
    return pattern.endsWith("/*")
      ? { path: pattern.slice(0, -2) || "/", isTree: true }
      : { path: pattern, isTree: false };
  };
}

/** `apply_patch` names its files apart, and the places that they are moved to only there (1.18.33). */
function patchedFiles(metadata: PolicyRequest["metadata"]): string[] {
  const files = property(metadata, "files");
  if (!Array.isArray(files)) return [];
  const paths = files.map((file) => [stringProperty(file, "filePath"), stringProperty(file, "movePath")]);
  if (paths.some(([path]) => path === undefined)) return [];
  return paths.flat().filter((path) => path !== undefined);
}

function grepTarget(metadata: PolicyRequest["metadata"]): ResolvedPath {
  // What is looked for says nothing about where; without metadata (older servers) it may be anywhere.
  if (!Object.hasOwn(metadata, "pattern")) {
    return { path: ".", isTree: true, problem: "the server does not say where it searches" };
  }
  return { path: stringProperty(metadata, "path") ?? ".", isTree: true };
}

function globTarget(pattern: string, metadata: PolicyRequest["metadata"]): ResolvedPath {
  const folder = stringProperty(metadata, "path");
  const start = pattern.search(/[*?[{(!]/);
  if (start >= 0 && pattern.slice(start).includes("..")) {
    return { path: pattern, isTree: true, problem: "it has `..` behind a wildcard" };
  }
  const fixed = start < 0 ? pattern : pattern.slice(0, Math.max(pattern.lastIndexOf("/", start), 0)) || ".";
  const rooted = start >= 0 && pattern.startsWith("/") && fixed === "." ? "/" : fixed;
  const path = folder === undefined || isAbsolute(rooted) ? rooted : `${folder}/${rooted}`;
  return { path, isTree: start >= 0 };
}
