/** The server's permissions by name, so that a slip of the pen is an error and not a rule that never matches. */
import { ConfigError } from "../../errors/index.js";
import { editDistance } from "../../util/edit-distance.js";

/** Of the configuration's document, of the agents' built-in rules and of the tools (1.18.33). */
export const permissionNames: readonly string[] = [
  "bash",
  "edit",
  "read",
  "glob",
  "grep",
  "list",
  "webfetch",
  "websearch",
  "codesearch",
  "task",
  "skill",
  "lsp",
  "todowrite",
  "todoread",
  "question",
  "external_directory",
  "doom_loop",
  "plan_enter",
  "plan_exit",
];

/** Names of tools and of other programs' permissions that people write instead. */
const aliases: Readonly<Record<string, string>> = {
  write: "edit",
  patch: "edit",
  applypatch: "edit",
  multiedit: "edit",
  notebookedit: "edit",
  shell: "bash",
  sh: "bash",
  terminal: "bash",
  command: "bash",
  exec: "bash",
  fetch: "webfetch",
  search: "websearch",
  ls: "list",
  find: "glob",
  agent: "task",
  subagent: "task",
  todo: "todowrite",
  external: "external_directory",
};

/** The known name that `name` is probably meant to be; `undefined` for a known one and for what may be an MCP tool. */
export function nearMiss(name: string): string | undefined {
  if (permissionNames.includes(name)) return undefined;
  const plain = simplified(name);
  const alias = Object.hasOwn(aliases, plain) ? aliases[plain] : undefined;
  return alias ?? permissionNames.find((known) => isNear(plain, simplified(known)));
}

/** Throws `ConfigError` for an empty name and for a near miss of a known one. `where` says what is wrong, for example `rules[2]`. */
export function checkName(name: string, where: string): void {
  if (name === "") throw new ConfigError(`${where}: the name of a permission is empty; use "*" for all`);
  if (/[*?]/.test(name)) return;
  const meant = nearMiss(name);
  if (meant === undefined) return;
  throw new ConfigError(`${where}: there is no permission ${JSON.stringify(name)}; did you mean "${meant}"?`, {
    hint: `A tool that really has this name is reached with a wildcard: ${JSON.stringify(`${name}*`)}.`,
  });
}

/** Tools that the server has under the permission `edit` (1.18.33). */
export const editingTools: ReadonlySet<string> = new Set(["write", "edit", "patch", "apply_patch", "multiedit"]);

/** As {@link checkName}, for the name of a tool: `"Bash"` would be nobody's, and so forbid nothing. */
export function checkToolName(name: string, where: string): void {
  if (!editingTools.has(name)) checkName(name, where);
}

function simplified(name: string): string {
  return name.toLowerCase().replace(/[_\- ]/g, "");
}

/** One slip in a short name, two in a longer one: a custom tool may well be called "test", which is two from "task". */
function isNear(name: string, known: string): boolean {
  return editDistance(name, known) <= (known.length <= 4 ? 1 : 2);
}
