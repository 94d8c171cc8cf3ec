/** The check of a behaviour that a server does not have. */
import { expect } from "vitest";
import { UnsupportedEndpointError } from "../../src/index.js";

/** Rejects unless `call` rejects with `UnsupportedEndpointError`. */
export async function refuses(call: Promise<unknown>): Promise<void> {
  await expect(call).rejects.toBeInstanceOf(UnsupportedEndpointError);
}
