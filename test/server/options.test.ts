import { mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ConfigError } from "../../src/errors/index.js";
import { configContent } from "../../src/server/config-content.js";
import { type EnvironmentParts, serverEnvironment } from "../../src/server/environment.js";
import { generationOf } from "../../src/server/generations.js";
import { stripJsonc } from "../../src/server/jsonc.js";
import { isLoopback, resolveServerOptions } from "../../src/server/options.js";
import { OutputTail } from "../../src/server/output-tail.js";
import { baseUrl } from "../../src/server/port.js";
import { createOpencodeServer } from "../../src/server/server.js";

let folder: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "opencode-ts-options-")));
  await writeFile(join(folder, "file"), "");
  await symlink(folder, join(folder, "link"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

describe("the options of a server", () => {
  it.each([
    ["directory", { directory: "/no/such/directory" }],
    ["directory", { directory: "" }],
    ["port", { port: -1 }],
    ["port", { port: 65_536 }],
    ["port", { port: 1.5 }],
    ["port", { port: Number.NaN }],
    ["hostname", { hostname: "http://localhost" }],
    ["hostname", { hostname: "localhost:4096" }],
    ["hostname", { hostname: "" }],
    ["serverTimeout", { serverTimeout: 0 }],
    ["serverTimeout", { serverTimeout: Number.POSITIVE_INFINITY }],
    ["password", { password: "" }],
    ["env.BAD", { env: { BAD: "a\0b" } }],
    ["binary", { binary: "" }],
  ])("a wrong `%s` option is refused by its name: %o", async (option, options) => {
    const error = await createOpencodeServer(options).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ message: expect.stringContaining(`\`${option}\``) });
  });

  it("server options of a wrong type throw a ConfigError", () => {
    const wrong: Record<string, unknown>[] = [
      { isolation: "none" },
      { isolation: {} },
      { isolation: { home: "" } },
      { isolation: { home: 5 } },
      { download: "no" },
      { onProgress: "bar" },
      { port: "4096" },
      { config: [] },
      { env: { A: 1 } },
    ];
    for (const options of wrong) expect(() => resolveServerOptions(options)).toThrow(ConfigError);
  });

  it("the `directory` option refuses a file and resolves links", () => {
    expect(() => resolveServerOptions({ directory: join(folder, "file") })).toThrow(/not of a file/);
    expect(resolveServerOptions({ directory: join(folder, "link") }).directory).toBe(folder);
  });

  it("a hostname other than loopback needs a password of the caller", () => {
    for (const hostname of ["0.0.0.0", "::", "192.0.2.7", "example.com", "localhost.example.com", "fe80::1%eth0"]) {
      expect(() => resolveServerOptions({ hostname }), hostname).toThrow(/password/);
      expect(resolveServerOptions({ hostname, password: "secret" }).password).toBe("secret");
    }
    expect(
      ["127.0.0.1", "127.9.9.9", "localhost", "LOCALHOST", "::1", "0:0:0:0:0:0:0:1"].filter(isLoopback),
    ).toHaveLength(6);
    expect(resolveServerOptions({ hostname: "[::1]" }).hostname).toBe("::1");
  });

  it("a generated server password has at least 192 bits and is new each time", () => {
    const [one, two] = [resolveServerOptions({}).password, resolveServerOptions({}).password];
    expect(one).toMatch(/^[0-9A-Za-z]{33,}$/);
    expect(one).not.toBe(two);
  });

  it("a text in place of an object option is refused, and the error does not show the text", () => {
    const text = '{"apiKey":"hunter2"}';
    for (const option of ["config", "env", "port"]) {
      const wrong: Record<string, unknown> = { [option]: option === "port" ? [text] : text };
      expect(() => resolveServerOptions(wrong), option).toThrow(
        expect.objectContaining({ name: "ConfigError", message: expect.not.stringContaining("hunter2") }),
      );
    }
  });

  it("the `port` option refuses the ports that fetch blocks", async () => {
    for (const port of [1, 22, 6000, 6667, 10_080]) {
      expect(() => resolveServerOptions({ port }), String(port)).toThrow(/bad port/);
      const refused = await fetch(`http://127.0.0.1:${port}`).catch((error: unknown) => error);
      expect(refused).toMatchObject({ cause: { message: "bad port" } });
    }
    expect(resolveServerOptions({ port: 4096 }).port).toBe(4096);
  });

  it("an option error shows no password and no value of the environment", () => {
    for (const options of [{ password: "hunter2\0" }, { env: { KEY: "hunter2\0" } }]) {
      expect(() => resolveServerOptions(options)).toThrow(
        expect.objectContaining({ message: expect.not.stringContaining("hunter2") }),
      );
    }
  });
});

