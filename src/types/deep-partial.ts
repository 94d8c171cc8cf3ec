/** The type of an output that is not complete. */

/** Types without members that could be missing. */
type Whole = string | number | bigint | boolean | symbol | null | undefined | Date | ((...given: never[]) => unknown);

/**
 * `T` with each member optional, at any depth. Elements of an array are never missing, and the last one may be incomplete. A text may be the
 * beginning of a text; numbers, literals and fixed texts are complete.
 */
export type DeepPartial<T> = unknown extends T
  ? T
  : T extends Whole
    ? T
    : T extends readonly unknown[]
      ? PartialList<T>
      : { readonly [Key in keyof T]?: DeepPartial<T[Key]> };

type PartialList<T extends readonly unknown[]> = number extends T["length"]
  ? readonly DeepPartial<T[number]>[]
  : Readonly<Partial<{ [Index in keyof T]: DeepPartial<T[Index]> }>>;
