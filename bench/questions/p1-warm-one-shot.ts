/** P1: one call from the shell with a kept server, as a whole process. */
import type { Question } from "../question.js";
import { measureInTurns } from "../runner.js";
import { answered, openShell, prompt } from "../shell.js";
import { pairRatios, spreadOf } from "../statistics.js";

export const warmOneShot: Question = {
  name: "P1",
  title: "one-shot from the shell on a kept server",
  async run(setting) {
    await using shell = await openShell(setting);
    await shell.command("--keep", prompt);
    const { output } = await shell.program("kept-address", []);
    const { url, authorization } = JSON.parse(output);
    const { ours, run, bare } = await measureInTurns(
      {
        ours: async () => answered(await shell.command("--keep", prompt)),
        run: async () => answered(await shell.opencode("run", prompt)),
        bare: async () =>
          answered(await shell.program("two-fetches", [url, prompt], { BENCH_AUTHORIZATION: authorization })),
      },
      setting.runs,
    );
    setting.report(
      `ours, run, bare: ${[ours, run, bare].map(({ wall }) => spreadOf(wall).median.toFixed(0)).join(", ")} ms`,
    );
    return {
      findings: [
        { label: "warm one-shot ÷ `opencode run`", value: pairRatios(ours.wall, run.wall), goal: 0.08, before: 0.108 },
        {
          label: "warm one-shot ÷ node with two fetches",
          value: pairRatios(ours.wall, bare.wall),
          goal: 1.15,
          before: 1.49,
        },
        { label: "warm one-shot, CPU ÷ node with two fetches", value: pairRatios(ours.cpu, bare.cpu), goal: 1.15 },
      ],
    };
  },
};
