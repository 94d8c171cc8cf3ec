/** Paths, compared as texts: nothing is looked up. */

/** The path from the root, without `.` and `..`. */
export function absolute(path: string, directory: string): string {
  if (/^[A-Za-z]:/.test(path)) return path;
  const pieces: string[] = [];
  for (const piece of (path.startsWith("/") ? path : `${directory}/${path}`).split("/")) {
    if (piece === "..") pieces.pop();
    else if (piece !== "" && piece !== ".") pieces.push(piece);
  }
  return `/${pieces.join("/")}`;
}

export function relative(path: string, root: string): string {
  const prefix = root.endsWith("/") ? root : `${root}/`;
  return path.startsWith(prefix) ? path.slice(prefix.length) : path;
}

export function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`);
}

/** The folder of the path. */
export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

/** What stands for everything in the folder. */
export function everythingIn(folder: string): string {
  return folder === "/" ? "/*" : `${folder}/*`;
}
