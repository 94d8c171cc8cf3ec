/** Paths as text: without `.`, `..`, double and trailing slashes. No file system; that is in `links.ts`. */

/** Windows writes `C:\x` and `\\host\x`; nobody else's absolute paths begin so. */
export function isWindowsPath(path: string): boolean {
  return /^(?:[A-Za-z]:[\\/]|\\\\)/.test(path);
}

export function isAbsolute(path: string): boolean {
  return path.startsWith("/") || isWindowsPath(path);
}

/** `a/../../b` becomes `../b`, `/../a` becomes `/a`, the empty path and `.` become `.`. */
export function normalize(path: string): string {
  const slashed = isWindowsPath(path) ? path.replaceAll("\\", "/") : path;
  const isRooted = slashed.startsWith("/");
  const kept: string[] = [];
  for (const part of slashed.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") kept.push(part);
    else if (kept.length > 0 && kept.at(-1) !== "..") kept.pop();
    else if (!isRooted) kept.push("..");
  }
  return `${isRooted ? "/" : ""}${kept.join("/")}` || ".";
}

/** The path from `base` on, unless it is absolute. */
export function resolve(base: string | undefined, path: string): string {
  if (base === undefined || isAbsolute(path)) return normalize(path);
  // Windows: what is relative to such a directory has its slashes too.
  const relative = isWindowsPath(base) ? path.replaceAll("\\", "/") : path;
  return normalize(`${base}/${relative}`);
}

/** True for the directory itself and what is below it; both normalized. */
export function isWithin(path: string, directory: string): boolean {
  return path === directory || directory === "/" || path.startsWith(`${directory}/`);
}

/** The path as seen from `directory`; `undefined` when it is not within. */
export function relativeTo(path: string, directory: string): string | undefined {
  if (path === directory) return ".";
  if (directory === "/") return path.slice(1);
  return path.startsWith(`${directory}/`) ? path.slice(directory.length + 1) : undefined;
}
