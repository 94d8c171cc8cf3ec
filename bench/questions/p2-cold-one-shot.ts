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
    const { output } = await shell.program("write-catalogue", []);
    setting.report(`the agent's list: ${output.trim()}`);
    const { ours, usable, run } = await measureInTurns(
      {
        ours: async () => answered(await shell.command(...args)),
        usable: async () => answered(await shell.program("one-shot-usable", [prompt])),
        run: async () => answered(await shell.opencode("run", ...args)),
      },
      setting.runs,
    );
    setting.report(
      `ours, trimmed, run: ${[ours, usable, run].map(({ wall }) => spreadOf(wall).median.toFixed(0)).join(", ")} ms`,
    );
    return {
      findings: [
        { label: "cold one-shot ÷ `opencode run`", value: pairRatios(ours.wall, run.wall), goal: 1, before: 1.12 },
        {
          label: 'cold one-shot with `providers: "usable"` ÷ `opencode run`',
          value: pairRatios(usable.wall, run.wall),
          goal: 0.72,
        },
        { label: "cold one-shot, CPU ÷ `opencode run`", value: pairRatios(ours.cpu, run.cpu), goal: 1 },
      ],
    };
  },
};
