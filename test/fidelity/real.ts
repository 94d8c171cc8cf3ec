/** The real agent: one server for all scenarios, a directory for each place, and a server of its own for what kills it. */
import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { createScriptedModel, type ModelRequest, type Reply, type ScriptedModel } from "../../src/testing/index.js";
import { eventually, temporaryFolder } from "../support/fixture.js";
import { type RawServer, startRawServer } from "../support/raw-server.js";
import { startRebornServer } from "../support/restarting-server.js";
import { type PlaceName, type PlaceSettings, places } from "./places.js";
import type { Play, Scenario } from "./scenario.js";
import { replies } from "./script.js";
import type { Site } from "./site.js";

export interface RealAgent extends AsyncDisposable {
  open(scenario: Scenario, play: Play): Promise<Site>;
}

interface Place {
  readonly directory: string;
  readonly model: ScriptedModel;
  /** By session. */
  readonly scripts: Map<string, Ask>;
}

type Ask = (request: ModelRequest) => Reply | Promise<Reply>;

/** The variables that give plan mode its exit. */
const env = { OPENCODE_EXPERIMENTAL_PLAN_MODE: "1", OPENCODE_CLIENT: "cli" };
const password = "fidelity";

export async function startRealAgent(): Promise<RealAgent> {
  const root = await temporaryFolder();
  const server: RawServer = await startRawServer({ password, env });
  const opened = new Map<PlaceName, Promise<Place>>();
  const elsewhere = join(root, "elsewhere");
  await mkdir(elsewhere);
  return {
    open: async ({ place: name }, play) => {
      if (name === "mortal") return openMortal(play);
      const place = opened.get(name) ?? openPlace(join(root, name), places[name]);
      opened.set(name, place);
      const { directory, ...fixture } = await place;
      return Object.assign(cast(fixture, play), {
        fetch: globalThis.fetch,
        baseUrl: server.url,
        headers: server.headers,
        directory,
        elsewhere,
        crash: () => Promise.reject(new Error("only what plays at the mortal place may crash")),
        [Symbol.asyncDispose]: async () => {},
      });
    },
    [Symbol.asyncDispose]: async () => {
      await server.close();
      for (const place of opened.values()) await (await place).model.close();
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

/** A server for one scenario, which may kill it. */
async function openMortal(play: Play): Promise<Site> {
  const fixture = await openModel({ model: { ...places.mortal.model, ...play.model } });
  const server = await startRebornServer({ ...fixture.model.config, ...places.mortal.config });
  return Object.assign(cast(fixture, play), {
    fetch: globalThis.fetch,
    baseUrl: server.url,
    headers: { authorization: `Basic ${Buffer.from(`opencode:${server.password}`).toString("base64")}` },
    directory: server.directory,
    elsewhere: server.home,
    crash: async () => {
      await server.kill();
      await server.start();
    },
    [Symbol.asyncDispose]: async () => {
      await server[Symbol.asyncDispose]();
      await fixture.model.close();
    },
  });
}

/** Lets the model play this script for the sessions that are owned. */
function cast({ model, scripts }: Omit<Place, "directory">, { script }: Play): Pick<Site, "own" | "requests"> {
  const ask = replies(script);
  const sessions = new Set<string | undefined>();
  return {
    own: (session) => {
      sessions.add(session);
      scripts.set(session, ask);
    },
    get requests() {
      return model.requests.filter(({ sessionId }) => sessions.has(sessionId));
    },
  };
}

async function openPlace(directory: string, settings: PlaceSettings): Promise<Place> {
  await mkdir(directory);
  const { scripts, model } = await openModel(settings);
  await writeFile(join(directory, "opencode.json"), JSON.stringify({ ...model.config, ...settings.config }));
  if (settings.git === true) await commit(directory);
  return { directory, scripts, model };
}

/** A model that tells each session its own script. */
async function openModel(settings: PlaceSettings): Promise<Omit<Place, "directory">> {
  const scripts: Place["scripts"] = new Map();
  const answer = async (request: ModelRequest): Promise<Reply> => {
    const { sessionId = "" } = request;
    // A sub-agent may ask before the event that tells of its session has been read.
    await eventually(`session ${sessionId} belongs to a scenario`, () => scripts.has(sessionId));
    return scripts.get(sessionId)?.(request) ?? "";
  };
  return { scripts, model: await createScriptedModel(answer, settings.model) };
}

async function commit(directory: string): Promise<void> {
  const git = (...args: string[]): Promise<unknown> => promisify(execFile)("git", args, { cwd: directory });
  await git("init", "--quiet");
  await writeFile(join(directory, "README"), "A repository.\n");
  await git("add", ".");
  await git("-c", "user.name=test", "-c", "user.email=test@localhost", "commit", "--quiet", "--message", "first");
}
