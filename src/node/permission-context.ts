/** What permissions of a turn can use where there is a file system. */
import { homedir } from "node:os";
import type { PermissionContext } from "../session/context.js";
import { auditFile } from "./audit.js";
import { realpath } from "./policy.js";

/** For every connection that is made in Node: links are resolved, `~` is known, and an audit can go to a file. */
export const localPermissionContext: Pick<PermissionContext, "realpath" | "home" | "openAudit"> = {
  realpath,
  home: homedir(),
  openAudit: auditFile,
};
