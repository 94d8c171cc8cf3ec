/** The title of a session that was created without one: asked of the model beside the first step. */
import { chunksOf } from "../chunks.js";
import { provider } from "./model.js";
import type { Session } from "./records.js";
import type { Run } from "./run-handle.js";
import type { MemoryServer } from "./server.js";

const own = /^(New|Child) session - \d{4}-\d\d-\d\dT[\d:.]+Z$/;
const longest = 100;

/** Asks for it, where there is none, and does not wait for it. */
export function retitle(server: MemoryServer, session: Session, run: Run): void {
  if (session.parentID !== undefined || !own.test(session.title)) return;
  const prompts = server
    .messagesOf(session)
    .filter(({ info, parts }) => info.role === "user" && parts.some(({ synthetic }) => synthetic !== true));
  const [first] = prompts;
  if (first === undefined || prompts.length > 1) return;
  const text = first.parts.map((part) => part.text ?? "").join("\n");
  askTitle(server, session, run, text).catch(() => {}); // a session can do without
}

async function askTitle(server: MemoryServer, session: Session, run: Run, prompt: string): Promise<void> {
  const { config, model } = server;
  const small = config.small_model?.slice(`${provider}/`.length);
  const { plan } = await model.ask(session.id, model.entries.has(small ?? "") ? small : undefined, {
    messages: [
      { role: "system", content: "You are a title generator. You output ONLY a thread title. Nothing else." },
      { role: "user", content: "Generate a title for this conversation:\n" },
      { role: "user", content: prompt },
    ],
  });
  if (plan.type !== "spoken") return;
  let said = "";
  for await (const piece of chunksOf(plan.text, plan.delay, run.signal)) said += piece;
  const line = said
    .split("\n")
    .map((text) => text.trim())
    .find((text) => text !== "");
  if (line === undefined) return;
  session.title = line.length > longest ? `${line.slice(0, longest - 3)}...` : line;
  server.saved(session);
}
