/** Stores values in the browser. It may refuse (a private window, a full disk). Then nothing is stored, and the page continues. */

/** The stored value of a name, if `check` accepts it. */
export function load<T>(name: string, check: (value: unknown) => value is T): T | undefined {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(name) ?? "null");
    return check(value) ? value : undefined;
  } catch {
    return undefined; // not ours, or not readable: treated as not stored
  }
}

/** Stores a value; `undefined` removes it. Returns false if the browser refuses. */
export function save(name: string, value: unknown): boolean {
  try {
    if (value === undefined) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify(value));
    return true;
  } catch {
    return false; // full, or denied
  }
}

export function isText(value: unknown): value is string {
  return typeof value === "string";
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
