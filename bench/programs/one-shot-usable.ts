/** `one-shot-usable PROMPT`: a cold ask of a server with only the model providers that the user can use. */
import { ask } from "opencode-ts";

const { text } = await ask(process.argv[2] ?? "", { model: "scripted/model", providers: "usable" });
console.log(text);
