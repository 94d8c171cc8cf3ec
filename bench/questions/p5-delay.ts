/** P5: the delay from the server's write of a delta to the caller, and the time of each delta when they come as fast as possible. */
import { startClients, startStub } from "../agents.js";
import type { Question } from "../question.js";
import { measureInTurns } from "../runner.js";
import { pairRatios, spreadOf } from "../statistics.js";

export const delay: Question = {
  name: "P5",
  title: "delay of a delta, and time of each delta in a firehose",
  async run(setting) {
    await using stub = await startStub(setting);
    await using clients = await startClients(setting, stub.url);
    const [paced, fast] = setting.quick ? [20, 500] : [400, 50_000];
    for (const name of ["ours", "official"] as const) await clients[name].do({ type: "stream", deltas: fast });
    const contestant = (name: "ours" | "official") => async () => {
      const { delay: waited } = await clients[name].do({ type: "delay", deltas: paced, pause: 3 });
      const { wall } = await clients[name].do({ type: "stream", deltas: fast });
      return { waited, wall: wall / fast };
    };
    const { ours, official } = await measureInTurns(
      { ours: contestant("ours"), official: contestant("official") },
      setting.runs,
    );
    const shown = [ours, official].map(({ waited }) => `${(spreadOf(waited).median * 1_000).toFixed(0)} µs`);
    setting.report(`delay of ours, official: ${shown.join(", ")}`);
    return {
      findings: [
        {
          label: "delay from write to caller ÷ official",
          value: pairRatios(ours.waited, official.waited),
          goal: 0.8,
          before: 0.97,
        },
        {
          label: "wall per delta in a firehose ÷ official",
          value: pairRatios(ours.wall, official.wall),
          goal: 0.8,
          before: 1.13,
        },
      ],
    };
  },
};
