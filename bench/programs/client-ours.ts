/** This package as its users have it: by the package's own name. */
import { createOpencode } from "opencode-ts";
import { serve } from "./worker.js";

serve(async (baseUrl) => {
  const opencode = await createOpencode({ baseUrl });
  return {
    ask: async (prompt) => (await opencode.ask(prompt)).text,
    stream: async (prompt, onText) => {
      for await (const text of opencode.askStream(prompt)) onText(text);
    },
    read: async (session) => {
      let messages = 0;
      for await (const _message of opencode.session(session).history()) messages += 1;
      return messages;
    },
    close: () => opencode.close(),
  };
});
