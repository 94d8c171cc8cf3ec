/**
 * Renders Markdown that may be hostile. HTML in it is shown as text. The sanitiser creates the elements from a short list,
 * without scripts, styles, forms or pictures: a picture's address could carry text away.
 */
import DOMPurify, { type Config } from "dompurify";
import { Marked, type Token, type TokensList } from "marked";
import { h, iconButton } from "./dom.js";

const marked = new Marked({
  gfm: true,
  renderer: {
    html: ({ text }) => escaped(text),
    image({ href, text }) {
      return `<a href="${escaped(href)}">${escaped(text === "" ? href : text)}</a>`;
    },
  },
});

const rules: Config & { readonly RETURN_DOM_FRAGMENT: true } = {
  ALLOWED_TAGS: [
    ..."p br hr h1 h2 h3 h4 h5 h6 strong em del code pre blockquote a".split(" "),
    ..."ul ol li table thead tbody tr th td input".split(" "),
  ],
  ALLOWED_ATTR: ["href", "title", "class", "start", "align", "type", "checked", "disabled"],
  ALLOWED_URI_REGEXP: /^(?:https?:|mailto:)/i,
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  RETURN_DOM_FRAGMENT: true,
};

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Longer texts (in characters) are shown as plain text: parsing them for each new word would block the page. */
const longest = 200_000;

interface Block {
  readonly source: string;
  readonly nodes: readonly Node[];
}

/** Renders one streaming text: only changed blocks are rendered again. */
export class MarkdownView {
  readonly element: HTMLElement = h("div", { class: "markdown", dir: "auto" });
  #blocks: Block[] = [];
  #shown = "";

  show(text: string): void {
    if (text === this.#shown) return;
    this.#shown = text;
    if (text.length > longest) {
      this.#blocks = [];
      this.element.replaceChildren(h("pre", { class: "plain" }, text));
      return;
    }
    const tokens = marked.lexer(text);
    const visible = tokens.filter(({ type }) => type !== "space" && type !== "def");
    const same = visible.findIndex((token, index) => this.#blocks[index]?.source !== token.raw);
    const keep = same < 0 ? visible.length : same;
    for (const { nodes } of this.#blocks.splice(keep)) for (const node of nodes) node.parentNode?.removeChild(node);
    if (keep === 0) this.element.replaceChildren();
    for (const token of visible.slice(keep)) {
      const nodes = render(token, tokens.links);
      this.element.append(...nodes);
      this.#blocks.push({ source: token.raw, nodes });
    }
  }
}

function render(token: Token, links: TokensList["links"]): Node[] {
  const html = marked.parser(Object.assign([token], { links }));
  const fragment = DOMPurify.sanitize(html, rules);
  for (const link of fragment.querySelectorAll("a")) {
    link.target = "_blank";
    link.rel = "noopener noreferrer";
  }
  for (const box of fragment.querySelectorAll("input")) {
    // Checkboxes of task lists; other inputs are removed.
    if (box.type !== "checkbox") box.remove();
    box.disabled = true;
  }
  for (const table of fragment.querySelectorAll("table")) {
    const frame = h("div", { class: "table-frame", tabindex: 0, role: "region", "aria-label": "Table" });
    table.replaceWith(frame);
    frame.append(table);
  }
  for (const block of fragment.querySelectorAll("pre")) frameCode(block);
  return [...fragment.childNodes];
}

function frameCode(block: HTMLElement): void {
  const language = /language-([\w+#.-]+)/.exec(block.querySelector("code")?.className ?? "")?.[1] ?? "";
  const frame = h("figure", { class: "code" });
  block.replaceWith(frame);
  block.tabIndex = 0;
  const copy = iconButton("copy", "Copy the code", () => {
    void navigator.clipboard.writeText(block.textContent ?? "").then(
      () => copy.classList.add("done"),
      () => {}, // the browser denies it: the user can still select the text
    );
    setTimeout(() => copy.classList.remove("done"), 1_500);
  });
  frame.append(h("figcaption", {}, h("span", {}, language), copy), block);
}
