/** P11: calls of the command that need no server, against an empty node process. */
import type { Question } from "../question.js";
import { measureInTurns } from "../runner.js";
import { openShell } from "../shell.js";
import { pairRatios, spreadOf } from "../statistics.js";

export const command: Question = {
  name: "P11",
  title: "the command's --help, --version and status",
  async run(setting) {
    await using shell = await openShell(setting);
    const ours = (argument: string) => async () => {
      const { wall, output } = await shell.command(argument);
      if (output === "" && argument !== "status") throw new Error(`${argument} printed nothing`);
      return { wall };
    };
    const empty = async () => ({ wall: (await shell.program("empty", [])).wall });
    const samples = await measureInTurns(
      { help: ours("--help"), version: ours("--version"), status: ours("status"), empty },
      2 * setting.runs + 1, // cheap, and noisy
    );
    const { help, version, status } = samples;
    setting.report(`an empty process: ${spreadOf(samples.empty.wall).median.toFixed(0)} ms`);
    return {
      findings: [
        { label: "`--help` ÷ empty node", value: pairRatios(help.wall, samples.empty.wall), goal: 1.6, before: 2.4 },
        {
          label: "`--version` ÷ empty node",
          value: pairRatios(version.wall, samples.empty.wall),
          goal: 1.6,
          before: 2.2,
        },
        { label: "`status` ÷ empty node", value: pairRatios(status.wall, samples.empty.wall), goal: 1.6, before: 3.7 },
      ],
    };
  },
};
