/** The output of a turn while the model writes it. */
import type { OutputSchema } from "../../types/schema.js";
import { outputFormat } from "./output-format.js";
import { OutputReader } from "./output-reader.js";
import type { OutputPiece } from "./output-text.js";

/** Iterates the growing output, and the checked output at last. Rejects as the answer. */
export async function* partialOutput<Growing>(
  pieces: AsyncIterable<OutputPiece>,
  schema: OutputSchema,
  answer: Promise<{ readonly output: unknown }>,
): AsyncGenerator<Growing, void, undefined> {
  const reader = await outputFormat(schema).then(
    (format) => new OutputReader(format),
    () => undefined, // the answer rejects with the same
  );
  for await (const piece of pieces) {
    const grown = reader?.read(piece);
    if (grown !== undefined) yield grown.value as Growing; // by its schema, as far as the shape goes
  }
  yield (await answer).output as Growing; // the whole output is one
}
