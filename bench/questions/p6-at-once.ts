/** P6: 50 turns at once on the real agent, each client in a new process; failures of 200; and 1 to 200 turns at once on the stub. */

import { type Agent, allClients, clientNames, startAgent, startClients, startStub } from "../agents.js";
import { askJob } from "../ask-job.js";
import { relativeTo } from "../plot.js";
import { countSockets, Worker } from "../processes.js";
import type { Finding, Plot, Question, Setting } from "../question.js";
import { measureInTurns } from "../runner.js";
import { pairRatios, spreadOf } from "../statistics.js";

export const atOnce: Question = {
  name: "P6",
  title: "50 turns at once; failures of 200",
  run: async (setting) => ({ findings: await onAgent(setting), plots: [await onStub(setting)] }),
};

async function onAgent(setting: Setting): Promise<Finding[]> {
  await using agent = await startAgent(setting);
  const turns = setting.quick ? 5 : 50;
  const contestant = (name: "ours" | "official") => () => burst(setting, agent, name, turns);
  const { ours, official } = await measureInTurns(
    { ours: contestant("ours"), official: contestant("official") },
    setting.runs,
  );
  const failures: number[] = [...ours.failures];
  for (let round = 0; round < (setting.quick ? 1 : 3); round += 1) {
    failures.push((await burst(setting, agent, "ours", 4 * turns)).failures);
  }
  const sum = failures.reduce((total, count) => total + count, 0);
  return [
    { label: "50 turns at once, wall ÷ official", value: pairRatios(ours.wall, official.wall), goal: 1, before: 1.2 },
    { label: "50 turns at once, sockets ÷ official", value: pairRatios(ours.sockets, official.sockets), goal: 0.1 },
    { label: "50 turns at once, added memory ÷ official", value: pairRatios(ours.peak, official.peak), goal: 0.4 },
    { label: "50 turns at once, client CPU ÷ official", value: pairRatios(ours.cpu, official.cpu), goal: 0.5 },
    { label: "failed turns, of 50 and of 200 at once", value: { ...spreadOf([sum]), runs: failures.length }, goal: 0 },
  ];
}

/** In a new process, after one turn: the largest memory of a process only grows. */
async function burst(setting: Setting, agent: Agent, name: "ours" | "official", turns: number) {
  await using worker = new Worker(`client-${name}`, setting.programs);
  await worker.do({ type: "connect", server: agent.url });
  await worker.do(askJob(1, 1));
  using sockets = countSockets(worker.pid);
  const { wall, cpu, peak, failures, errors } = await worker.do(askJob(turns, turns));
  for (const error of errors.slice(0, 3)) setting.report(`${name}: ${error}`);
  return { wall, cpu, peak, sockets: sockets.most(), failures };
}

async function onStub(setting: Setting): Promise<Plot> {
  await using stub = await startStub(setting);
  await using clients = await startClients(setting, stub.url);
  const lines: Record<(typeof clientNames)[number], [number, number][]> = { ours: [], official: [], bare: [] };
  for (const name of clientNames) await clients[name].do(askJob(setting.quick ? 10 : 300, 10));
  for (const together of setting.quick ? [1, 5] : [1, 10, 50, 200]) {
    const count = setting.quick ? 5 : 200;
    const contestants = allClients(clients, async (client) => {
      const { cpu, failures, errors } = await client.do(askJob(count, together));
      if (failures > 0) throw new Error(errors[0]);
      return { cpu: cpu / count };
    });
    const samples = await measureInTurns(contestants, setting.runs);
    for (const name of clientNames) lines[name].push([together, spreadOf(samples[name].cpu).median]);
  }
  const series = relativeTo(lines, "official");
  return { name: "at-once", title: "Client CPU per turn", x: "turns at once", y: "÷ official, one at a time", series };
}
