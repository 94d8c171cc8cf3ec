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
    read: (session) => opencode.session(session).history(),
    open: () => opencode.createSession({ title: "bench" }),
    close: () => opencode.close(),
  };
});
