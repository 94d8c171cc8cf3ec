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
 * Makes a handler for `onPermission` out of rules; the last rule that matches wins, and `default` is for what none matches.
 * A line of the shell is taken apart: each command of it has to be allowed by itself, and what cannot be read is allowed only
 * by a rule for everything. Paths are compared after `..` and links are resolved. Throws `ConfigError` for a rule that is
 * wrong, and says which. See `docs/permissions.md`.
 */
export function policy(rules: readonly PolicyRule[], options: PolicyOptions): PermissionPolicy {
  return purePolicy(rules, { realpath, home: homedir(), ...options });
}
