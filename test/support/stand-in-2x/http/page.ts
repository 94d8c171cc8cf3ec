/** Pages of lists: an opaque cursor with the filters and the place. The last page has a cursor, too; the page after it is empty. */
import { Failure, invalidRequest } from "./failure.js";

export interface Page<T> {
  readonly data: readonly T[];
  readonly cursor: { readonly previous: string | null; readonly next: string | null };
}

interface Place {
  readonly anchor: string;
  readonly way: "next" | "previous";
  readonly filters: Readonly<Record<string, string>>;
}

/** @throws {Failure} 400 for a cursor that is none. */
export function readCursor(cursor: string): Place {
  try {
    const place = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8")) as Place;
    if (typeof place.anchor === "string" && typeof place.filters === "object") return place;
  } catch {
    // below
  }
  throw new Failure(400, "InvalidCursorError", "Invalid cursor");
}

/** `items` are all that the filters let through, in the order that is wanted. */
export function pageOf<T>(
  items: readonly T[],
  idOf: (item: T) => string,
  limit: number,
  place: Place | undefined,
  filters: Readonly<Record<string, string>>,
): Page<T> {
  const at = place === undefined ? -1 : items.findIndex((item) => idOf(item) === place.anchor);
  if (place !== undefined && at < 0) throw new Failure(400, "InvalidCursorError", "The cursor's place is gone");
  const data =
    place?.way === "previous" ? items.slice(Math.max(0, at - limit), at) : items.slice(at + 1, at + 1 + limit);
  const cursor = (item: T | undefined, way: Place["way"]): string | null =>
    item === undefined ? null : Buffer.from(JSON.stringify({ anchor: idOf(item), way, filters })).toString("base64url");
  return { data, cursor: { previous: cursor(data[0], "previous"), next: cursor(data.at(-1), "next") } };
}

/** @throws {Failure} 400 for a number out of bounds. */
export function limitOf(query: URLSearchParams, most: number): number {
  const limit = Number(query.get("limit") ?? 50);
  if (!Number.isInteger(limit) || limit < 1 || limit > most) throw invalidRequest(`limit is 1 to ${most}`, "Query");
  return limit;
}

/** `desc` when it is not given. */
export function isAscending(order: string | null | undefined): boolean {
  if (order != null && order !== "asc" && order !== "desc") throw invalidRequest("order is asc or desc", "Query");
  return order === "asc";
}