describe("the address of a server", () => {
  it("the address of a server with a wildcard hostname is a loopback address", () => {
    expect(baseUrl("127.0.0.1", 4096)).toBe("http://127.0.0.1:4096");
    expect(baseUrl("::1", 4096)).toBe("http://[::1]:4096");
    expect(baseUrl("0.0.0.0", 4096)).toBe("http://127.0.0.1:4096");
    expect(baseUrl("::", 4096)).toBe("http://[::1]:4096");
  });
});

describe("the environment of a server", () => {
  const parts = (more: Partial<EnvironmentParts> = {}): EnvironmentParts => {
    const generation = generationOf("1.18.33");
    const given = { inherited: {}, added: {}, config: {}, password: "secret", home: undefined, temporary: "/t" };
    return { ...given, generation, ...more };
  };

  it("the server's environment is the inherited one plus `env`, where undefined removes a variable", () => {
    const env = serverEnvironment(
      parts({ inherited: { A: "1", B: "2", C: "3" }, added: { B: "4", C: undefined, D: "5" } }),
    );
    expect(env).toMatchObject({ A: "1", B: "4", D: "5" });
    expect(env).not.toHaveProperty("C");
  });

  it("the server's environment has the server's own password and no other login", () => {
    const login = { OPENCODE_SERVER_PASSWORD: "theirs", OPENCODE_SERVER_USERNAME: "them" };
    for (const env of [serverEnvironment(parts({ inherited: login })), serverEnvironment(parts({ added: login }))]) {
      expect(env["OPENCODE_SERVER_PASSWORD"]).toBe("secret");
      expect(env).not.toHaveProperty("OPENCODE_SERVER_USERNAME");
    }
  });

  it("the server's environment has a debugger variable only if the caller sets a new value", () => {
    const inherited = {
      NODE_OPTIONS: "--inspect-brk",
      VSCODE_INSPECTOR_OPTIONS: "{}",
      ELECTRON_RUN_AS_NODE: "1",
      BUN_INSPECT: "x",
      BUN_INSPECT_NOTIFY: "x",
      BUN_OPTIONS: "--inspect",
      BUN_BE_BUN: "1",
    };
    const names = Object.keys(inherited);
    expect(Object.keys(serverEnvironment(parts({ inherited }))).filter((name) => names.includes(name))).toEqual([]);
    const spread = serverEnvironment(
      parts({ inherited, added: { ...inherited, NODE_OPTIONS: "--enable-source-maps" } }),
    );
    expect(Object.entries(spread).filter(([name]) => names.includes(name))).toEqual([
      ["NODE_OPTIONS", "--enable-source-maps"],
    ]);
  });

  it("the server's environment has settings, but no variables of the caller's git or build process", () => {
    const work = [
      ...["GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY", "GIT_QUARANTINE_PATH"],
      ...["GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_CONFIG_PARAMETERS", "GIT_LITERAL_PATHSPECS"],
      ...["GIT_AUTHOR_DATE", "GIT_PUSH_OPTION_COUNT", "GITHEAD_0123abc", "npm_package_json", "npm_lifecycle_event"],
      ...["INIT_CWD", "MAKEFLAGS", "CARGO_MANIFEST_DIR", "NODE_TEST_CONTEXT", "NODE_V8_COVERAGE", "VITEST", "PWD"],
      ...["NOTIFY_SOCKET", "LISTEN_FDS", "OPENCODE_PID", "OPENCODE"],
    ];
    const settings = [
      ...[
        "PATH",
        "HOME",
        "GIT_AUTHOR_NAME",
        "GIT_COMMITTER_EMAIL",
        "GIT_SSH_COMMAND",
        "GIT_CONFIG_GLOBAL",
        "GIT_ASKPASS",
      ],
      ...["GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_0", "GIT_EDITOR", "npm_config_registry", "NODE_ENV", "VIRTUAL_ENV", "CI"],
      ...["GITHUB_TOKEN", "OPENCODE_API_KEY", "OPENCODE_CONFIG", "CARGO_HOME", "ANTHROPIC_API_KEY"],
    ];
    const all = Object.fromEntries([...work, ...settings].map((name) => [name, "mine"]));
    const env = serverEnvironment(parts({ inherited: all, added: { ...all, GIT_DIR: "given" } }));
    expect([...work, ...settings].filter((name) => name in env)).toEqual(["GIT_DIR", ...settings]);
    expect(env["GIT_DIR"]).toBe("given");
  });

  it("BUN_TMPDIR is the server's private folder unless the caller sets it", () => {
    expect(serverEnvironment(parts({ inherited: { BUN_TMPDIR: "/b" } }))["BUN_TMPDIR"]).toBe("/t");
    expect(serverEnvironment(parts({ added: { BUN_TMPDIR: "/mine" } }))["BUN_TMPDIR"]).toBe("/mine");
  });

  it("TMPDIR, TEMP and TMP are the server's private folder unless the caller sets one of them", () => {
    expect(serverEnvironment(parts({ inherited: { TMPDIR: "/x" } }))).toMatchObject({
      TMPDIR: "/t",
      TEMP: "/t",
      TMP: "/t",
    });
    const named = serverEnvironment(parts({ inherited: { TEMP: "/y" }, added: { TMPDIR: "/x" } }));
    expect(named).toMatchObject({ TMPDIR: "/x", TEMP: "/y", BUN_TMPDIR: "/t" });
    expect(named["TMP"]).toBeUndefined();
  });

  it("the server's environment turns self-update off", () => {
    const env = serverEnvironment(parts());
    expect(env["OPENCODE_DISABLE_AUTOUPDATE"]).toBe("1");
    expect(env["OPENCODE_CONFIG_CONTENT"]).toBe('{"autoupdate":false}');
  });

  it("NO_PROXY contains loopback and keeps the caller's exceptions", () => {
    expect(serverEnvironment(parts())["NO_PROXY"]).toBe("127.0.0.1,localhost,::1");
    const env = serverEnvironment(parts({ inherited: { no_proxy: "intra.example, localhost" } }));
    expect([env["NO_PROXY"], env["no_proxy"]]).toEqual(Array(2).fill("intra.example,localhost,127.0.0.1,::1"));
  });

  describe("the environment of a server with its own home", () => {
    const home = { root: "/h", config: "/h/c", data: "/h/d", state: "/h/s", cache: "/h/x" };

    it("all folder variables point into the server's own home, also if the caller sets others", () => {
      const mine = { HOME: "/me", XDG_DATA_HOME: "/me/d", TMPDIR: "/var" };
      const env = serverEnvironment(parts({ home, inherited: mine, added: mine }));
      expect(env).toMatchObject({
        HOME: "/h",
        USERPROFILE: "/h",
        XDG_CONFIG_HOME: "/h/c",
        XDG_DATA_HOME: "/h/d",
        XDG_STATE_HOME: "/h/s",
        XDG_CACHE_HOME: "/h/x",
        TMPDIR: "/t",
      });
    });

    it("a server with its own home inherits provider keys, but not the user's configuration", () => {
      const inherited = {
        ANTHROPIC_API_KEY: "k",
        OPENCODE_API_KEY: "k",
        OPENCODE_CONFIG: "/me/c.json",
        OPENCODE_DB: "/me/db",
      };
      const env = serverEnvironment(
        parts({ home, inherited: { ...inherited, OPENCODE_CONFIG_CONTENT: '{"model":"a/b"}' } }),
      );
      expect(env).toMatchObject({ ANTHROPIC_API_KEY: "k", OPENCODE_API_KEY: "k" });
      expect(env).not.toHaveProperty("OPENCODE_CONFIG");
      expect(env).not.toHaveProperty("OPENCODE_DB");
      expect(env["OPENCODE_CONFIG_CONTENT"]).toBe('{"autoupdate":false}');
      const own = ["OPENCODE_PURE", "OPENCODE_MODELS_URL", "OPENCODE_DISABLE_CLAUDE_CODE", "OPENCODE_API_KEY_X"];
      const inheritedOnly = serverEnvironment(
        parts({
          home,
          inherited: { ...Object.fromEntries(own.map((name) => [name, "1"])), OPENCODE_AUTH_CONTENT: "{}" },
          added: { OPENCODE_EXPERIMENTAL: "1" },
        }),
      );
      expect(Object.keys(inheritedOnly).filter((name) => own.includes(name))).toEqual([]);
      expect(inheritedOnly).toMatchObject({ OPENCODE_AUTH_CONTENT: "{}", OPENCODE_EXPERIMENTAL: "1" });
      const given = serverEnvironment(parts({ home, inherited, added: { OPENCODE_CONFIG: "/mine.json" } }));
      expect(given["OPENCODE_CONFIG"]).toBe("/mine.json");
    });

    it("a server with its own home has no package registry unless the caller names one", () => {
      const env = serverEnvironment(parts({ home, inherited: { npm_config_registry: "http://registry.example" } }));
      expect(env).toMatchObject({ npm_config_registry: "http://127.0.0.1:9", OPENCODE_DISABLE_MODELS_FETCH: "1" });
      const named = serverEnvironment(parts({ home, added: { npm_config_registry: "http://registry.example" } }));
      expect(named["npm_config_registry"]).toBe("http://registry.example");
    });
  });
});

