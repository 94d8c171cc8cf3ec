/** Entry point of the page. */
import { App } from "./app.js";
import { connect } from "./connection.js";
import { byId } from "./dom.js";
import { Notices } from "./notifications.js";
import { setUpDrawers } from "./side-panels.js";
import { setUpTheme } from "./theme.js";

async function main(): Promise<void> {
  const notices = new Notices();
  setUpTheme(byId("theme", HTMLButtonElement));
  const closeDrawers = setUpDrawers();
  let app: App | undefined;
  const { opencode, start } = await connect({
    onState: (state) => notices.connection(state),
    onEvents: () => app?.onEvents(),
  });
  app = new App({ opencode, start, notices, closeDrawers });
  app.start();
  document.body.classList.remove("loading");
}

// Logged out: the banner shows it.
main().catch(() => document.body.classList.remove("loading"));
