/** The web server's own responses, and the headers of every response. */
import type { ServerResponse } from "node:http";

/**
 * Only the page's own files are loaded and run, no data is sent elsewhere, no page may frame it, and text becomes HTML only
 * by the sanitiser (Trusted Types).
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

/** For responses that are not a page: opened as a page they can do nothing. */
const dataPolicy = "default-src 'none'; frame-ancestors 'none'; sandbox";

/** Headers of every response. */
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

/** Sends a file of the page. */
export function sendFile(response: ServerResponse, type: string, body: Uint8Array, isHead: boolean): void {
  const policy = { "content-security-policy": pagePolicy };
  response.writeHead(200, { ...commonHeaders, ...policy, "content-type": type, "content-length": body.length });
  response.end(isHead ? undefined : body);
}

/** Sends JSON; an error has the agent's format, so that the page's client reads it like the agent's. */
export function sendJson(response: ServerResponse, status: number, value: unknown): void {
  const body = Buffer.from(JSON.stringify(value));
  response.writeHead(status, {
    ...commonHeaders,
    "content-type": "application/json",
    "content-length": body.length,
  });
  response.end(body);
}

/** Sends an error to the page's client. */
export function sendError(response: ServerResponse, status: number, name: string, message: string): void {
  sendJson(response, status, { name, data: { message } });
}

/** Sends a short page for a person. */
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

/** Redirects to the page without the token in the address; with the cookie, if the token was valid. */
export function sendRedirect(response: ServerResponse, cookie?: string): void {
  const login = cookie === undefined ? {} : { "set-cookie": cookie };
  response.writeHead(303, { ...commonHeaders, ...login, location: "/", "content-length": 0 });
  response.end();
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
