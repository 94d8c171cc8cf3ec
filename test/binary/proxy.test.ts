import { expect, it } from "vitest";
import { proxyOf } from "../../src/binary/download/proxy.js";

const proxy = "http://proxy.example:8080";

function isProxied(url: string, env: Record<string, string>): boolean {
  return proxyOf(new URL(url), env) !== undefined;
}

it("proxyOf() takes the proxy of the address's own scheme, and the variable in small letters first", () => {
  expect(proxyOf(new URL("https://github.com/"), { HTTPS_PROXY: "http://large:1", https_proxy: proxy })).toBe(proxy);
  expect(proxyOf(new URL("http://mirror.example/"), { HTTPS_PROXY: proxy })).toBeUndefined();
  expect(proxyOf(new URL("http://mirror.example/"), { HTTP_PROXY: proxy })).toBe(proxy);
});

it("proxyOf() gives no proxy for this machine", () => {
  for (const host of ["127.0.0.1:80", "localhost", "[::1]:3000"]) {
    expect(isProxied(`http://${host}/`, { HTTP_PROXY: proxy })).toBe(false);
  }
});

it.each([
  ["github.com", false],
  ["GitHub.com:443", false],
  ["other.example, github.com", false],
  ["other.example github.com", false],
  [".com", false],
  ["*.com", false],
  ["*", false],
  ["github.com:8443", true],
  ["hub.com", true],
  ["api.github.com", true],
  [",", true],
])("proxyOf() with NO_PROXY=%s says for https://github.com: proxied %s", (NO_PROXY, expected) => {
  expect(isProxied("https://github.com/x", { HTTPS_PROXY: proxy, NO_PROXY })).toBe(expected);
});
