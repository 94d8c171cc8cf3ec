/**
 * A JSON value that is being written, as far as it is complete: strings grow; a name, a number and a literal count when they are
 * complete. Nothing that was shown disappears again. Each character is looked at once.
 */
import type { JsonRecord } from "../../util/json.js";
import type { JsonKind, SchemaPlace } from "./schema-place.js";

/** Containers within each other. */
const deepest = 200;

/** An object or array that has no end yet. */
interface Open {
  readonly place: SchemaPlace | "hidden";
  readonly object: JsonRecord | undefined;
  readonly array: unknown[];
  /** Of an object: the member whose value is being read. */
  name: string;
  /** That member is not shown. */
  isHidden: boolean;
  /** Of its members or elements. */
  count: number;
}

const codes = { firstPrintable: 0x20, quote: 0x22, backslash: 0x5c } as const;
const escapes: Readonly<Record<string, string | undefined>> = {
  '"': '"',
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** One value, an object or an array, with the schema that it should fit. */
export class PartialJson {
  /** `"failed"`: the text is no JSON, or the value cannot fit any more. Shown is what was until then. */
  state: "open" | "complete" | "failed" = "open";
  /** Grows with each change of the value. */
  changes = 0;
  readonly #place: SchemaPlace;
  readonly #open: Open[] = [];
  /** What may come next. `"first"`: the first member or element, or the end. */
  #next: "value" | "first" | "name" | "colon" | "end" | "string" | "literal" = "value";
  /** The string or literal that is being read. */
  #token = "";
  /** After a backslash: the rest of the escape so far. */
  #escape: string | undefined;
  #isName = false;
  #isShown = false;
  #value: unknown;

  constructor(place: SchemaPlace) {
    this.#place = place;
  }

  /** Members and elements of the containers that are open: a look at the value copies them. */
  get size(): number {
    return this.#open.reduce((size, { count }) => size + count, 0);
  }

  /** A look at the value as it is now; `undefined` before there is one. Later text does not change it. */
  get value(): unknown {
    if (this.#open.length === 0) return this.#value;
    let inner: unknown =
      this.#next === "string" && !this.#isName && this.#isShown ? wellFormed(this.#token) : undefined;
    for (const { object, array, name, isHidden } of this.#open.toReversed()) {
      const isMember = inner !== undefined && !isHidden;
      if (object === undefined) inner = isMember ? [...array, inner] : [...array];
      else inner = isMember ? put({ ...object }, name, inner) : { ...object };
    }
    return inner;
  }

  /** Reads on, from this place of the text. Returns the place behind what belongs to the value. */
  add(text: string, from: number): number {
    let at = from;
    while (at < text.length && this.state === "open") {
      if (this.#next === "string") at = this.#string(text, at);
      else if (this.#next === "literal") at = this.#literal(text, at);
      else at = this.#mark(text, at);
    }
    return at;
  }

  #mark(text: string, at: number): number {
    const character = text.charAt(at);
    if (character === " " || character === "\n" || character === "\r" || character === "\t") return at + 1;
    const inside = this.#open.at(-1);
    switch (this.#next) {
      case "colon":
        if (character !== ":") return this.#fail(at);
        this.#next = "value";
        return at + 1;
      case "end":
        if (character === "]" || character === "}") return this.#close(character, at);
        if (character !== ",") return this.#fail(at);
        this.#next = inside?.object === undefined ? "value" : "name";
        return at + 1;
      case "first":
        if (character === "]" || character === "}") return this.#close(character, at);
        break;
    }
    if (this.#next !== "value" && inside?.object !== undefined) {
      if (character !== '"') return this.#fail(at);
      this.#begin("string", true);
      return at + 1;
    }
    return this.#begins(character, at);
  }

  /** A value begins. */
  #begins(character: string, at: number): number {
    const inside = this.#open.at(-1);
    const place = this.#placeOfValue(inside);
    const kind = kindAt(character);
    if (kind === undefined || place === undefined || (place !== "hidden" && !place.allows(kind))) return this.#fail(at);
    if (kind === "object" || kind === "array") {
      if (this.#open.length >= deepest) return this.#fail(at);
      const object = kind === "object" ? {} : undefined;
      this.#open.push({ place, object, array: [], name: "", isHidden: false, count: 0 });
      this.#next = "first";
      if (place !== "hidden") this.#change();
      return at + 1;
    }
    if (inside === undefined) return this.#fail(at);
    this.#begin(kind === "string" ? "string" : "literal", false);
    this.#isShown = place !== "hidden" && place.growsText;
    if (kind !== "string") return at;
    if (this.#isShown) this.#change();
    return at + 1;
  }

  #placeOfValue(inside: Open | undefined): SchemaPlace | "hidden" | undefined {
    if (inside === undefined) return this.#place;
    if (inside.place === "hidden" || inside.isHidden) return "hidden";
    return inside.object === undefined ? inside.place.element(inside.array.length) : inside.place.member(inside.name);
  }

  #begin(token: "string" | "literal", isName: boolean): void {
    this.#next = token;
    this.#token = "";
    this.#escape = undefined;
    this.#isName = isName;
  }

  #string(text: string, from: number): number {
    let at = from;
    if (this.#escape !== undefined) {
      this.#escape += text.charAt(at);
      return this.#escaped(at);
    }
    while (at < text.length) {
      const code = text.charCodeAt(at);
      if (code === codes.quote || code === codes.backslash || code < codes.firstPrintable) break;
      at += 1;
    }
    if (at > from) this.#grow(text.slice(from, at));
    if (at === text.length) return at;
    const code = text.charCodeAt(at);
    if (code < codes.firstPrintable) return this.#fail(at);
    if (code === codes.backslash) this.#escape = "";
    else if (this.#isName) return this.#named(at);
    else if (!this.#store(this.#token)) return this.#fail(at);
    return at + 1;
  }

  #escaped(at: number): number {
    const rest = this.#escape ?? "";
    const isUnicode = rest.startsWith("u");
    if (isUnicode && !/^u[\da-f]*$/i.test(rest)) return this.#fail(at);
    if (isUnicode && rest.length < 5) return at + 1;
    const character = isUnicode ? String.fromCharCode(Number.parseInt(rest.slice(1), 16)) : escapes[rest];
    if (character === undefined) return this.#fail(at);
    this.#escape = undefined;
    this.#grow(character);
    return at + 1;
  }

  #grow(piece: string): void {
    this.#token += piece;
    if (this.#isShown && !this.#isName) this.#change();
  }

  /** The name of a member is complete. */
  #named(at: number): number {
    const inside = this.#open.at(-1);
    const name = this.#token;
    // The second of two equal names would replace what was shown.
    if (inside?.object === undefined || Object.hasOwn(inside.object, name)) return this.#fail(at);
    const place = inside.place === "hidden" ? "hidden" : inside.place.member(name);
    if (place === undefined) return this.#fail(at);
    inside.name = name;
    inside.isHidden = place === "hidden";
    this.#next = "colon";
    return at + 1;
  }

  #literal(text: string, from: number): number {
    let at = from;
    while (at < text.length && /[-+.\w]/.test(text.charAt(at))) at += 1;
    this.#token += text.slice(from, at);
    if (this.#token.length > longestLiteral) return this.#fail(at);
    if (at === text.length) return at;
    const value = parsed(this.#token);
    return value !== undefined && this.#store(value) ? at : this.#fail(at);
  }

  /** Keeps a complete text, number or literal. */
  #store(value: string | number | boolean | null): boolean {
    const place = this.#placeOfValue(this.#open.at(-1));
    if (place === undefined || (place !== "hidden" && !place.allowsValue(value))) return false;
    this.#keep(value);
    // A text that has grown is known already.
    if (place !== "hidden" && !(typeof value === "string" && this.#isShown)) this.#change();
    return true;
  }

  #keep(value: unknown): void {
    const inside = this.#open.at(-1);
    if (inside !== undefined) inside.count += 1;
    if (inside === undefined) this.#value = value;
    else if (inside.object === undefined) inside.array.push(value);
    else if (!inside.isHidden) put(inside.object, inside.name, value);
    this.#next = "end";
  }

  #close(character: string, at: number): number {
    const closed = this.#open.at(-1);
    if (closed === undefined || (character === "}") !== (closed.object !== undefined)) return this.#fail(at);
    this.#open.pop();
    this.#keep(closed.object ?? closed.array);
    if (this.#open.length === 0) this.state = "complete";
    return at + 1;
  }

  #change(): void {
    this.changes += 1;
  }

  #fail(at: number): number {
    this.state = "failed";
    return at;
  }
}

/** Characters. */
const longestLiteral = 1_000;

function kindAt(character: string): JsonKind | undefined {
  if (character === "{") return "object";
  if (character === "[") return "array";
  if (character === '"') return "string";
  if (character === "t" || character === "f") return "boolean";
  if (character === "n") return "null";
  return /[-\d]/.test(character) ? "number" : undefined;
}

function parsed(literal: string): number | boolean | null | undefined {
  try {
    return JSON.parse(literal) as number | boolean | null; // without quotes and brackets it is nothing else
  } catch {
    return undefined;
  }
}

/** Also under the name `__proto__`, as `JSON.parse` does it. */
function put(object: JsonRecord, name: string, value: unknown): JsonRecord {
  return Object.defineProperty(object, name, { value, writable: true, enumerable: true, configurable: true });
}

/** Without the first half of a character whose second half is still to come. */
function wellFormed(text: string): string {
  return /[\uD800-\uDBFF]$/.test(text) ? text.slice(0, -1) : text;
}
