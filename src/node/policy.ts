/** `policy()` where there is a file system: symbolic links are resolved, and `~` is known. */
import { realpath } from "node:fs/promises";
import { homedir } from "node:os";
import { basename, dirname, join } from "node:path";
import { policy as purePolicy } from "../permissions/policy.js";
import type { PermissionPolicy, PolicyOptions, PolicyRule } from "../types/policy.js";

/**
 * Makes a handler for `onPermission` out of rules; the last rule that matches wins, and `default` is for what none matches.
 * A line of the shell is taken apart: each command of it has to be allowed by itself, and what cannot be read is allowed only
 * by a rule for everything. Paths are compared after `..` and links are resolved. Throws `ConfigError` for a rule that is
 * wrong, and says which. See `docs/permissions.md`.
 */
export function policy(rules: readonly PolicyRule[], options: PolicyOptions): PermissionPolicy {
  return purePolicy(rules, { realpath: resolveLinks, home: homedir(), ...options });
}

/** The path without links, also when its end does not exist yet: a file that is to be written. */
async function resolveLinks(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    const parent = dirname(path);
    const isMissing = error instanceof Error && "code" in error && error.code === "ENOENT";
    if (!isMissing || parent === path) throw error;
    return join(await resolveLinks(parent), basename(path));
  }
}
