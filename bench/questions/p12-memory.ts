/** P12: memory and processor time of one client over 10,000 asks in as many sessions, and of 1,000 sessions that are held, on the stub. */

import { type Clients, startClients, startStub } from "../agents.js";
import { askJob } from "../ask-job.js";
import { relativeTo } from "../plot.js";
import type { Question } from "../question.js";
import { measureInTurns } from "../runner.js";
import { pairRatios, spreadOf } from "../statistics.js";

type Name = "ours" | "official";

export const memory: Question = {
  name: "P12",
  title: "memory of an idle client with 1,000 sessions, and over 10,000 asks",
  async run(setting) {
    await using stub = await startStub(setting);
    await using clients = await startClients(setting, stub.url);
    const steps = setting.quick ? [1, 10, 100] : [1, 10, 100, 1_000, 10_000];
    const held = setting.quick ? 20 : 1_000;
    const contestant = (name: Name) => () => live(clients, name, { server: stub.url, steps, held });
    const { ours, official } = await measureInTurns(
      { ours: contestant("ours"), official: contestant("official") },
      setting.runs,
    );
    const lineOf = (samples: typeof ours, measure: "heap" | "cpu"): [number, number][] =>
      steps.map((step) => [step, spreadOf(samples[`${measure}${step}`] ?? []).median]);
    const plot = (measure: "heap" | "cpu") =>
      relativeTo({ ours: lineOf(ours, measure), official: lineOf(official, measure) }, "official");
    const [first = 0, last = 0] = steps.slice(-2);
    const growth = pairRatios(ours[`heap${last}`] ?? [], ours[`heap${first}`] ?? []);
    const cost = pairRatios(ours[`cpu${last}`] ?? [], ours[`cpu${first}`] ?? []);
    const idle = pairRatios(ours["held"] ?? [], ours["fresh"] ?? []);
    return {
      findings: [
        { label: "live memory after 10,000 asks ÷ after 1,000", value: growth, goal: 1.1, before: 1.02 },
        { label: "client CPU of the last 9,000 asks ÷ of the 900 before", value: cost, goal: 1.3 },
        { label: "live memory with 1,000 sessions ÷ without", value: idle, goal: 1.3 },
      ],
      plots: [
        {
          name: "per-turn",
          title: "Client CPU per turn",
          x: "sessions so far",
          y: "÷ official's first",
          series: plot("cpu"),
        },
        { name: "memory", title: "Live memory", x: "asks so far", y: "÷ official's first", series: plot("heap") },
      ],
    };
  },
};

interface Life {
  readonly server: string;
  readonly steps: readonly number[];
  readonly held: number;
}

/** The life of one client in a process that is warm from the client before. */
async function live(clients: Clients, name: Name, { server, steps, held }: Life): Promise<Record<string, number>> {
  const worker = clients[name];
  const sample: Record<string, number> = {};
  await worker.do(askJob(200));
  await worker.do({ type: "connect", server });
  sample["fresh"] = (await worker.do({ type: "memory" })).heap;
  let done = 0;
  for (const step of steps) {
    const { cpu, failures, errors } = await worker.do(askJob(step - done));
    if (failures > 0) throw new Error(`${name}: ${errors[0]}`);
    sample[`cpu${step}`] = cpu / (step - done);
    sample[`heap${step}`] = (await worker.do({ type: "memory" })).heap;
    done = step;
  }
  await worker.do({ type: "connect", server });
  await worker.do({ type: "hold", sessions: held });
  sample["held"] = (await worker.do({ type: "memory" })).heap;
  await worker.do({ type: "connect", server });
  return sample;
}
