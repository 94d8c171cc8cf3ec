/** State that all copies of this package in one process share: an ESM and a CommonJS one, or two of a monorepo. */

/**
 * The state of this name, made by whichever copy needs it first. `form` is raised when its shape changes: copies that would
 * not understand each other share nothing.
 */
export function processWide<T extends object>(name: string, form: number, make: () => T): T {
  const key = Symbol.for(`opencode-ts.${name}.${form}`);
  const found: unknown = Reflect.get(globalThis, key);
  if (typeof found === "object" && found !== null) return found as T; // nobody else writes under this key
  const made = make();
  Reflect.set(globalThis, key, made);
  return made;
}
