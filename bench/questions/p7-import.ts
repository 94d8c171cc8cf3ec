/** P7: the time and the resident memory of the package's main entry, imported in a new process. */
import { join } from "node:path";
import { runTimed } from "../processes.js";
import type { Question } from "../question.js";
import { measureInTurns } from "../runner.js";
import { pairRatios, spreadOf } from "../statistics.js";

interface ImportCost {
  readonly wall: number;
  readonly cpu: number;
  readonly resident: number;
}

export const importing: Question = {
  name: "P7",
  title: "import of the package",
  async run({ programs, runs, report }) {
    const importOf = (specifier: string) => async () => {
      const { output } = await runTimed(process.execPath, [join(programs, "import-cost.js"), specifier]);
      const { wall, cpu, resident }: ImportCost = JSON.parse(output);
      return { wall, cpu, resident };
    };
    const { ours, official } = await measureInTurns(
      { ours: importOf("opencode-ts"), official: importOf("@opencode-ai/sdk") },
      2 * runs + 1, // cheap, and noisy
    );
    report(
      `ours ${spreadOf(ours.wall).median.toFixed(0)} ms, official ${spreadOf(official.wall).median.toFixed(0)} ms`,
    );
    return {
      findings: [
        { label: "import, time ÷ official", value: pairRatios(ours.wall, official.wall), goal: 0.5, before: 2.98 },
        { label: "import, CPU ÷ official", value: pairRatios(ours.cpu, official.cpu), goal: 0.5 },
        {
          label: "import, added memory ÷ official",
          value: pairRatios(ours.resident, official.resident),
          goal: 0.5,
          before: 1.38,
        },
      ],
    };
  },
};
