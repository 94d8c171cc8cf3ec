/** Shows one part of a message: text, collapsed reasoning, a tool call, a file. */
import type { Part } from "../../client.js";
import { h, icon } from "./dom.js";
import { duration } from "./format.js";
import { MarkdownView } from "./markdown.js";
import { ToolView } from "./tool-view.js";

/** The view of a part; `undefined` in the list of views means that the part is not shown. */
export interface PartView {
  readonly element: HTMLElement;
  /** `text`: the text or reasoning so far. */
  show(part: Part, text: string): void;
}

/** The view of a part, or `undefined` for a part without information for a person. */
export function partView(part: Part, isUser: boolean, directory: string | undefined): PartView | undefined {
  switch (part.type) {
    case "text":
      if (part.synthetic === true || part.ignored === true) return undefined;
      return isUser ? plainText() : markdownText();
    case "reasoning":
      return reasoning();
    case "tool": {
      const view = new ToolView(part, directory);
      return { element: view.element, show: (next) => next.type === "tool" && view.show(next) };
    }
    case "file":
      return file(part);
    case "compaction":
      return { element: h("p", { class: "divider" }, "Earlier messages were summarised"), show: () => {} };
    default:
      return undefined;
  }
}

function plainText(): PartView {
  const element = h("div", { class: "plain-text", dir: "auto" });
  return {
    element,
    show: (_part, text) => {
      element.textContent = text;
    },
  };
}

function markdownText(): PartView {
  const view = new MarkdownView();
  return { element: view.element, show: (_part, text) => view.show(text) };
}

function reasoning(): PartView {
  const label = h("span", { class: "reasoning-label" });
  const view = new MarkdownView();
  const element = h("details", { class: "reasoning" }, h("summary", {}, icon("spark"), label), view.element);
  let latest = "";
  // Collapsed reasoning is not rendered.
  const fill = (): void => {
    if (element.open) view.show(latest);
  };
  element.addEventListener("toggle", fill);
  return {
    element,
    show: (part, text) => {
      latest = text;
      const time = part.type === "reasoning" ? part.time : undefined;
      const hasEnded = time?.end !== undefined;
      label.textContent =
        hasEnded && time !== undefined ? `Thought for ${duration((time.end ?? 0) - time.start)}` : "Thinking";
      element.classList.toggle("running", !hasEnded);
      element.hidden = hasEnded && text.trim() === "";
      fill();
    },
  };
}

function file(part: Extract<Part, { type: "file" }>): PartView {
  const name = part.filename ?? part.mime;
  // An SVG picture could contain scripts. As an image it runs none, and the page's policy allows `data:` for images only.
  const isPicture = /^data:image\/(?:png|jpeg|gif|webp);base64,/.test(part.url);
  const element = isPicture
    ? h("img", { class: "picture", src: part.url, alt: name })
    : h("span", { class: "file" }, icon("file"), name);
  return { element, show: () => {} };
}
