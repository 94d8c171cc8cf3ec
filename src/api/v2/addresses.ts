/** Addresses of a 2.x server for requests without a client: before its protocol is known, and while it ends. */

/** Health of the preview and of 2.0.0 to 2.0.3. */
export function healthAddress(url: string): string {
  return `${url}/api/health`;
}

/** Version and process of 2.0.4 and later. Not run against a real 2.1. */
export function infoAddress(url: string): string {
  return `${url}/api/info`;
}

/** The sessions that run, of all directories. */
export function activeAddress(url: string): string {
  return `${url}/api/session/active`;
}

/** A `POST` there ends the run of the session. */
export function interruptAddress(url: string, sessionId: string): string {
  return `${url}/api/session/${encodeURIComponent(sessionId)}/interrupt`;
}
