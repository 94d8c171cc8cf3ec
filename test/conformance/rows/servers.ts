/** Servers: told apart, started, ended, and what they are asked for. */
import { expect } from "vitest";
import { AuthenticationError, type Config, createOpencode, ProviderAuthError } from "../../../src/index.js";
import { hold, type ScriptedModel } from "../../../src/testing/index.js";
import { eventually } from "../../support/slowness.js";
import { absent, type Behaviour, behaviour, differs } from "../behaviour.js";
import { refuses } from "../refusal.js";

/** The model's configuration without the key of its provider. */
function withoutKey({ config }: ScriptedModel): Config {
  const { scripted } = config.provider ?? {};
  const { apiKey: _, ...options } = scripted?.options ?? {};
  return { ...config, provider: { scripted: { ...scripted, options } } };
}

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

  behaviour(
    "a wrong value of the configuration rejects with ConfigError that names its place",
    async ({ startOwn }) => {
      const config = { permission: { bash: "maybe" } } as unknown as Config;
      const starting = startOwn({ config });
      await expect(starting).rejects.toMatchObject({
        name: "ConfigError",
        message: expect.stringContaining("permission.bash"),
      });
    },
  ),

  behaviour(
    "a key that is set for a provider counts from the next turn on",
    async ({ startOwn, model }) => {
      const { oc } = await startOwn({ config: withoutKey(model) });
      const { apiKey } = model.config.provider?.["scripted"]?.options ?? {};
      await oc.setAuth("scripted", { key: String(apiKey) });
      expect(await oc.ask("with the key")).toMatchObject({ text: "echo: with the key" });
    },
    {
      preview: differs("The preview takes keys for the providers of its own catalogue only.", async ({ oc }) => {
        await expect(oc.setAuth("scripted", { key: "k" })).rejects.toBeInstanceOf(ProviderAuthError);
      }),
    },
  ),

  behaviour("models, agents and commands of the server are listed", async ({ oc, model }) => {
    expect((await oc.models()).map(({ fullName }) => fullName)).toContain(model.model);
    expect((await oc.agents()).map(({ name }) => name)).toEqual(expect.arrayContaining(["build", "plan"]));
    expect((await oc.commands()).map(({ name }) => name)).toEqual(expect.arrayContaining(["init", "review"]));
  }),

  behaviour(
    "reload() waits for the runs of the directory, and a turn that is asked meanwhile runs once behind it",
    async ({ startOwn, answer, callsOf }) => {
      const { oc } = await startOwn();
      const rest = hold("whole");
      answer("before the reload", { text: ["the ", rest] });
      const running = oc.ask("before the reload");
      await eventually("the run goes on", () => callsOf("before the reload") > 0);
      let isReloaded = false;
      const reloading = oc.reload().then(() => {
        isReloaded = true;
      });
      const session = await oc.createSession();
      const behind = session.ask("behind the reload");
      expect([isReloaded, callsOf("behind the reload")]).toEqual([false, 0]);
      rest.release();
      expect((await running).text).toBe("the whole");
      await reloading;
      expect((await behind).text).toContain("behind the reload");
      expect(callsOf("behind the reload")).toBe(1);
    },
    {
      preview: absent("The preview reads its configuration once.", async ({ oc }) => {
        await refuses(oc.reload());
      }),
    },
  ),
];
