/** The routes of the agent's API that the page may call: a list, so that routes of later releases stay closed. Pure. */

const id = "[A-Za-z0-9_-]{1,128}";

/** Method and path, as the page's client sends them. */
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

/** Returns true for a request that the page needs. Compares the raw path: it is neither decoded nor normalised. */
export function isAllowed(method: string, path: string): boolean {
  return allowed.some(([name, shape]) => name === method && shape.test(path));
}

/** The listed methods of a path; empty for a path that is not listed. */
export function methodsOf(path: string): string[] {
  return [...new Set(allowed.filter(([, shape]) => shape.test(path)).map(([method]) => method))];
}
