/** Asks for permission, and rules. */
import { toolCall, toolCalls } from "../../../src/testing/index.js";
import { type Agent, type Scenario, scenario } from "../scenario.js";
import { asking, bash, bashCall, byPrompt } from "../tools.js";

/** The id of the `nth` ask. */
async function ask(agent: Agent, nth = 1): Promise<string> {
  return String((await agent.event("permission.asked", undefined, nth))["id"]);
}

export const permissions: readonly Scenario[] = [
  scenario("a permission request gets the reply `once`", () => ({
    script: [bash("echo perm1"), bash("echo perm2"), "done"],
    run: async (agent) => {
      const session = await agent.session(asking);
      const answered = agent.prompt(session, "go");
      const first = await ask(agent);
      await agent.send("GET /permission");
      await agent.send("GET /session/status");
      await agent.send(`POST /permission/${first}/reply`, { reply: "once" });
      const second = await ask(agent, 2);
      await agent.send(`POST /session/${session}/permissions/${second}`, { response: "once" });
      await answered;
      await agent.send("GET /permission");
      await agent.send(`POST /permission/${second}/reply`, { reply: "once" });
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario(
    "the reply `always` allows the next call of the same kind",
    () => ({
      script: [bash("expr 1"), bash("expr 2"), "done"],
      run: async (agent) => {
        const session = await agent.session(asking);
        const other = await agent.session(asking);
        const answered = agent.prompt(session, "go");
        await agent.send(`POST /permission/${await ask(agent)}/reply`, { reply: "always" });
        await answered;
        await agent.note("asks", agent.events.filter(({ type }) => type === "permission.asked").length);
        await agent.send(`GET /session/${other}/message`);
      },
    }),
    "failing",
  ),
  scenario(
    "the reply `always` also answers the session's pending requests that match",
    () => ({
      script: byPrompt({
        one: [toolCalls([bashCall("echo 1"), bashCall("echo 2")]), "one is done"],
        two: [bash("echo 3"), "two is done"],
      }),
      run: async (agent) => {
        const one = await agent.session(asking);
        const two = await agent.session(asking);
        const second = agent.prompt(two, "two");
        const elsewhere = await ask(agent);
        const first = agent.prompt(one, "one");
        const id = await ask(agent, 2);
        await ask(agent, 3);
        await agent.send(`POST /permission/${id}/reply`, { reply: "always" });
        await first;
        await agent.send("GET /permission");
        await agent.send(`POST /permission/${elsewhere}/reply`, { reply: "once" });
        await second;
      },
    }),
    "failing",
  ),
  scenario("a refused permission request ends the run", () => ({
    script: [bash("echo no"), "never said"],
    run: async (agent) => {
      const session = await agent.session(asking);
      const answered = agent.prompt(session, "go");
      await agent.send(`POST /permission/${await ask(agent)}/reply`, { reply: "reject" });
      await answered;
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("a permission request that is refused with a reason lets the run go on", () => ({
    script: [bash("echo no"), "as you like"],
    run: async (agent) => {
      const session = await agent.session(asking);
      const answered = agent.prompt(session, "go");
      const message = "please do not";
      await agent.send(`POST /permission/${await ask(agent)}/reply`, { reply: "reject", message });
      await answered;
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("a refused permission request refuses all pending requests of the session", () => ({
    script: [toolCalls([bashCall("echo one"), bashCall("echo two")]), "never said"],
    run: async (agent) => {
      const session = await agent.session(asking);
      const answered = agent.prompt(session, "go");
      const first = await ask(agent);
      await ask(agent, 2);
      await agent.send(`POST /permission/${first}/reply`, { reply: "reject" });
      await answered;
      await agent.send("GET /permission");
    },
  })),
  scenario("rules of the configuration allow, deny and ask", () => ({
    script: [
      bash("echo free"),
      bash("deny-me now"),
      bash("ask-me now"),
      toolCall("webfetch", { url: "http://127.0.0.1:9/", format: "text" }),
      "done",
    ],
    run: async (agent) => {
      const session = await agent.session();
      const answered = agent.prompt(session, "go");
      await agent.send(`POST /permission/${await ask(agent)}/reply`, { reply: "reject", message: "no" });
      await answered;
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("an agent's built-in rules ask before a read of .env", () => ({
    script: [toolCall("read", { filePath: ".env" }), "as you like"],
    run: async (agent) => {
      const session = await agent.session();
      const answered = agent.prompt(session, "go");
      await agent.send(`POST /permission/${await ask(agent)}/reply`, { reply: "reject", message: "no" });
      await answered;
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("a shell line is parsed into commands for its permission request", () => {
    const lines = [
      `git commit -m "fix: a; b" && npm run lint -- --fix 2>&1`,
      "ls 2>/dev/null | grep 'x | y' > out",
      'for name in $(ls -a); do echo "$name"; done',
      "FOO=1 time -p make build # twice; or not",
      "cat <<END\nrm x; y\nEND",
      "[ -f x ] && export A=`whoami`",
      "(cd sub && pwd) & echo a 2>&1",
    ];
    return {
      script: [...lines.map((line) => bash(line)), "done"],
      run: async (agent) => {
        const session = await agent.session(asking);
        const answered = agent.prompt(session, "go");
        for (const nth of lines.keys()) {
          await agent.send(`POST /permission/${await ask(agent, nth + 1)}/reply`, { reply: "reject", message: "no" });
        }
        await answered;
        await agent.send(`GET /session/${session}/message`);
      },
    };
  }),
  scenario("a shell line with a path outside of the directory asks for that path's folder first", () => {
    const inside = { permission: [{ permission: "bash", pattern: "*", action: "allow" }] };
    const lines = ["cat a.txt '/etc/no such' /usr/nothing/x", "cd /usr && ls -l", "rm -f /opt/*.nothing $HOME/x"];
    return {
      script: [
        ...lines.map((line) => bash(line)),
        toolCall("bash", { command: "pwd", workdir: "/usr" }),
        toolCall("read", { filePath: "/etc/../usr/nothing" }),
        "done",
      ],
      run: async (agent) => {
        const session = await agent.session(inside);
        const answered = agent.prompt(session, "go");
        for (let nth = 1; nth <= lines.length + 2; nth += 1) {
          await agent.send(`POST /permission/${await ask(agent, nth)}/reply`, { reply: "reject", message: "no" });
        }
        await answered;
        await agent.send(`GET /session/${session}/message`);
      },
    };
  }),
  scenario("rules of a session deny a pattern or a tool", () => ({
    script: [bash("echo yes"), bash("rm -f nothing"), bash("echo after"), "done"],
    run: async (agent) => {
      const session = await agent.session({ permission: [{ permission: "bash", pattern: "rm *", action: "deny" }] });
      const answered = agent.prompt(session, "go");
      await answered;
      await agent.send(`GET /session/${session}/message`);
      const other = await agent.session({ permission: [{ permission: "bash", pattern: "*", action: "deny" }] });
      await agent.send(`GET /session/${other}`);
    },
  })),
  scenario("a change of a session's rules is appended to the rules", () => ({
    script: [bash("echo free"), "done", bash("echo asked"), "done"],
    run: async (agent) => {
      const session = await agent.session({ permission: [{ permission: "edit", pattern: "*", action: "deny" }] });
      await agent.prompt(session, "one");
      await agent.send(`PATCH /session/${session}`, asking);
      await agent.send(`GET /session/${session}`);
      const answered = agent.prompt(session, "two");
      await agent.send(`POST /permission/${await ask(agent)}/reply`, { reply: "once" });
      await answered;
    },
  })),
  scenario("a permission request is replied to after the abort of its run", () => ({
    script: [bash("echo late"), "never said"],
    run: async (agent) => {
      const session = await agent.session(asking);
      const answered = agent.prompt(session, "go");
      const id = await ask(agent);
      await agent.send(`POST /session/${session}/abort`);
      await answered;
      await agent.send("GET /permission");
      await agent.send(`POST /permission/${id}/reply`, { reply: "once" });
      await agent.send("GET /permission");
      await agent.send(`GET /session/${session}/message`);
    },
  })),
  scenario("replies to unknown permission requests and questions are refused", () => ({
    script: "nothing",
    run: async (agent) => {
      await agent.send("POST /permission/per_nope/reply", { reply: "once" });
      await agent.send("POST /permission/zzz/reply", { reply: "once" });
      await agent.send("POST /permission/per_nope/reply", { reply: "perhaps" });
      await agent.send("POST /question/que_nope/reply", { answers: [] });
      await agent.send("POST /question/que_nope/reject");
      await agent.send("POST /question/zzz/reject");
      await agent.send("POST /question/que_nope/reply", { answers: 5 });
    },
  })),
];
