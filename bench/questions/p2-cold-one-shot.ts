/** P2: one call from the shell that starts a server, asks and ends it, as a whole process. The model is named. */
import type { Question } from "../question.js";
import { measureInTurns } from "../runner.js";
import { answered, openShell, prompt } from "../shell.js";
import { pairRatios, spreadOf } from "../statistics.js";

export const coldOneShot: Question = {
  name: "P2",
  title: "cold one-shot with a model: start, ask, end",
  async run(setting) {
    await using shell = await openShell(setting);
    const args = ["--model", "scripted/model", prompt];
    const { ours, run } = await measureInTurns(
      {
        ours: async () => answered(await shell.command(...args)),
        run: async () => answered(await shell.opencode("run", ...args)),
      },
      setting.runs,
    );
    setting.report(`ours, run: ${[ours, run].map(({ wall }) => spreadOf(wall).median.toFixed(0)).join(", ")} ms`);
    return {
      findings: [
        { label: "cold one-shot ÷ `opencode run`", value: pairRatios(ours.wall, run.wall), goal: 1, before: 1.12 },
        { label: "cold one-shot, CPU ÷ `opencode run`", value: pairRatios(ours.cpu, run.cpu), goal: 1 },
      ],
    };
  },
};
