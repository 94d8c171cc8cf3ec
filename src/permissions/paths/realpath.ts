/** Follows symbolic links, also where the path does not exist yet. The file system itself is injected. */
import { isAbsolute, isWindowsPath, normalize } from "./normalize.js";

/** Where a link points; `undefined` when the path is no link or does not exist. Rejects when that cannot be known. */
export type ReadLink = (path: string) => Promise<string | undefined>;

/** As many as Linux follows. */
const mostLinks = 40;

/**
 * A function for the option `realpath` of `policy`: the absolute path with its links followed. Unlike `fs.realpath` it takes
 * paths that do not exist, and sees where a link to nothing leads: a file written through it would be there. Rejects for a
 * relative path, more than 40 links, and whatever `readLink` rejects with.
 */
export function realpathWith(readLink: ReadLink): (path: string) => Promise<string> {
  return async (path) => {
    // `..` is not taken out before the links are followed: `link/..` is the parent of where the link points.
    const [root = "", ...todo] = partsOf(path);
    if (!isRoot(root)) throw new Error(`not an absolute path: ${path}`);
    let real: string[] = [root];
    let links = 0;
    for (let part = todo.shift(); part !== undefined; part = todo.shift()) {
      if (part === "" || part === ".") continue;
      if (part === "..") {
        if (real.length > 1) real.pop();
        continue;
      }
      const target = await readLink([...real, part].join("/"));
      if (target === undefined) {
        real.push(part);
        continue;
      }
      links += 1;
      if (links > mostLinks) throw new Error(`too many symbolic links: ${path}`);
      const [first = "", ...rest] = partsOf(target);
      if (isAbsolute(target)) real = [first];
      else todo.unshift(first);
      todo.splice(isAbsolute(target) ? 0 : 1, 0, ...rest);
    }
    return normalize(real.length === 1 ? `${real[0]}/` : real.join("/"));
  };
}

function partsOf(path: string): string[] {
  return (isWindowsPath(path) ? path.replaceAll("\\", "/") : path).split("/");
}

/** What stands before the first slash of an absolute path. */
function isRoot(part: string): boolean {
  return part === "" || /^[A-Za-z]:$/.test(part);
}
