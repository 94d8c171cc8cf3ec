/** P3: one `ask()` in a new session of a warm server: its time on the real agent, its requests and processor time on the stub. */
import { type Clients, startAgent, startClients, startStub } from "../agents.js";
import { plainOrder, wholeText } from "../programs/text.js";
import type { Job } from "../programs/worker.js";
import type { Finding, Question, Setting } from "../question.js";
import { measureInTurns } from "../runner.js";
import { pairRatios, spreadOf } from "../statistics.js";

const job = (count: number): Job => ({
  type: "ask",
  prompt: "What does this project do?",
  text: wholeText(plainOrder.deltas),
  count,
  together: 1,
});

export const warmAsk: Question = {
  name: "P3",
  title: "warm ask in a new session",
  run: async (setting) => ({ findings: [...(await onAgent(setting)), ...(await onStub(setting))] }),
};

async function onAgent(setting: Setting): Promise<Finding[]> {
  await using agent = await startAgent(setting);
  await using clients = await startClients(setting, agent.url);
  const { ours, official, bare } = await asks(clients, setting.quick ? 1 : 5, setting.runs);
  setting.report(
    `on the agent: ${[ours, official, bare].map(({ wall }) => spreadOf(wall).median.toFixed(0)).join(", ")} ms`,
  );
  return [
    { label: "warm ask ÷ bare fetch", value: pairRatios(ours.wall, bare.wall), goal: 1.05, before: 1.12 },
    { label: "warm ask ÷ official", value: pairRatios(ours.wall, official.wall), goal: 1, before: 1.08 },
  ];
}

async function onStub(setting: Setting): Promise<Finding[]> {
  await using stub = await startStub(setting);
  await using clients = await startClients(setting, stub.url);
  const { ours, official, bare } = await asks(clients, setting.quick ? 5 : 200, setting.runs);
  const requests = async (name: "ours" | "bare"): Promise<number> => {
    await stub.counts();
    await clients[name].do(job(10));
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
  const contestant = (name: "ours" | "official" | "bare") => async () => {
    const { wall, cpu, failures, errors } = await clients[name].do(job(count));
    if (failures > 0) throw new Error(`${name}: ${errors[0]}`);
    return { wall: wall / count, cpu: cpu / count };
  };
  const contestants = { ours: contestant("ours"), official: contestant("official"), bare: contestant("bare") };
  return measureInTurns(contestants, runs);
}
