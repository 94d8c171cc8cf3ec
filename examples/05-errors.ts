/** Every failure has an error class; its fields give the details. */
import assert from "node:assert/strict";
import {
  AgentError,
  ConfigError,
  createOpencode,
  ModelNotFoundError,
  ProviderAuthError,
  TurnTimeoutError,
} from "opencode-ts";
import { setUp } from "./setup.js";

await using setup = await setUp(({ lastUserText }) =>
  lastUserText === "Log in."
    ? { status: 401, message: "invalid api key" }
    : { text: ["Once upon a time ", "there was"], end: "hang" },
);
await using opencode = await createOpencode(setup.options);

/** Resolves to the error of a call that must fail. */
async function failure(work: Promise<unknown>): Promise<unknown> {
  return work.then(
    () => assert.fail("this call should have failed"),
    (error: unknown) => error,
  );
}

const wrong = await failure(opencode.ask("Hello.", { model: "no-slash" }));
assert.ok(wrong instanceof ConfigError); // an invalid option: nothing was sent
console.log(`${wrong.name}: ${wrong.message}`);

const unknown = await failure(opencode.ask("Hello.", { model: "scripted/modell" }));
assert.ok(unknown instanceof ModelNotFoundError && unknown instanceof AgentError); // the run failed
console.log(`${unknown.name}: ${unknown.message} ${unknown.hint}`);

const late = await failure(opencode.ask("Tell me a very long story.", { timeout: 3_000 }));
assert.ok(late instanceof TurnTimeoutError); // the run was also aborted on the server
console.log(`${late.name}: ${late.message}; text so far: ${JSON.stringify(late.answer?.text)}`);

if (setup.scripted) {
  assert.deepEqual(unknown.suggestions, ["scripted/model"]);
  const refused = await failure(opencode.ask("Log in."));
  assert.ok(refused instanceof ProviderAuthError); // 401 from the model's provider
  console.log(`${refused.name}: ${refused.message}`);
}
