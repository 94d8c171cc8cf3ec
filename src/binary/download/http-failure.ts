/** What a refusal by status means. Pure. */
import { BinaryDownloadError } from "../../errors/index.js";
import { redact } from "../../util/redact.js";
import type { HttpAnswer } from "./http.js";

/** The error for a status other than 200 and 206. `text` is the body, as far as it was read. */
export function statusFailure(answer: HttpAnswer, text: string, now: number = Date.now()): BinaryDownloadError {
  const { status, from } = answer;
  if (!isRateLimit(answer, text)) {
    const said = redact(text.replace(/\s+/g, " ").trim().slice(0, 200));
    return new BinaryDownloadError(`${from} answers ${status}${said === "" ? "" : `: ${said}`}.`, {
      reason: "http",
      status,
    });
  }
  const retryAt = retryTime(answer, now);
  const until = retryAt === undefined ? "" : ` until ${retryAt.toISOString()}`;
  return new BinaryDownloadError(`${from} answers ${status}: its rate limit is used up${until}.`, {
    reason: "rate-limit",
    status,
    retryAt,
    hint: "Set GITHUB_TOKEN for a limit of your own, or use a mirror (OPENCODE_DOWNLOAD_URL).",
  });
}

/** GitHub says 403 or 429, and in headers why: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
function isRateLimit(answer: HttpAnswer, text: string): boolean {
  if (answer.status === 429) return true;
  if (answer.status !== 403) return false;
  const isUsedUp = answer.header("x-ratelimit-remaining") === "0" || answer.header("retry-after") !== undefined;
  return isUsedUp || /rate limit/i.test(text);
}

const day = 86_400_000;

/** `retry-after` (seconds or a date, RFC 9110) before `x-ratelimit-reset` (seconds since 1970); nothing beyond a day. */
function retryTime(answer: HttpAnswer, now: number): Date | undefined {
  const after = answer.header("retry-after");
  const reset = answer.header("x-ratelimit-reset");
  const time =
    after === undefined
      ? Number(reset ?? Number.NaN) * 1_000
      : /^\d+$/.test(after)
        ? now + Number(after) * 1_000
        : Date.parse(after);
  return time >= now - day && time <= now + day ? new Date(time) : undefined;
}
