/** P4: the client's processor time for each delta of a streamed answer, for answers of 1,000 to 1,000,000 deltas, on the stub. */
import { allClients, clientNames, startClients, startStub } from "../agents.js";
import { relativeTo } from "../plot.js";
import type { Question } from "../question.js";
import { measureInTurns } from "../runner.js";
import { pairRatios, spreadOf } from "../statistics.js";

export const deltas: Question = {
  name: "P4",
  title: "client CPU per streamed delta",
  async run(setting) {
    await using stub = await startStub(setting);
    await using clients = await startClients(setting, stub.url);
    const [warmUp, main, sizes] = setting.quick
      ? [200, 1_000, [200, 1_000]]
      : [20_000, 100_000, [1_000, 10_000, 100_000, 1_000_000]];
    // Each client runs warm: the first deltas of a process cost the compiler's time.
    for (const name of clientNames) await clients[name].do({ type: "stream", deltas: warmUp });
    const bySize = new Map<number, Record<(typeof clientNames)[number], readonly number[]>>();
    for (const size of sizes) {
      const costs = allClients(clients, async (client) => {
        const { cpu } = await client.do({ type: "stream", deltas: size });
        return { perDelta: cpu / size };
      });
      const { ours, official, bare } = await measureInTurns(costs, setting.runs);
      bySize.set(size, { ours: ours.perDelta, official: official.perDelta, bare: bare.perDelta });
      const shown = [ours, official, bare].map(({ perDelta }) => (spreadOf(perDelta).median * 1_000).toFixed(1));
      setting.report(`${size} deltas: ours, official, bare ${shown.join(", ")} µs`);
    }
    const { functions } = await clients.ours.do({ type: "profile", deltas: main });
    const at = (size: number | undefined) => bySize.get(size ?? 0) ?? { ours: [], official: [], bare: [] };
    const { ours, official, bare } = at(main);
    const growth = pairRatios(at(sizes.at(-1)).ours, at(sizes[0]).ours);
    const lineOf = (name: (typeof clientNames)[number]): [number, number][] =>
      [...bySize].map(([size, values]) => [size, spreadOf(values[name]).median]);
    const lines = { ours: lineOf("ours"), official: lineOf("official"), bare: lineOf("bare") };
    const texts = {
      name: "deltas",
      title: "Client CPU per delta",
      x: "deltas of the answer",
      y: "÷ official at 1,000",
    };
    return {
      findings: [
        { label: "client CPU per delta ÷ official", value: pairRatios(ours, official), goal: 0.8, before: 1.23 },
        { label: "client CPU per delta ÷ bare parse", value: pairRatios(ours, bare), goal: 1.1, before: 1.84 },
        { label: "client CPU per delta, largest ÷ smallest answer", value: growth, goal: 1.3 },
      ],
      plots: [{ ...texts, series: relativeTo(lines, "official") }],
      steps: [{ name: "deltas", rows: functions }],
    };
  },
};
