/**
 * What a shell line asks permission for. A parser takes it apart, as in the real one; nothing of it is run. The patterns are
 * those of the real one's own parser, with its oddities, as they were measured.
 */
import { type JsonRecord, stringProperty } from "../../util/json.js";
import { home } from "./agents.js";
import type { PermissionNeed } from "./asks.js";
import { absolute, everythingIn, isWithin, parentOf } from "./paths.js";
import { type FoundCommand, findCommands } from "./shell-line.js";

/** Commands whose first words name what they do, where one is not enough. The server knows many more. */
const twoWords = new Set(
  "git npm pnpm yarn bun docker cargo go kubectl pip deno python make brew systemctl terraform".split(" "),
);
const threeWords = new Set(
  (
    "gh,aws,npm run,npm exec,pnpm run,pnpm exec,yarn run,yarn dlx,bun run,bun x,deno task,cargo run,docker compose," +
    "git config,git remote,git stash,terraform workspace"
  ).split(","),
);
/** Commands that only go somewhere: where they go is asked about, they are not. */
const goers = new Set(["cd", "chdir", "popd", "pushd"]);
/** Those whose arguments are looked at as paths. */
const pathTakers = new Set([...goers, ..."rm cp mv mkdir touch chmod chown cat".split(" ")]);

/** The directories outside first, then the commands. */
export function bashNeeds(input: JsonRecord, directory: string): PermissionNeed[] {
  const command = stringProperty(input, "command") ?? "";
  const place = absolute(stringProperty(input, "workdir") ?? "", directory);
  const found = findCommands(command);
  const paths = found.flatMap((one) => foldersOf(one, place));
  const folders = [...new Set([place, ...paths])].filter((path) => !isWithin(path, directory));
  const asked = found.filter(({ words: [name = ""] }) => !goers.has(name));
  const needs: PermissionNeed[] = [];
  if (folders.length > 0) {
    const patterns = folders.map(everythingIn);
    const metadata = { command, directories: folders, patterns };
    needs.push({ permission: "external_directory", patterns, always: patterns, metadata });
  }
  if (asked.length > 0) {
    const patterns = [...new Set(asked.map(({ source }) => source))];
    const always = [...new Set(asked.map(({ words }) => `${beginning(words)} *`))];
    needs.push({ permission: "bash", patterns, always, metadata: { command } });
  }
  return needs;
}

function beginning(words: readonly string[]): string {
  const [first = ""] = words;
  const isLong = threeWords.has(first) || threeWords.has(words.slice(0, 2).join(" "));
  return words.slice(0, isLong ? 3 : twoWords.has(first) ? 2 : 1).join(" ");
}

/** The folders that the arguments are in; what the shell makes at run time is not looked at. */
function foldersOf({ words: [name = "", ...args] }: FoundCommand, place: string): string[] {
  if (!pathTakers.has(name)) return [];
  return args
    .filter((arg) => !arg.startsWith("-") && !(name === "chmod" && arg.startsWith("+")) && !/[`$]/.test(arg))
    .map((arg) => arg.replace(/^~(?=\/|$)/, home).replace(/["']/g, ""))
    .map((arg) => {
      const path = absolute(arg, place);
      return goers.has(name) || arg.endsWith("/") ? path : parentOf(path);
    });
}
