/** A stand-in, a model whose replies are looked up by prompt, and a raw client. */
import type { JsonRecord } from "../../../../src/util/json.js";
import { createLookupModel, type Fixture, temporaryFolder } from "../../../support/fixture.js";
import type { StandInOptions } from "../../../support/stand-in-2x/options.js";
import { type StandIn, startStandIn } from "../../../support/stand-in-2x/stand-in.js";
import { RawClient, type RawEvents } from "./raw-client.js";

export interface Stage extends AsyncDisposable {
  readonly standIn: StandIn;
  readonly client: RawClient;
  readonly events: RawEvents;
  readonly directory: string;
  readonly model: Fixture["model"];
  readonly answer: Fixture["answer"];
}

export async function startStage(options: StandInOptions = {}, more: JsonRecord = {}): Promise<Stage> {
  const { model, answer } = await createLookupModel();
  const directory = await temporaryFolder();
  const config = { ...model.config, ...more };
  const standIn = await startStandIn({ config, directory, retryDelay: { min: 1, max: 1 }, ...options });
  const client = new RawClient(standIn);
  const events = await client.events();
  return {
    standIn,
    client,
    events,
    directory,
    model,
    answer,
    async [Symbol.asyncDispose]() {
      events.close();
      await standIn.close();
      await model.close();
    },
  };
}
