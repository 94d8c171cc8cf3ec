/** Forms that wait for an answer. */
import { isRecord, type JsonRecord } from "../../../../src/util/json.js";
import { conflict, Failure } from "../http/failure.js";
import { newId } from "../ids.js";
import type { World } from "../world.js";
import { Declined, ToolFailure } from "./endings.js";

export interface Field {
  readonly key: string;
  readonly type: string;
  readonly required?: boolean;
  readonly custom?: boolean;
  readonly options?: readonly { readonly value: string }[];
  readonly [name: string]: unknown;
}

export interface Form {
  readonly id: string;
  readonly sessionID: string;
  readonly title: string;
  readonly metadata?: JsonRecord;
  readonly fields: readonly Field[];
}

export type FormState =
  | { status: "pending" }
  | { status: "answered"; answer: JsonRecord }
  | { status: "cancelled"; message?: string };

interface Entry {
  readonly form: Form;
  readonly directory: string;
  readonly settle: (state: FormState) => void;
  state: FormState;
}

export class Forms {
  readonly #world: World;
  readonly #entries = new Map<string, Entry>();

  constructor(world: World) {
    this.#world = world;
  }

  pending(isWanted: (entry: { form: Form; directory: string }) => boolean): Form[] {
    return [...this.#entries.values()]
      .filter((entry) => entry.state.status === "pending" && isWanted(entry))
      .map(({ form }) => form);
  }

  create(draft: Omit<Form, "id"> & { id?: string }, directory: string, settle: Entry["settle"] = () => {}): Form {
    const form: Form = { ...draft, id: draft.id ?? newId("frm") };
    if (this.#entries.has(form.id)) throw conflict(`Form exists: ${form.id}`, form.id);
    this.#entries.set(form.id, { form, directory, settle, state: { status: "pending" } });
    this.#world.hub.ephemeral("form.created", { sessionID: form.sessionID, form }, directory);
    return form;
  }

  /**
   * Resolves to the answer of the form.
   * @throws {ToolFailure} when it was cancelled with a message. {Declined} when it was without.
   */
  ask(draft: Omit<Form, "id">, directory: string, signal: AbortSignal): Promise<JsonRecord> {
    signal.throwIfAborted();
    return new Promise((resolve, reject) => {
      const form = this.create(draft, directory, (state) => {
        if (state.status === "answered") resolve(state.answer);
        if (state.status !== "cancelled") return;
        reject(state.message === undefined ? new Declined() : new ToolFailure(state.message, "form.cancelled"));
      });
      signal.addEventListener("abort", () => {
        this.#entries.delete(form.id);
        reject(signal.reason);
      });
    });
  }

  /** @throws {Failure} 404 */
  find(sessionID: string, id: string): Entry {
    const entry = this.#entries.get(id);
    if (entry !== undefined && entry.form.sessionID === sessionID) return entry;
    throw new Failure(404, "FormNotFoundError", `Form not found: ${id}`, { id });
  }

  answer(sessionID: string, id: string, answer: JsonRecord): void {
    const entry = this.#pending(sessionID, id);
    const problem = problemOf(entry.form, answer);
    if (problem !== undefined) throw new Failure(400, "FormInvalidAnswerError", problem, { id });
    this.#world.hub.ephemeral("form.replied", { sessionID, id, answer }, entry.directory);
    entry.state = { status: "answered", answer };
    entry.settle(entry.state);
  }

  cancel(sessionID: string, id: string, message: string | undefined): void {
    const entry = this.#pending(sessionID, id);
    this.#world.hub.ephemeral("form.cancelled", { sessionID, id }, entry.directory);
    entry.state = { status: "cancelled", ...(message === undefined ? {} : { message }) };
    entry.settle(entry.state);
  }

  #pending(sessionID: string, id: string): Entry {
    const entry = this.find(sessionID, id);
    if (entry.state.status === "pending") return entry;
    throw new Failure(409, "FormAlreadySettledError", `Form is settled: ${id}`, { id });
  }
}

/** Why the answer does not fit the form. Text that is no option needs `custom: true`. */
function problemOf(form: Form, answer: JsonRecord): string | undefined {
  const unknown = Object.keys(answer).find((key) => !form.fields.some((field) => field.key === key));
  if (unknown !== undefined) return `The form has no field ${unknown}`;
  for (const field of form.fields) {
    const value = answer[field.key];
    if (value === undefined) {
      if (field.required === true) return `${field.key} is required`;
      continue;
    }
    const problem = fieldProblem(field, value);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

function fieldProblem(field: Field, value: unknown): string | undefined {
  const isOption = (one: string): boolean =>
    field.options === undefined || field.custom === true || field.options.some((option) => option.value === one);
  if (field.type === "multiselect") {
    const isList = Array.isArray(value) && value.every((one) => typeof one === "string");
    return isList && value.every(isOption) ? undefined : `${field.key} takes a list of its options`;
  }
  if (field.type === "string") {
    return typeof value === "string" && isOption(value) ? undefined : `${field.key} takes one of its options`;
  }
  if (field.type === "boolean") return typeof value === "boolean" ? undefined : `${field.key} takes a boolean`;
  return typeof value === "number" ? undefined : `${field.key} takes a number`;
}

/** True for fields as a form may have them. */
export function areFields(value: unknown): value is Field[] {
  const types = ["string", "number", "integer", "boolean", "multiselect", "external"];
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.every((one) => isRecord(one) && typeof one["key"] === "string" && types.includes(String(one["type"])))
  );
}
