/** The files of the next prompt. */
import { h, icon, iconButton } from "./dom.js";
import { fileSize } from "./format.js";

/** Maximum size of all files of one prompt, in bytes: the agent stores them in its database, and sends them to a model. */
const maxBytes = 20_000_000;

/** A file that is ready to send. */
export interface ReadyFile {
  readonly name: string;
  readonly mime: string;
  readonly url: string;
  readonly size: number;
}

export class Attachments {
  readonly #list: HTMLElement;
  readonly #attachable: ReadonlySet<string> | undefined;
  readonly #onError: (message: string) => void;
  #files: ReadyFile[] = [];

  constructor(list: HTMLElement, attachable: ReadonlySet<string> | undefined, onError: (message: string) => void) {
    this.#list = list;
    this.#attachable = attachable;
    this.#onError = onError;
  }

  get files(): readonly ReadyFile[] {
    return this.#files;
  }

  async add(files: Iterable<File>): Promise<void> {
    for (const file of files) {
      const sum = this.#files.reduce((total, { size }) => total + size, file.size);
      if (sum > maxBytes) {
        this.#onError(`${file.name} is too large: the files of a prompt may have ${fileSize(maxBytes)} in total.`);
        continue;
      }
      try {
        const ready = await read(file);
        if (this.#canTake(ready)) this.#files.push(ready);
        else
          this.#onError(
            `${file.name} cannot be attached: this agent takes texts and ${[...(this.#attachable ?? [])].join(", ")}.`,
          );
      } catch {
        this.#onError(`${file.name} cannot be read.`);
      }
    }
    this.#show();
  }

  #canTake({ mime }: ReadyFile): boolean {
    return this.#attachable === undefined || mime.startsWith("text/") || this.#attachable.has(mime);
  }

  /** Returns the files and removes them. */
  take(): readonly ReadyFile[] {
    const files = this.#files;
    this.#files = [];
    this.#show();
    return files;
  }

  #show(): void {
    this.#list.hidden = this.#files.length === 0;
    this.#list.replaceChildren(
      ...this.#files.map((file) => {
        const remove = iconButton("close", `Remove ${file.name}`, () => {
          this.#files = this.#files.filter((one) => one !== file);
          this.#show();
        });
        return h(
          "li",
          { class: "file" },
          icon("file"),
          h("span", {}, file.name),
          h("small", {}, fileSize(file.size)),
          remove,
        );
      }),
    );
  }
}

async function read(file: File): Promise<ReadyFile> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const mime = mimeOf(file, bytes);
  let binary = "";
  // In pieces: the number of arguments of a call is limited.
  for (let start = 0; start < bytes.length; start += 0x8000)
    binary += String.fromCharCode(...bytes.subarray(start, start + 0x8000));
  return { name: file.name, mime, url: `data:${mime};base64,${btoa(binary)}`, size: file.size };
}

/** The agent reads only `text/plain` as a text (1.18.33): everything that is UTF-8 without control characters is one. */
function mimeOf({ type }: File, bytes: Uint8Array): string {
  if (/^(?:image\/(?!svg)|audio\/|video\/)/.test(type) || type === "application/pdf") return type;
  try {
    const text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    if (!text.includes("\0")) return "text/plain";
  } catch {
    // not a text
  }
  return type === "" ? "application/octet-stream" : type;
}
