/** Addresses of a 1.x server for requests without a client: before its health is known, and while it ends. */

/** Answers as soon as the server takes requests. */
export function healthAddress(url: string): string {
  return `${url}/global/health`;
}

/** A `POST` there aborts the runs of all directories. */
export function disposeAddress(url: string): string {
  return `${url}/global/dispose`;
}
