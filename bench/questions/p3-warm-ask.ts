/** P3: one `ask()` in a new session of a warm server: its time on the real agent, its requests and processor time on the stub. */

import { join } from "node:path";
import { allClients, type Clients, startAgent, startClients, startStub } from "../agents.js";
import { askJob } from "../ask-job.js";
import { runTimed } from "../processes.js";
import type { Finding, Question, Setting, Steps } from "../question.js";
import { measureInTurns } from "../runner.js";
import { pairRatios, spreadOf } from "../statistics.js";

export const warmAsk: Question = {
  name: "P3",
  title: "warm ask in a new session",
  run: async (setting) => {
    const { findings, steps } = await onAgent(setting);
    return { findings: [...findings, ...(await onStub(setting))], steps: [steps] };
  },
};

async function onAgent(setting: Setting): Promise<{ findings: Finding[]; steps: Steps }> {
  await using agent = await startAgent(setting);
  await using clients = await startClients(setting, agent.url);
  const { ours, official, bare } = await asks(clients, setting.quick ? 1 : 5, setting.runs);
  setting.report(
    `on the agent: ${[ours, official, bare].map(({ wall }) => spreadOf(wall).median.toFixed(0)).join(", ")} ms`,
  );
  const findings = [
    { label: "warm ask ÷ bare fetch", value: pairRatios(ours.wall, bare.wall), goal: 1.05, before: 1.12 },
    { label: "warm ask ÷ official", value: pairRatios(ours.wall, official.wall), goal: 1, before: 1.08 },
  ];
  return { findings, steps: await warmSteps(setting, agent.url) };
}

/** The medians of the steps, as shares of their sum. */
async function warmSteps({ programs, quick }: Setting, url: string): Promise<Steps> {
  const program = join(programs, "warm-steps.js");
  const { output } = await runTimed(process.execPath, [program, url, quick ? "2" : "21"]);
  const asks: Record<string, number>[] = JSON.parse(output);
  const medians = Object.keys(asks[0] ?? {}).map((step): [string, number] => [
    step,
    spreadOf(asks.map((ask) => ask[step] ?? 0)).median,
  ]);
  const sum = medians.reduce((total, [, value]) => total + value, 0);
  return { name: "warm", rows: medians.map(([step, value]) => [step, Number((value / sum).toFixed(3))]) };
}

async function onStub(setting: Setting): Promise<Finding[]> {
  await using stub = await startStub(setting);
  await using clients = await startClients(setting, stub.url);
  const { ours, official, bare } = await asks(clients, setting.quick ? 5 : 200, setting.runs);
  const requests = async (name: "ours" | "bare"): Promise<number> => {
    await stub.counts();
    await clients[name].do(askJob(10));
    const counts = (await stub.counts()).requests;
    setting.report(`requests of ${name}: ${JSON.stringify(counts)}`);
    return Object.values(counts).reduce((sum, count) => sum + count, 0);
  };
  const counted = spreadOf([(await requests("ours")) / (await requests("bare"))]);
  return [
    { label: "requests of a warm ask ÷ bare fetch (stub)", value: counted, goal: 1.1 },
    { label: "client CPU of a warm ask ÷ official (stub)", value: pairRatios(ours.cpu, official.cpu), goal: 1 },
    { label: "client CPU of a warm ask ÷ bare fetch (stub)", value: pairRatios(ours.cpu, bare.cpu), goal: 1.2 },
  ];
}

function asks(clients: Clients, count: number, runs: number) {
  const contestants = allClients(clients, async (client) => {
    const { wall, cpu, failures, errors } = await client.do(askJob(count));
    if (failures > 0) throw new Error(errors[0]);
    return { wall: wall / count, cpu: cpu / count };
  });
  return measureInTurns(contestants, runs);
}
