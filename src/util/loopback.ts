/** Which addresses are this machine's own. */

/** True for names and addresses of this machine: RFC 6761 (`localhost`), RFC 1122 (127/8), RFC 4291 (`::1`). */
export function isLoopback(url: string | URL): boolean {
  const { hostname } = new URL(url);
  return /^(?:(?:.+\.)?localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\]|\[::ffff:7f[\da-f]{2}:[\da-f]+\])$/.test(hostname);
}
