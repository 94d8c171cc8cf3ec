/** Access to the page: one-time tokens in an address, and the cookies that replace them. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** Maximum number of logged-in browsers; one more logs out the oldest. */
const maxBrowsers = 32;

/** Tokens and cookies of one web server. Only hashes are kept. */
export interface Access {
  /** The token for the next browser. */
  readonly token: string;
  /** Returns true once for the current token, and then replaces it. */
  redeem(token: string): boolean;
  /** Creates the secret of a new browser. */
  grant(): string;
  /** Returns true for a granted secret. */
  isGranted(secret: string | undefined): boolean;
}

/** Tokens and secrets have 256 random bits. */
export function createAccess(): Access {
  let token = secret();
  const granted: Buffer[] = [];
  return {
    get token() {
      return token;
    },
    redeem: (given) => {
      if (!timingSafeEqual(digest(given), digest(token))) return false;
      token = secret();
      return true;
    },
    grant: () => {
      const value = secret();
      granted.push(digest(value));
      if (granted.length > maxBrowsers) granted.shift();
      return value;
    },
    isGranted: (value) => {
      if (value === undefined) return false;
      const hash = digest(value);
      return granted.some((known) => timingSafeEqual(known, hash));
    },
  };
}

function secret(): string {
  return randomBytes(32).toString("base64url");
}

/** Hashes have equal length, as `timingSafeEqual` requires. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
