/** What the web server says itself, and the headers that every answer carries. */
import type { ServerResponse } from "node:http";

/**
 * Nothing but the page's own files runs or is loaded, nothing is sent elsewhere, nobody frames it, and text becomes HTML
 * only by the sanitiser (Trusted Types).
 */
const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types dompurify",
].join("; ");

/** For everything that is no page: opened as one it can do nothing. */
const dataPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";

/** On every answer. */
export const commonHeaders: Readonly<Record<string, string>> = {
  "cache-control": "no-store",
  "content-security-policy": dataPolicy,
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
};

/** A file of the page. */
export function sendFile(response: ServerResponse, type: string, body: Uint8Array, isHead: boolean): void {
  const policy = { "content-security-policy": pagePolicy };
  response.writeHead(200, { ...commonHeaders, ...policy, "content-type": type, "content-length": body.length });
  response.end(isHead ? undefined : body);
}

/** JSON, in the agent's own shape where it is an error: the page's client reads it like the agent's. */
export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, {
    ...commonHeaders,
    "content-type": "application/json",
    "content-length": body.length,
  });
  response.end(body);
}

/** An error for the page's client. */
export function sendError(response: ServerResponse, status: number, name: string, message: string): void {
  sendJson(response, status, { name, data: { message } });
}

/** A short page for a person. */
export function sendNotice(response: ServerResponse, status: number, message: string): void {
  const body = Buffer.from(
    `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">` +
      `<meta name="color-scheme" content="light dark"><title>opencode-ts</title><h1>opencode-ts</h1><p>${escaped(message)}</p></html>`,
  );
  response.writeHead(status, {
    ...commonHeaders,
    "content-type": "text/html; charset=utf-8",
    "content-length": body.length,
  });
  response.end(body);
}

/** To the page, without the token that was in the address; with the cookie that it was turned into, if it was. */
export function sendRedirect(response: ServerResponse, cookie?: string): void {
  const login = cookie === undefined ? {} : { "set-cookie": cookie };
  response.writeHead(303, { ...commonHeaders, ...login, location: "/", "content-length": 0 });
  response.end();
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
