/** The credential that `opencode.reconnect()` goes on with. */
import type { OpencodeClient } from "./client/client.js";
import { ConfigError } from "./errors/index.js";
import { checkOptions } from "./util/check-options.js";

/** A new credential: either a password or a token. */
export interface Credential {
  /** Password for Basic authentication. */
  readonly password?: string | undefined;
  /** Bearer token for a gateway in front of the server, as in `ConnectOptions`. */
  readonly token?: string | (() => string | Promise<string>) | undefined;
}

const credentialNames = { password: true, token: true } satisfies Record<keyof Credential, true>;

/** The client with another credential. Throws `ConfigError` for a credential with neither or both of its fields. */
export function withCredential(client: OpencodeClient, credential: Credential): OpencodeClient {
  checkOptions(credential, credentialNames, "reconnect()");
  const { password, token } = credential;
  if ((password === undefined) === (token === undefined)) {
    throw new ConfigError("reconnect() needs a new `password` or a new `token`, and not both");
  }
  return client.withOptions(token === undefined ? { password } : { token });
}
