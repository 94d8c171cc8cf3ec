/** P4: the client's processor time for each delta of a streamed answer, for answers of 1,000 to 1,000,000 deltas, on the stub. */
import { startClients, startStub } from "../agents.js";
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
    const sizes = setting.quick ? [200, 1_000] : [1_000, 10_000, 100_000, 1_000_000];
    const contestants = ["ours", "official", "bare"] as const;
    // Each client runs warm: the first deltas of a process cost the compiler's time.
    for (const name of contestants) await clients[name].do({ type: "stream", deltas: setting.quick ? 200 : 20_000 });
    const lines = { ours: [], official: [], bare: [] } as Record<(typeof contestants)[number], [number, number][]>;
    const ours: number[][] = [];
    const findings = [];
    for (const size of sizes) {
      const cost = (name: (typeof contestants)[number]) => async () => {
        const { cpu } = await clients[name].do({ type: "stream", deltas: size });
        return { cpu: (cpu / size) * 1_000 };
      };
      const runs = size === 1_000_000 ? Math.min(setting.runs, 3) : setting.runs;
      const samples = await measureInTurns(
        { ours: cost("ours"), official: cost("official"), bare: cost("bare") },
        runs,
      );
      for (const name of contestants) lines[name].push([size, spreadOf(samples[name].cpu).median]);
      ours.push([...samples.ours.cpu]);
      setting.report(
        `${size} deltas: ${contestants.map((name) => `${name} ${spreadOf(samples[name].cpu).median.toFixed(1)} µs`).join(", ")}`,
      );
      if (size !== (setting.quick ? 1_000 : 100_000)) continue;
      findings.push(
        {
          label: "client CPU per delta ÷ official",
          value: pairRatios(samples.ours.cpu, samples.official.cpu),
          goal: 0.8,
          before: 1.23,
        },
        {
          label: "client CPU per delta ÷ bare parse",
          value: pairRatios(samples.ours.cpu, samples.bare.cpu),
          goal: 1.1,
          before: 1.84,
        },
      );
    }
    const [small = [], large = []] = [ours[0], ours.at(-1)];
    const growth = {
      label: "client CPU per delta, largest ÷ smallest answer",
      value: pairRatios(large, small),
      goal: 1.3,
    };
    const series = relativeTo(lines, "official");
    const plot = {
      name: "deltas",
      title: "Client CPU per delta",
      x: "deltas of the answer",
      y: "÷ official at 1,000",
      series,
    };
    return { findings: [...findings, growth], plots: [plot] };
  },
};