describe("the configuration of a server", () => {
  it("the configuration is merged deeply over the inherited one, and lists are replaced", () => {
    const inherited = '{"model":"a/b","mcp":{"one":{"enabled":true}},"instructions":["x"]}';
    const config = { mcp: { two: { enabled: false } }, instructions: ["y"], model: undefined };
    expect(JSON.parse(configContent(inherited, config))).toEqual({
      autoupdate: false,
      model: "a/b",
      mcp: { one: { enabled: true }, two: { enabled: false } },
      instructions: ["y"],
    });
  });

  it("an explicit `autoupdate` is kept in the configuration", () => {
    expect(configContent('{"autoupdate":true}', {})).toBe('{"autoupdate":true}');
    expect(configContent(undefined, { autoupdate: "notify" })).toBe('{"autoupdate":"notify"}');
    expect(configContent("  ", {})).toBe('{"autoupdate":false}');
  });

  it("a `__proto__` key in the configuration does not change prototypes", () => {
    const merged: unknown = JSON.parse(configContent('{"__proto__":{"polluted":1},"mcp":{}}', { mcp: {} }));
    expect(Object.hasOwn(Object(merged), "__proto__")).toBe(true);
    expect({}).not.toHaveProperty("polluted");
  });

  it("an inherited configuration may have comments and trailing commas", () => {
    const inherited = `// a
      { "model": "a//b", /* "x": 1, */ "instructions": ["1,]", "2 /* */ \\" // ",], // b
        "mcp": { "a": { "u": "http://x/,}" }, } /* c */ , /* d */ }`;
    expect(JSON.parse(configContent(inherited, {}))).toEqual({
      autoupdate: false,
      model: "a//b",
      instructions: ["1,]", '2 /* */ " // '],
      mcp: { a: { u: "http://x/,}" } },
    });
    expect([stripJsonc('"open // [1,]'), stripJsonc("1/**/2"), stripJsonc("[1,]\r\n//x\r\n")]).toEqual([
      '"open // [1,]',
      "1 2",
      "[1 ]\r\n \r\n",
    ]);
  });

  it.each(['{"apiKey":"hunter2" "b"} // comment', '{"apiKey":"hunter2",', '["hunter2"]', '"hunter2"'])(
    "an inherited configuration %s is refused, and the error does not show its text",
    (text) => {
      const error = (() => {
        try {
          return configContent(text, {});
        } catch (reason) {
          return reason;
        }
      })();
      expect(error).toBeInstanceOf(ConfigError);
      expect(error).toMatchObject({ message: expect.stringContaining("OPENCODE_CONFIG_CONTENT") });
      expect(inspect(error)).not.toContain("hunter2"); // shows the cause, too
    },
  );

  it("a configuration with a BigInt throws a ConfigError", () => {
    expect(() => configContent(undefined, { n: 1n })).toThrow(ConfigError);
  });
});

