/** P10: memory while the 2,000 messages of a session are read, iterated against one big GET. */
import { startAgent } from "../agents.js";
import { Worker } from "../processes.js";
import type { Question, Setting } from "../question.js";
import { measureInTurns } from "../runner.js";
import { pairRatios, spreadOf } from "../statistics.js";

export const history: Question = {
  name: "P10",
  title: "history of 2,000 messages iterated",
  async run(setting) {
    await using agent = await startAgent(setting);
    const messages = setting.quick ? 120 : 2_000;
    const long = { server: agent.url, session: await fillSession(agent.url, messages), messages };
    const short = { server: agent.url, session: await fillSession(agent.url, 2), messages: 2 };
    const contestant = (name: "ours" | "bare") => () => read(setting, name, short, long);
    const { ours, bare } = await measureInTurns({ ours: contestant("ours"), bare: contestant("bare") }, setting.runs);
    const megabytes = [ours.live, bare.live, ours.peak, bare.peak].map((of) =>
      (spreadOf(of).median / 2 ** 20).toFixed(1),
    );
    setting.report(`live ${megabytes.slice(0, 2).join(", ")} MiB, resident ${megabytes.slice(2).join(", ")} MiB`);
    return {
      findings: [
        {
          label: "history iterated, live memory ÷ one big GET",
          value: pairRatios(ours.live, bare.live),
          goal: 0.1,
          before: 0,
        },
        {
          label: "history iterated, resident memory ÷ one big GET",
          value: pairRatios(ours.peak, bare.peak),
          goal: 0.6,
          before: 0.38,
        },
      ],
    };
  },
};

/** A session with prompts that the model does not answer. */
async function fillSession(url: string, messages: number): Promise<string> {
  const post = async (path: string, body: object): Promise<{ readonly id: string }> => {
    const headers = { "content-type": "application/json" };
    const response = await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) });
    if (!response.ok) throw new Error(`POST ${path} answered ${response.status}`);
    return (await response.json()) as { id: string }; // the route's answer
  };
  const { id } = await post("/session", { title: "long" });
  const text = "A message of an ordinary length. ".repeat(40);
  for (let index = 0; index < messages; index += 1) {
    await post(`/session/${id}/message`, { noReply: true, parts: [{ type: "text", text: `${index} ${text}` }] });
  }
  return id;
}

interface FilledSession {
  readonly server: string;
  readonly session: string;
  readonly messages: number;
}

/** The short session is read first: the code that a read loads is no part of the answer. */
async function read({ programs }: Setting, name: "ours" | "bare", short: FilledSession, long: FilledSession) {
  await using worker = new Worker(`client-${name}`, programs);
  await worker.do({ type: "connect", server: short.server });
  await worker.do({ type: "read", session: short.session, messages: short.messages });
  const before = await worker.do({ type: "memory" });
  const { heap, peak } = await worker.do({ type: "read", session: long.session, messages: long.messages });
  return { live: Math.max(0, heap - before.heap), peak };
}
