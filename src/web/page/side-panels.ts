/** The columns beside the conversation: columns on a wide screen, drawers on a narrow one. */
import { byId, icon } from "./dom.js";
import { isText, load, save } from "./storage.js";

type Drawer = "sidebar" | "panel";

const isNarrow = { sidebar: "(max-width: 760px)", panel: "(max-width: 1180px)" } as const;

/** Sets up the buttons. Returns a function that closes the open drawer. */
export function setUpDrawers(): () => void {
  const body = document.body;
  const buttons = { sidebar: byId("show-sidebar", HTMLButtonElement), panel: byId("show-panel", HTMLButtonElement) };
  buttons.sidebar.append(icon("menu"));
  buttons.panel.append(icon("chart"));
  if (load("panel", isText) === "closed") body.classList.add("without-panel");
  const opened = (): Drawer | undefined => {
    const name = body.dataset["drawer"];
    return name === "sidebar" || name === "panel" ? name : undefined;
  };
  const show = (): void => {
    for (const name of ["sidebar", "panel"] as const) {
      const isColumn = !matchMedia(isNarrow[name]).matches;
      const isOpen = isColumn ? name === "sidebar" || !body.classList.contains("without-panel") : opened() === name;
      buttons[name].setAttribute("aria-expanded", String(isOpen));
    }
  };
  const close = (): void => {
    const name = opened();
    if (name === undefined) return;
    delete body.dataset["drawer"];
    show();
    if (byId(name, HTMLElement).contains(document.activeElement)) buttons[name].focus();
  };
  const open = (name: Drawer): void => {
    body.dataset["drawer"] = name;
    show();
    byId(name, HTMLElement).querySelector<HTMLElement>("button, a, input")?.focus();
  };
  buttons.sidebar.addEventListener("click", () => (opened() === "sidebar" ? close() : open("sidebar")));
  buttons.panel.addEventListener("click", () => {
    if (matchMedia(isNarrow.panel).matches) return opened() === "panel" ? close() : open("panel");
    save("panel", body.classList.toggle("without-panel") ? "closed" : "open");
    show();
  });
  byId("backdrop", HTMLElement).addEventListener("click", close);
  for (const button of document.querySelectorAll(".drawer-close")) {
    button.append(icon("close"));
    button.addEventListener("click", close);
  }
  addEventListener("resize", show);
  // Runs before the listener that stops the agent: the first Escape closes the drawer.
  document.addEventListener(
    "keydown",
    (event) => {
      if (event.key !== "Escape" || opened() === undefined) return;
      event.stopImmediatePropagation();
      close();
    },
    { capture: true },
  );
  show();
  return close;
}
