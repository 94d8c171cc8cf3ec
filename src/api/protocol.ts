/** The first question to a server: is it one, of which protocol, and in which dialect? */
import { isSupportedVersion, protocolOf, unsupportedVersion, wrongProtocol } from "../binary/version.js";
import type { OpencodeClient } from "../client/client.js";
import { AuthenticationError } from "../errors/index.js";
import type { Protocol } from "../types/protocol.js";
import { property, stringProperty } from "../util/json.js";
import { notOpencode } from "./not-opencode.js";
import { readReply, type ServerReply } from "./server-reply.js";
import type { DialectName } from "./v2/dialects.js";

/** What a server is. */
export interface ServerIdentity {
  /** The protocol that it speaks. */
  readonly protocol: Protocol;
  /** Which form of the 2.x protocol; `undefined` for 1.x. */
  readonly dialect?: DialectName | undefined;
  /** The release that it reports. The preview reports none: it is `"2.0.0-preview"`, as its binary is. */
  readonly version: string;
}

/** The release of the preview: its own texts ("local", "1.18.18") say something else. */
const previewVersion = "2.0.0-preview";

/**
 * Tells which server it is, by one request for 1.x and two for 2.x, whatever the password. Waits for a 2.x server that is starting, ten
 * seconds at most.
 *
 * `GET /global/health` is 200 on 1.x, and 404 without a body on the preview (measured on 2.0 preview 1.18.18), which then has `/api/health`.
 * 2.x releases answer it with their web page or with 401, and have `/api/info` (2.0.4 and later) or a third request to `/api/health` (2.0.0
 * to 2.0.3): as their documents and reports say, not run against a real 2.1. 1.15 and later have `/api/health`, too, so it is no first
 * question.
 * @throws {UnsupportedServerVersionError} for another release, and with `found: "not opencode"` for another program.
 * @throws {AuthenticationError} for a missing or wrong password, with the place of the right one.
 */
export async function identify(client: OpencodeClient): Promise<ServerIdentity> {
  const first = await readReply(client, "/global/health");
  const health = releaseIn(first, typeof property(first.data, "healthy") === "boolean");
  if (health !== undefined && !isSecond(health)) return supported({ protocol: "v1", version: health });
  const identity = await identifySecond(client, first, health);
  if (identity !== undefined) return supported(identity);
  if (first.error !== undefined && isAnothers(first)) throw first.error;
  throw notOpencode(client, first);
}

/** Throws `UnsupportedServerVersionError` for a server of the protocol that the caller does not want. */
export function requireProtocol(client: OpencodeClient, identity: ServerIdentity, wanted: Protocol | "auto"): void {
  if (wanted !== "auto" && identity.protocol !== wanted) throw wrongProtocol(identity.version, wanted, client.baseUrl);
}

/** The health and the release of a server whose protocol is known. Throws as {@link identify}. */
export async function readHealth(
  client: OpencodeClient,
  protocol: Protocol = "v1",
): Promise<{ healthy: boolean; version: string }> {
  if (protocol === "v2") return { healthy: true, version: (await identify(client)).version };
  const reply = await readReply(client, "/global/health");
  const healthy = property(reply.data, "healthy");
  const version = releaseIn(reply, typeof healthy === "boolean");
  if (typeof healthy === "boolean" && version !== undefined) return { healthy, version };
  throw reply.error ?? notOpencode(client, reply);
}

/** The second request: `undefined` when nothing speaks for a 2.x server. */
async function identifySecond(
  client: OpencodeClient,
  first: ServerReply,
  health: string | undefined,
): Promise<ServerIdentity | undefined> {
  if (first.status === 404 && first.isEmpty) return askHealth(client, first);
  const mayBeSecond = [401, 404].includes(first.status) || isWebPage(first) || health !== undefined;
  if (!mayBeSecond) return undefined;
  const info = await readReply(client, "/api/info");
  const version = releaseIn(info, typeof property(info.data, "pid") === "number");
  if (version !== undefined) return { protocol: "v2", dialect: "2.1", version };
  refuse(info, first, releasePassword);
  if (health !== undefined) return { protocol: "v2", dialect: dialectOf(health), version: health };
  // A web server answers with a page again; an opencode server has said that below /api this path is not there.
  return isWebPage(first) && info.status === 404 && info.type !== "text/html" ? askHealth(client, first) : undefined;
}

/** `/api/health`: the preview gives no release, 2.0.0 to 2.0.3 do. */
async function askHealth(client: OpencodeClient, first: ServerReply): Promise<ServerIdentity | undefined> {
  const reply = await readReply(client, "/api/health");
  refuse(reply, first, previewPassword);
  if (property(reply.data, "healthy") !== true || reply.error !== undefined) return undefined;
  const version = stringProperty(reply.data, "version");
  if (version === undefined) return { protocol: "v2", dialect: "preview", version: previewVersion };
  return isRelease(version) ? { protocol: "v2", dialect: "2.0", version } : undefined;
}

/** The release in an answer that is JSON; nothing else is believed. It goes into messages: no text of any length. */
function releaseIn(reply: ServerReply, isRight: boolean): string | undefined {
  const version = stringProperty(reply.data, "version");
  return reply.error === undefined && isRight && version !== undefined && isRelease(version) ? version : undefined;
}

function isRelease(version: string): boolean {
  return /^[\w.+-]{1,100}$/.test(version);
}

function isSecond(version: string): boolean {
  return protocolOf(version) === "v2";
}

function dialectOf(version: string): DialectName {
  return /^2\.0\.[0-3](?!\d)/.test(version) ? "2.0" : "2.1";
}

/** A build from source calls itself "local" or 0.0.0-…: whoever runs one knows. */
function supported(identity: ServerIdentity): ServerIdentity {
  const { version } = identity;
  if (!isSupportedVersion(version) && /^[1-9]/.test(version)) throw unsupportedVersion(version);
  return identity;
}

function isWebPage({ status, type }: ServerReply): boolean {
  return status === 200 && type === "text/html";
}

const previewPassword =
  "The preview of opencode 2.0 keeps its password in the file $XDG_STATE_HOME/opencode/password (by default " +
  "~/.local/state/opencode/password): give the content of that file as `password`. A server of 2.0.0 or later has it from " +
  "OPENCODE_PASSWORD.";

const releasePassword =
  "The password of an opencode 2.x server is its OPENCODE_PASSWORD, or the one that it printed when it started; that of the background " +
  "service is in $XDG_STATE_HOME/opencode/service.json (by default ~/.local/state/opencode/service.json). Give it as `password`.";

/**
 * Throws when the server, or something in front of it, refuses or fails. A refusal of 2.x itself has a `_tag`, and gets the hint; one that
 * is as the first says nothing new.
 */
function refuse(reply: ServerReply, first: ServerReply, hint: string): void {
  const { status, data, error } = reply;
  if (error === undefined || !isAnothers(reply)) return;
  if (status === 401 && stringProperty(data, "_tag") !== undefined) {
    const { message, method, path, body } = error;
    throw new AuthenticationError(message, { status, method, path, body, hint, cause: error });
  }
  if (status !== first.status) throw error;
}

/** Refusals and failures of a server, or of something in front of it: they say nothing about what it is. */
function isAnothers({ status, error }: ServerReply): boolean {
  return [401, 403, 407, 408, 429].includes(status) || status >= 500 || error?.name === "ConfigError";
}
