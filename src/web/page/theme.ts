/** The theme: light, dark, or the system's. */
import { type IconName, icon } from "./dom.js";
import { isText, load, save } from "./storage.js";

const themes = ["auto", "light", "dark"] as const;
type Theme = (typeof themes)[number];

const pictures: Readonly<Record<Theme, IconName>> = { auto: "auto", light: "sun", dark: "moon" };
const names: Readonly<Record<Theme, string>> = { auto: "system", light: "light", dark: "dark" };

/** Applies the stored theme, and changes it with the button. */
export function setUpTheme(button: HTMLButtonElement): void {
  const kept = load("theme", isText);
  let theme: Theme = themes.find((known) => known === kept) ?? "auto";
  const show = (): void => {
    if (theme === "auto") delete document.documentElement.dataset["theme"];
    else document.documentElement.dataset["theme"] = theme;
    button.replaceChildren(icon(pictures[theme]));
    button.title = `Theme: ${names[theme]}`;
    button.setAttribute("aria-label", button.title);
  };
  button.addEventListener("click", () => {
    theme = themes[(themes.indexOf(theme) + 1) % themes.length] ?? "auto";
    save("theme", theme);
    show();
  });
  show();
}
