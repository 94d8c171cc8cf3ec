/** Who may use the page: one-time tokens in an address, and the cookies that they are turned into. */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";

/** Browsers that are logged in at the same time; beyond that the oldest is logged out. */
const maxBrowsers = 32;

/** Tokens and cookies of one web server. Only hashes are kept. */
export interface Access {
  /** The token that the next browser can use. */
  readonly token: string;
  /** True once for the current token; then there is another one. */
  redeem(token: string): boolean;
  /** A new browser's secret. */
  grant(): string;
  /** True for a secret that was granted. */
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

/** Of equal length, whatever came in: `timingSafeEqual` wants that. */
function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
