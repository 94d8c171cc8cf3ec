/** `policy()` where there is a file system: symbolic links are resolved, and `~` is known. */
import { readlink } from "node:fs/promises";
import { homedir } from "node:os";
import { realpathWith } from "../permissions/paths/realpath.js";
import { policy as purePolicy } from "../permissions/policy/policy.js";
import type { PermissionPolicy, PolicyOptions, PolicyRule } from "../types/policy.js";

/** Links are followed one by one, dangling ones too: what is written through one lands where it points to. */
export const realpath: (path: string) => Promise<string> = realpathWith((path) =>
  readlink(path).catch((error: unknown) => {
    const code = error instanceof Error && "code" in error ? error.code : undefined;
    if (code === "EINVAL" || code === "ENOENT" || code === "ENOTDIR") return undefined; // no link, or nothing there
    throw error;
  }),
);

/**
 * Makes a handler for `onPermission` from rules. The last rule that matches wins; `default` decides requests that no rule matches.
 * A shell line is parsed: rules must allow each of its commands, and only a rule for everything allows a line that cannot be
 * parsed. Paths are compared after `..` and symbolic links are resolved. See `docs/permissions.md`.
 * @throws {ConfigError} with the name of a wrong rule or option.
 */
export function policy(rules: readonly PolicyRule[], options: PolicyOptions): PermissionPolicy {
  return purePolicy(rules, { realpath, home: homedir(), ...options });
}
