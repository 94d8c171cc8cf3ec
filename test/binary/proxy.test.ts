import { expect, it } from "vitest";
import { readProxies } from "../../src/binary/download/proxy.js";

const proxy = "http://proxy.example:8080";

function isProxied(url: string, env: Record<string, string>): boolean {
  return readProxies(env)(new URL(url)) !== undefined;
}

it("readProxies() takes the proxy of the address's own scheme, and the variable in small letters first", () => {
  expect(readProxies({ HTTPS_PROXY: "http://large:1", https_proxy: proxy })(new URL("https://github.com/"))?.host).toBe(
    "proxy.example:8080",
  );
  expect(readProxies({ HTTPS_PROXY: proxy })(new URL("http://mirror.example/"))).toBeUndefined();
  expect(readProxies({ HTTP_PROXY: proxy })(new URL("http://mirror.example/"))?.host).toBe("proxy.example:8080");
});

it("readProxies() gives no proxy for this machine", () => {
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
])("readProxies() with NO_PROXY=%s says for https://github.com: proxied %s", (NO_PROXY, expected) => {
  expect(isProxied("https://github.com/x", { HTTPS_PROXY: proxy, NO_PROXY })).toBe(expected);
});
