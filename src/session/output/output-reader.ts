/**
 * Finds the output in the text of a model that is still writing, and reads it as far as it is written. A value begins on a line of its own or
 * in a code fence, never within a sentence. One try shows one value: after it only the checked output can come.
 */
import { isRecord } from "../../util/json.js";
import type { OutputFormat } from "./output-format.js";
import type { OutputPiece } from "./output-text.js";
import { PartialJson } from "./partial-json.js";
import { SchemaPlace } from "./schema-place.js";

/** Characters of a line that tell whether it opens or closes a code fence. */
const longestLine = 40;
/** A large value is copied when it has grown by this part of its members, in characters. */
const copiedAt = 1 / 32;

/** Reads the output of one turn. */
export class OutputReader {
  readonly #place: SchemaPlace;
  readonly #isWrapped: boolean;
  readonly #takesArrays: boolean;
  #value: PartialJson | undefined;
  /** The line so far, without the white space before it. */
  #line = "";
  #fence: "none" | "json" | "other" = "none";
  /** The text has had its value, or something that cannot be told from one. */
  #isDone = false;
  /** A value was shown in this try. */
  #wasShown = false;
  #changes = 0;
  #unseen = 0;

  constructor({ jsonSchema, isWrapped }: Pick<OutputFormat<unknown>, "jsonSchema" | "isWrapped">) {
    const { properties } = jsonSchema;
    // A model may give the value itself, without its wrapping.
    const either = isWrapped && isRecord(properties) ? { anyOf: [jsonSchema, properties["value"]] } : jsonSchema;
    this.#place = SchemaPlace.of(jsonSchema, either);
    this.#isWrapped = isWrapped;
    this.#takesArrays = this.#place.allows("array");
  }

  /** Takes the next text; returns `{ value }` when more of the value is known than before. */
  read({ isRenewed, begins, isHeadless, text }: OutputPiece): { readonly value: unknown } | undefined {
    if (isRenewed) this.#wasShown = false;
    if (begins) this.#begin();
    if (isHeadless) this.#isDone = true;
    for (let at = 0; at < text.length && !this.#isDone; ) {
      at = this.#value === undefined ? this.#scan(text, at) : this.#readValue(this.#value, text, at);
    }
    return this.#news(text.length);
  }

  #begin(): void {
    this.#value = undefined;
    this.#line = "";
    this.#fence = "none";
    this.#isDone = this.#wasShown;
  }

  #scan(text: string, at: number): number {
    const character = text.charAt(at);
    if (character === "\n") {
      if (this.#line.startsWith("```")) this.#toggle(this.#line.slice(3).trim());
      this.#line = "";
    } else if (this.#line === "" && (character === "{" || (character === "[" && this.#takesArrays)) && this.#mayBegin) {
      this.#value = new PartialJson(this.#place);
      this.#changes = 0;
      return at;
    } else if (this.#line.length < longestLine && (this.#line !== "" || character.trim() !== "")) {
      this.#line += character;
    }
    return at + 1;
  }

  get #mayBegin(): boolean {
    return this.#fence !== "other";
  }

  #toggle(language: string): void {
    const opens = this.#fence === "none" || language !== "";
    this.#fence = !opens ? "none" : /^(json.*)?$/i.test(language) ? "json" : "other";
  }

  #readValue(value: PartialJson, text: string, from: number): number {
    const at = value.add(text, from);
    if (value.state === "complete") this.#isDone = true;
    else if (value.state === "failed") {
      // A bracket at the beginning of a line was no value. What looked like one hides whatever follows.
      if (isEmpty(value.value)) {
        this.#value = undefined;
        this.#line = "no value";
      } else this.#isDone = true;
    }
    return at;
  }

  #news(length: number): { readonly value: unknown } | undefined {
    const value = this.#value;
    this.#unseen += length;
    if (value === undefined || value.state === "failed" || value.changes === this.#changes) return undefined;
    if (value.state === "open" && this.#unseen < value.size * copiedAt) return undefined;
    const shown = value.value;
    if (value.state === "open" && isEmpty(shown)) return undefined;
    const output = this.#unwrapped(shown);
    if (output === undefined) return undefined;
    this.#changes = value.changes;
    this.#unseen = 0;
    this.#wasShown = true;
    return { value: output };
  }

  /** `undefined`: it cannot be told what the value is. */
  #unwrapped(value: unknown): unknown {
    if (!this.#isWrapped || !isRecord(value) || !Object.hasOwn(value, "value")) return value;
    return Object.keys(value).length === 1 ? value["value"] : undefined;
  }
}

function isEmpty(value: unknown): boolean {
  return (Array.isArray(value) && value.length === 0) || (isRecord(value) && Object.keys(value).length === 0);
}
