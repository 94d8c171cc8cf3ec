/** A server, and the command in real terminals that use it. */
import { rm } from "node:fs/promises";
import { createOpencodeServer, type OpencodeServer } from "../../src/index.js";
import type { ScriptedModel } from "../../src/testing/index.js";
import { cliCommand } from "./cli.js";
import { createLookupModel, type Fixture, sharedServer, temporaryFolder } from "./fixture.js";
import { homeVariables } from "./home.js";
import { openScreen, type Screen } from "./tmux.js";

export interface TerminalFixture extends AsyncDisposable {
  readonly server: OpencodeServer;
  readonly model: ScriptedModel;
  readonly answer: Fixture["answer"];
  readonly home: string;
  readonly directory: string;
  /** Runs the command in a terminal, against the server. */
  open(args: readonly string[], env?: Record<string, string>): Promise<Screen>;
  /** What the model was told for a prompt, as JSON. */
  messagesOf(prompt: string): string;
}

/** Starts one; the agent asks before it runs a command or edits. */
export async function startTerminalFixture(): Promise<TerminalFixture> {
  const { model, answer } = await createLookupModel();
  const home = await temporaryFolder();
  const directory = await temporaryFolder();
  const config = { ...model.config, permission: { bash: "ask", edit: "ask" } } as const;
  const server = await createOpencodeServer({ ...sharedServer(model, directory), config });
  return {
    server,
    model,
    answer,
    home,
    directory,
    open: (args, env = {}) => {
      const password = { OPENCODE_SERVER_PASSWORD: server.password };
      const variables = { ...homeVariables(home), TERM: "xterm-256color", ...password, ...env };
      const target = ["--attach", server.url, "--directory", directory];
      const path = new URL("../..", import.meta.url).pathname;
      return openScreen([process.execPath, ...cliCommand, ...args, ...target], { cwd: path, env: variables });
    },
    messagesOf: (prompt) =>
      JSON.stringify(model.requests.findLast(({ lastUserText }) => lastUserText === prompt)?.messages),
    [Symbol.asyncDispose]: async () => {
      await server.close();
      await model.close();
      for (const folder of [home, directory]) await rm(folder, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
