/**
 * A notice to a receiver over HTTP, by Standard Webhooks 1.0: signed, and tried again until the receiver takes it. The id stays the same, the
 * time and the signature are those of the attempt.
 */
import pRetry, { AbortError } from "p-retry";
import { retryAfter } from "../../client/retry-rules.js";
import type { SettledNotice, WebHook } from "../../types/settled.js";
import { delay } from "../../util/delay.js";
import { messageOf } from "../../util/error-message.js";
import { property } from "../../util/json.js";
import { withDeadline } from "../../util/with-timeout.js";
import { webHookKey } from "./check.js";

/** One attempt, in ms. */
const attemptTimeout = 15_000;
const retries = 5;
/** ms: 1, 3, 9, 27 and 60 seconds, the first four up to twice as long at random. */
const waits = { minTimeout: 1_000, factor: 3, maxTimeout: 60_000, randomize: true } as const;
/** What a receiver may ask to wait, in ms. */
const longestWait = 60_000;
/** The receiver wants no more notices. */
const gone = 410;

/** Resolves when the receiver has taken it; rejects with the reason of the last attempt, and with that of `signal`. */
export async function postNotice(hook: WebHook, notice: SettledNotice, signal: AbortSignal): Promise<void> {
  const body = JSON.stringify(notice);
  const sign = await signer(hook.secret);
  await pRetry(
    () =>
      withDeadline((context) => post(hook.url, notice.id, body, sign, context.signal), {
        timeout: attemptTimeout,
        signal,
      }),
    {
      ...waits,
      retries,
      signal,
      onFailedAttempt: async ({ error, retriesLeft }) => {
        const asked = retriesLeft > 0 ? property({ ...error }, "asked") : undefined;
        if (typeof asked === "number") await delay(Math.min(asked, longestWait), signal);
      },
    },
  );
}

type Sign = (text: string) => Promise<string>;

async function post(url: string, id: string, body: string, sign: Sign, signal: AbortSignal): Promise<void> {
  const timestamp = Math.floor(Date.now() / 1_000);
  const headers = {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": `v1,${await sign(`${id}.${timestamp}.${body}`)}`,
  };
  const response = await fetch(url, { method: "POST", headers, body, redirect: "manual", signal }).catch(
    (error: unknown) => {
      throw new Error(messageOf(property(error, "cause") ?? error)); // not a `TypeError`, which is never tried again
    },
  );
  await response.body?.cancel();
  if (response.ok) return;
  const failure = new Error(`the receiver has answered ${response.status}`);
  if (response.status === gone) throw new AbortError(failure);
  throw Object.assign(failure, { asked: retryAfter(response.headers) });
}

/** HMAC-SHA256 in base64. */
async function signer(secret: string): Promise<Sign> {
  const bytes = webHookKey(secret);
  if (bytes === undefined) throw new Error("the secret is none"); // checked with the options
  const { subtle } = globalThis.crypto;
  const key = await subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return async (text) => {
    const signature = await subtle.sign("HMAC", key, new TextEncoder().encode(text));
    return btoa(String.fromCharCode(...new Uint8Array(signature)));
  };
}
