/** Which releases of the agent this package works with. Pure, and free of Node: connecting from a browser checks it too. */
import { UnsupportedServerVersionError } from "../errors/index.js";
import type { Protocol } from "../types/protocol.js";
import { invalidOption } from "../util/invalid-option.js";

/**
 * The releases that work. 1.0 has no `/global/health` and no `/permission/{id}/reply`; 2.x has every route under
 * `/api`. A pre-release counts as its release, so `2.0.0-beta.1` is 2.x.
 */
export const supportedRange = ">=1.1.0 <3.0.0";

/** The first version number in a text; a leading `v` is dropped. */
export function parseVersion(text: string): string | undefined {
  return /(?:^|[^\d.])(\d{1,9}\.\d{1,9}\.\d{1,9}(?:-[\w.-]{1,100})?)/.exec(text)?.[1];
}

/**
 * The version in what `opencode --version` prints: that line and nothing else, perhaps with a `v`. Another program of the
 * same name says "frobnicate version 1.6.0". Lines around it (a version manager's warning) do not matter.
 */
export function versionLine(output: string): string | undefined {
  if (/^lildax v\S+[ \t]*\r?$/m.test(output)) return "2.0.0-preview"; // "lildax vlocal": the preview of 2.0 does not say more
  return /^[ \t]*v?(\d{1,9}\.\d{1,9}\.\d{1,9}(?:[-+][\w.+-]{1,100})?)[ \t]*\r?$/m.exec(output)?.[1];
}

/** True when `version` is within {@link supportedRange}; false for everything that is no version number. */
export function isSupportedVersion(version: string): boolean {
  const [major, minor] = numbers(version);
  return major === 2 || (major === 1 && minor !== undefined && minor >= 1);
}

/** The protocol that a release speaks; `undefined` for a text that is no supported version. A build from source (`0.0.0-…`, `local`) says nothing. */
export function protocolOf(version: string): Protocol | undefined {
  if (!isSupportedVersion(version)) return undefined;
  return numbers(version)[0] === 1 ? "v1" : "v2";
}

/** For sorting: negative when `a` is older than `b`. Pre-release suffixes are not compared. */
export function compareVersions(a: string, b: string): number {
  const [left, right] = [numbers(a), numbers(b)];
  for (let index = 0; index < 3; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/**
 * The error for an agent out of range.
 * @param found what it says it is, for example `"3.0.1"`, or `"unknown"`.
 * @param path the binary, where there is one.
 */
export function unsupportedVersion(found: string, path?: string): UnsupportedServerVersionError {
  const where = path === undefined ? "The server" : path;
  return new UnsupportedServerVersionError(
    `${where} is opencode ${found}, which this version of opencode-ts cannot drive. Supported: ${supportedRange}.`,
    {
      found,
      supported: supportedRange,
      path,
      hint:
        path === undefined
          ? "Connect to a server of a supported release (npx opencode-ai@1 serve), or leave `baseUrl` out to have one started."
          : "Install a 1.x release (npm install opencode-ai@1) and name its binary with the option `binary` or the variable OPENCODE_BINARY, " +
            "or leave both out to have one found or downloaded.",
    },
  );
}

/** The releases of a protocol. */
const rangeOf: Readonly<Record<Protocol, string>> = { v1: ">=1.1.0 <2.0.0", v2: ">=2.0.0 <3.0.0" };

/**
 * The error for an agent of the protocol that the caller does not want.
 * @param where the address of the server, or the path of the binary.
 */
export function wrongProtocol(found: string, wanted: Protocol, where: string): UnsupportedServerVersionError {
  return new UnsupportedServerVersionError(
    `${where} is opencode ${found}, and \`protocol: "${wanted}"\` wants ${rangeOf[wanted]}.`,
    {
      found,
      supported: rangeOf[wanted],
      hint: "Leave the option `protocol` out to take a server of either protocol.",
    },
  );
}

/** The error for a release of 2.x that is to be installed. */
export function noInstall(found: string): UnsupportedServerVersionError {
  return new UnsupportedServerVersionError(`installBinary() installs releases of 1.x only, and ${found} is none.`, {
    found,
    supported: rangeOf.v1,
    hint: "Install 2.x by opencode's own installer; a binary on PATH is found.",
  });
}

/** The option `protocol`. Throws `ConfigError` for a value that it does not have. */
export function checkProtocol(protocol: unknown = "auto"): Protocol | "auto" {
  if (protocol === "auto" || protocol === "v1" || protocol === "v2") return protocol;
  throw invalidOption("protocol", '"auto", "v1" or "v2"', protocol);
}

/** Why a binary of this release does not do for `protocol`; `undefined` when it does. */
export function protocolProblem(version: string, protocol: Protocol | "auto"): string | undefined {
  if (!isSupportedVersion(version)) return `opencode ${version} is not supported (${supportedRange} is)`;
  if (protocol === "auto" || protocolOf(version) === protocol) return undefined;
  return `opencode ${version} is not of the protocol "${protocol}" (${rangeOf[protocol]})`;
}

function numbers(version: string): number[] {
  const parsed = parseVersion(version);
  return parsed === undefined ? [] : parsed.split(/[.-]/, 3).map(Number);
}
