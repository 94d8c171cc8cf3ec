/** What rules are compared with: a command, a path, or any other text. */

import { matchesWildcard } from "../../util/wildcard.js";
import type { ShellCommand } from "../shell/commands.js";
import type { CompiledRule, Matcher } from "./compile.js";

/**
 * The two ways are not symmetric, on purpose: a rule that allows has to cover the subject for sure, one that denies (or
 * asks) need only be able to mean it.
 */
export interface Target {
  /** For people. */
  readonly text: string;
  /** Why no pattern can cover it for sure. */
  readonly unknown: string | undefined;
  covers(rule: CompiledRule): boolean;
  /** `"possibly"` when it cannot be known. */
  mayCover(rule: CompiledRule): boolean | "possibly";
}

/** A command of a line. */
export function commandTarget(command: ShellCommand): Target {
  const { text, names, spellings, looseSpellings, opaque, isKnown } = command;
  return {
    text,
    unknown: opaque,
    covers: ({ matcher }) => {
      if (names.some((name) => isExactly(matcher, name))) return true;
      return opaque === undefined && spellings.some((spelling) => coversCommand(matcher, spelling));
    },
    mayCover: ({ matcher }) => {
      const isMeant = [...names, ...spellings, ...looseSpellings].some((spelling) => coversText(matcher, spelling));
      return isMeant || (isKnown ? false : "possibly");
    },
  };
}

/** The pattern has no wildcard and is this very text. */
function isExactly(matcher: Matcher, text: string): boolean {
  if (matcher.kind === "literal") return matcher.text === text;
  return matcher.kind === "wildcard" && matcher.text === text && !/[*?]/.test(text);
}

/** A RegExp must match from the beginning: `/ls/` is not meant to allow `rm ls`. */
function coversCommand(matcher: Matcher, spelling: string): boolean {
  return matcher.kind === "regexp" ? matcher.regexp.exec(spelling)?.index === 0 : coversText(matcher, spelling);
}

export function coversText(matcher: Matcher, text: string): boolean {
  switch (matcher.kind) {
    case "everything":
      return true;
    case "literal":
      return matcher.text === text;
    case "wildcard":
      return matchesWildcard(text, matcher.text);
    case "regexp":
      return matcher.regexp.test(text);
  }
}

/** A text with its other forms: all of them have to be allowed, and each may be denied. */
export function textTarget(text: string, forms: readonly string[] = [text], loose: readonly string[] = []): Target {
  return {
    text,
    unknown: undefined,
    covers: ({ matcher }) => forms.every((form) => coversText(matcher, form)),
    mayCover: ({ matcher }) => [...forms, ...loose].some((form) => coversText(matcher, form)),
  };
}

/** The request does not say what it is about. */
export function unknownTarget(text: string, reason: string, hints: readonly string[] = []): Target {
  return {
    text,
    unknown: reason,
    covers: () => false,
    mayCover: ({ matcher }) => hints.some((hint) => coversText(matcher, hint)) || "possibly",
  };
}

/** An address as programs read it: `HTTPS://Example.com` is `https://example.com/`. */
export function urlTarget(url: string): Target {
  let normal: string;
  try {
    normal = new URL(url).href;
  } catch {
    return unknownTarget(url, "it is no URL", [url]);
  }
  const isSame = normal === url || normal === `${url}/`;
  return textTarget(url, isSame ? [url] : [url, normal], [normal]);
}
