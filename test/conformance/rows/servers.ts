/** Servers: told apart, started, ended, and what they are asked for. */
import { expect } from "vitest";
import { AuthenticationError, createOpencode } from "../../../src/index.js";
import { type Behaviour, behaviour } from "../behaviour.js";

/** In the order of the table. */
export const servers: readonly Behaviour[] = [
  behaviour("a running server is told apart by its address and password", async ({ connect, target }) => {
    const oc = await connect();
    expect(oc.protocol).toMatchObject({ name: target.protocol });
    expect(await oc.health()).toMatchObject({ healthy: true });
  }),

  behaviour("a wrong password rejects with AuthenticationError that does not contain it", async ({ oc }) => {
    const password = "not-the-password";
    const connecting = createOpencode({ baseUrl: oc.client.baseUrl, password });
    const error = await connecting.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(AuthenticationError);
    expect(JSON.stringify(error) + String(error)).not.toContain(password);
  }),

  behaviour("a missing password rejects with AuthenticationError", async ({ oc }) => {
    await expect(createOpencode({ baseUrl: oc.client.baseUrl })).rejects.toBeInstanceOf(AuthenticationError);
  }),

  behaviour("models, agents and commands of the server are listed", async ({ oc, model }) => {
    expect((await oc.models()).map(({ fullName }) => fullName)).toContain(model.model);
    expect((await oc.agents()).map(({ name }) => name)).toEqual(expect.arrayContaining(["build", "plan"]));
    expect((await oc.commands()).map(({ name }) => name)).toEqual(expect.arrayContaining(["init", "review"]));
  }),
];