describe("the tail of the output", () => {
  const filled = (secrets: string[], ...chunks: string[]): string => {
    const tail = new OutputTail(secrets);
    const writer = tail.writer();
    for (const chunk of chunks) writer.write(Buffer.from(chunk));
    writer.end();
    return tail.toString();
  };

  it("the output tail consists of whole lines, however the chunks are split", () => {
    expect(filled([], "on", "e\r\ntw", "o\n\nlast")).toBe("one\ntwo\n\nlast");
  });

  it("the output tail keeps a character that is split between chunks", () => {
    const [first, second] = [Buffer.from("ö").subarray(0, 1), Buffer.from("ö").subarray(1)];
    const tail = new OutputTail([]);
    const writer = tail.writer();
    for (const chunk of [first, second, Buffer.from("\n")]) writer.write(chunk);
    expect(tail.toString()).toBe("ö");
  });

  it("the output tail is bounded in lines, in line length and in total length", () => {
    const lines = filled([], ...Array.from({ length: 2_000 }, (_, index) => `line ${index}\n`)).split("\n");
    expect([lines.length, lines[0], lines.at(-1)]).toEqual([500, "line 1500", "line 1999"]);
    expect(filled([], "x".repeat(1_000_000))).toHaveLength(4_096);
    expect(filled([], ...Array.from({ length: 100 }, () => `${"y".repeat(4_000)}\n`)).length).toBeLessThanOrEqual(
      65_536,
    );
  });

  it("the output tail shows no secret, also if chunks or the cut of a long line split the secret", () => {
    const secret = "s3cr3tPassw0rdOfThirtyThreeChars.";
    for (let before = 4_096 - 2 * secret.length; before <= 4_100; before += 1) {
      const text = filled(
        [secret],
        `${secret}${"-".repeat(before)}`,
        `${secret.slice(0, 5)}`,
        `${secret.slice(5)} end\n`,
      );
      expect(text).not.toContain("s3cr");
    }
    expect(filled([secret], `at ${secret} and ${secret}\n`)).toBe("at [redacted] and [redacted]");
    expect(filled([], "authorization: Basic b3BlbmNvZGU6c2VjcmV0\n")).not.toContain("b3Blb");
  });
});
