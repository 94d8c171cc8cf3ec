/** What of the agent's API the page may reach: a list, so that whatever a later release adds stays closed. Pure. */

const id = "[A-Za-z0-9_-]{1,128}";

/** Method and path, as the page's own client asks for them. */
const allowed: readonly (readonly [method: string, path: RegExp])[] = [
  ["GET", /^\/(?:global\/health|event|agent|config\/providers|permission|question)$/],
  ["GET", /^\/session(?:\/status)?$/],
  ["POST", /^\/session$/],
  ["GET", pattern(`/session/${id}`)],
  ["PATCH", pattern(`/session/${id}`)],
  ["DELETE", pattern(`/session/${id}`)],
  ["GET", pattern(`/session/${id}/(?:message|children|todo)`)],
  ["GET", pattern(`/session/${id}/message/${id}`)],
  ["POST", pattern(`/session/${id}/(?:prompt_async|abort|summarize)`)],
  ["POST", pattern(`/permission/${id}/reply`)],
  ["POST", pattern(`/question/${id}/(?:reply|reject)`)],
];

function pattern(path: string): RegExp {
  return new RegExp(`^${path}$`);
}

/** True for a request that the page needs. The path is compared as it was sent: nothing is decoded or shortened. */
export function isAllowed(method: string, path: string): boolean {
  return allowed.some(([name, shape]) => name === method && shape.test(path));
}

/** Methods that the path has at all; empty for a path that is not on the list. */
export function methodsOf(path: string): string[] {
  return [...new Set(allowed.filter(([, shape]) => shape.test(path)).map(([method]) => method))];
}
