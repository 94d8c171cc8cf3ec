/**
 * What the models of a server cost. The preview stores 0 as the cost of each step (2.0 preview 1.18.18), so the cost is made from the
 * step's tokens and the price in the list of models.
 */
import {
  isRecord,
  type JsonRecord,
  numberProperty,
  property,
  recordProperty,
  stringProperty,
} from "../../util/json.js";

/** USD for a million tokens. */
interface Price {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

const million = 1_000_000;

/** The prices of one server. */
export class PriceList {
  /** The server stores what a step has cost: 0 is nothing then, as with a subscription. */
  storesCosts = false;
  readonly #prices = new Map<string, Price>();

  /** No list was read yet, or an empty one. */
  get isEmpty(): boolean {
    return this.#prices.size === 0;
  }

  /** Takes the prices of a list of models, as the server sends it. The price of long contexts is left out. */
  learn(models: readonly JsonRecord[]): void {
    for (const model of models) {
      const { cost } = model;
      const plain = Array.isArray(cost)
        ? cost.find((one) => isRecord(one) && one["tier"] === undefined)
        : property(model, "cost");
      const cache = recordProperty(plain, "cache");
      this.#prices.set(nameOf(stringProperty(model, "providerID"), stringProperty(model, "id")), {
        input: numberProperty(plain, "input") ?? 0,
        output: numberProperty(plain, "output") ?? 0,
        cacheRead: numberProperty(cache, "read") ?? 0,
        cacheWrite: numberProperty(cache, "write") ?? 0,
      });
    }
  }

  /** The cost of a stored step in USD: what the server says, or what its tokens cost; 0 for a model without a price. */
  costOf(step: JsonRecord): number {
    const stored = numberProperty(step, "cost");
    const model = recordProperty(step, "model");
    const price = this.#prices.get(nameOf(stringProperty(model, "providerID"), stringProperty(model, "id")));
    if (stored !== undefined && (stored > 0 || this.storesCosts)) return stored;
    if (price === undefined) return 0;
    const tokens = recordProperty(step, "tokens");
    const cache = recordProperty(tokens, "cache");
    const count = (of: unknown, name: string): number => numberProperty(of, name) ?? 0;
    const written = count(tokens, "output") + count(tokens, "reasoning"); // reasoning has the price of output
    const read = count(cache, "read") * price.cacheRead + count(cache, "write") * price.cacheWrite;
    return (count(tokens, "input") * price.input + written * price.output + read) / million;
  }
}

function nameOf(providerId: string | undefined, modelId: string | undefined): string {
  return `${providerId}/${modelId}`;
}
