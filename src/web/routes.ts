/** The routes of the agent's API that the page may call: a list, so that routes of later releases stay closed. Pure. */
import type { Protocol } from "../index.js";

type Allowed = readonly (readonly [method: string, path: RegExp])[];

const id = "[A-Za-z0-9_-]{1,128}";

/** Method and path, as the page's client sends them. */
const first: Allowed = [
  ["GET", /^\/(?:global\/health|event|agent|config\/providers|permission|question)$/],
  ["GET", /^\/session(?:\/status)?$/],
  ["POST", /^\/session$/],
  ["GET", pattern(`/session/${id}`)],
  ["PATCH", pattern(`/session/${id}`)],
  ["DELETE", pattern(`/session/${id}`)],
  ["GET", pattern(`/session/${id}/(?:message|children|todo)`)],
  ["GET", pattern(`/session/${id}/message/${id}`)],
  ["DELETE", pattern(`/session/${id}/message/${id}`)], // an answer that the next of the fallback models could not go on with
  ["PATCH", pattern(`/session/${id}/message/${id}/part/${id}`)], // the results of its tools, for that model
  ["POST", pattern(`/session/${id}/(?:prompt_async|abort|summarize)`)],
  ["POST", pattern(`/permission/${id}/reply`)],
  ["POST", pattern(`/question/${id}/(?:reply|reject)`)],
];

const session = `/api/session/${id}`;
/** Instructions: the client takes out what an earlier turn of its own has left, and writes none. */
const entries = `/api/(?:experimental/)?session/${id}/instructions/entries`;

/** Those of 2.x: some releases lack some of them. The first two paths are those that a server is told apart by. */
const second: Allowed = [
  ["GET", /^\/(?:global\/health|api\/(?:health|info))$/],
  ["GET", /^\/api\/(?:event|location|agent|provider|model(?:\/default)?|form|(?:permission|question)\/request)$/],
  ["GET", /^\/api\/session(?:\/active)?$/],
  ["POST", /^\/api\/session$/],
  ["GET", pattern(session)],
  ["PATCH", pattern(session)],
  ["DELETE", pattern(session)],
  ["GET", pattern(`${session}/(?:message|history|permission|question|form)`)],
  ["GET", pattern(`${session}/message/${id}`)],
  ["POST", pattern(`${session}/(?:prompt|interrupt|agent|model|rename|revert/commit)`)],
  ["POST", pattern(`${session}/(?:permission|form)/${id}/reply`)],
  ["POST", pattern(`${session}/question/${id}/(?:reply|reject)`)],
  ["DELETE", pattern(`${session}/(?:form|inbox)/${id}`)],
  ["GET", pattern(entries)],
  ["DELETE", pattern(`${entries}/${id}`)],
];

const routes: Readonly<Record<Protocol, Allowed>> = { v1: first, v2: second };

function pattern(path: string): RegExp {
  return new RegExp(`^${path}$`);
}

/** Returns true for a request that the page needs. Compares the raw path: it is neither decoded nor normalised. */
export function isAllowed(protocol: Protocol, method: string, path: string): boolean {
  return routes[protocol].some(([name, shape]) => name === method && shape.test(path));
}

/** The listed methods of a path; empty for a path that is not listed. */
export function methodsOf(protocol: Protocol, path: string): string[] {
  return [...new Set(routes[protocol].filter(([, shape]) => shape.test(path)).map(([method]) => method))];
}
