/** Connects to a kept server by its address, starts a turn, and reports: `kept-user.ts URL PASSWORD DIRECTORY PROMPT [leave]`. */
import { createOpencode } from "../../../src/index.js";

const [baseUrl = "", password, directory, prompt = "", leave] = process.argv.slice(2);
const opencode = await createOpencode({ baseUrl, password, directory });
const session = await opencode.createSession({ title: "daemon-user" });
const stream = session.askStream(prompt, { detach: leave !== undefined });
if (leave !== undefined) for await (const _ of stream) break; // it runs, and goes on without us
const text = leave === undefined ? (await stream.answer).text : "";
process.stdout.write(`${JSON.stringify({ text, sessionId: session.id })}\n`);
await opencode.close();
