/** The check of the option `onSettled`. */
import type { NoticeCommand, OnSettled, WebHook } from "../../types/settled.js";
import { checkOptions } from "../../util/check-options.js";
import { invalidOption } from "../../util/invalid-option.js";
import { isRecord } from "../../util/json.js";

const webHookNames = { url: true, secret: true } satisfies Record<keyof WebHook, true>;
const commandNames = { command: true } satisfies Record<keyof NoticeCommand, true>;

/** Bytes of a key. */
const shortestKey = 24;
const longestKey = 64;

/** Throws `ConfigError` for what can be told nothing. Its message does not contain the secret. */
export function checkOnSettled(given: OnSettled): void {
  if (typeof given === "function") return;
  if (!isRecord(given)) throw invalidOption("onSettled", "a function, { url, secret } or { command }", given);
  if ("command" in given) {
    checkOptions(given, commandNames, "onSettled");
    const { command } = given;
    if (
      !Array.isArray(command) ||
      command.length === 0 ||
      command.some((word) => typeof word !== "string") ||
      !command[0]
    )
      throw invalidOption("onSettled.command", "a list of strings that begins with a program", command);
    return;
  }
  checkOptions(given, webHookNames, "onSettled");
  const { url, secret } = given as Partial<WebHook>; // checked here
  if (typeof url !== "string" || !URL.canParse(url) || !isAddress(new URL(url)))
    throw invalidOption("onSettled.url", "an http or https URL without a user and a password", url, { hidden: true });
  if (typeof secret !== "string" || webHookKey(secret) === undefined) {
    const expected = `${shortestKey} to ${longestKey} bytes in base64, with or without "whsec_" before them`;
    throw invalidOption("onSettled.secret", expected, secret, { hidden: true });
  }
}

/** `fetch` refuses a URL with credentials, and its message has all of the URL. */
function isAddress({ protocol, username, password }: URL): boolean {
  return /^https?:$/.test(protocol) && username === "" && password === "";
}

/** The bytes of a key; `undefined` for what is none. */
export function webHookKey(secret: string): Uint8Array<ArrayBuffer> | undefined {
  const base64 = /^(?:whsec_)?([A-Za-z0-9+/]+={0,2})$/.exec(secret)?.[1];
  if (base64 === undefined || base64.length % 4 === 1) return undefined;
  const key = Uint8Array.from(atob(base64.replace(/=+$/, "")), (character) => character.charCodeAt(0));
  return key.length < shortestKey || key.length > longestKey ? undefined : key;
}
