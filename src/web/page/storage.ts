/** What the browser keeps. It may refuse: a private window, a full disk. Then nothing is kept, and the page goes on. */

/** The value kept under a name, if it is what `check` wants. */
export function load<T>(name: string, check: (value: unknown) => value is T): T | undefined {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(name) ?? "null");
    return check(value) ? value : undefined;
  } catch {
    return undefined; // not ours, or not readable: as if nothing were there
  }
}

/** Keeps a value; `undefined` removes it. False when the browser refuses. */
export function save(name: string, value: unknown): boolean {
  try {
    if (value === undefined) localStorage.removeItem(name);
    else localStorage.setItem(name, JSON.stringify(value));
    return true;
  } catch {
    return false; // full, or forbidden
  }
}

export function isText(value: unknown): value is string {
  return typeof value === "string";
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
