/** Hints for errors in the terminal: flags and commands instead of TypeScript options. Pure. */

/** The fields of an error that are read; structural, so that no error class is loaded. */
interface Failure {
  readonly message?: unknown;
  readonly code?: unknown;
  readonly hint?: unknown;
  readonly retryAt?: unknown;
  readonly limit?: unknown;
  readonly scope?: unknown;
  readonly approvalId?: unknown;
  readonly found?: unknown;
}

type HintOf = string | ((failure: Failure) => string);

const debug = "Set OPENCODE_LOG=debug to log every request.";

/** By the errors' `code`. */
const byCode: Readonly<Record<string, HintOf>> = {
  api_connection: "Is the server running, and is its address (--attach) right?",
  api_timeout: "The server is busy or does not respond: try again later.",
  api_response_validation: "Another program may answer at this address: check --attach.",
  api_status: debug,
  bad_request: debug,
  unprocessable_entity: debug,
  unsupported_endpoint: "Does the address (--attach) contain a wrong path?",
  config: "Correct the value that the message names; `opencode-ts --help` lists the flags.",
  authentication: "Give the server's password in OPENCODE_SERVER_PASSWORD.",
  session_not_found: "`opencode-ts sessions list` lists the existing sessions.",
  message_not_found: "`opencode-ts sessions show` lists the messages of a session.",
  conflict: "`opencode-ts sessions show` prints the stored messages.",
  session_busy: "Wait until the session is idle, or use another session.",
  rate_limit: (failure) => `Try again ${laterThan(failure)}.`,
  binary_not_found: "Install it: `opencode-ts install`, or npm install opencode-ai@1. Or name it in OPENCODE_BINARY.",
  unsupported_server_version: ({ found }) =>
    found === "not opencode"
      ? "Another program may answer at this address: check --attach."
      : "Use a release that is supported: `opencode-ts install`, or npm install opencode-ai@1.",
  server_startup: "`opencode-ts doctor` checks the installation.",
  server_startup_timeout: "`opencode-ts doctor` checks possible causes of the delay.",
  server_exited: "Run the command again: the session is stored, and -c continues it.",
  server_unresponsive:
    "The server is alive but does not respond. End it and run the command again. The session is stored, and -c continues it.",
  agent: "Continue with -c: the session is stored.",
  provider_auth: "Log in with `opencode auth login`, or set the provider's variable, such as ANTHROPIC_API_KEY.",
  provider_rate_limit: (failure) => `Try again ${laterThan(failure)}, or with another model (-m).`,
  model_not_found: "`opencode-ts models` lists the names that the server knows.",
  agent_not_found: "`opencode agent list` lists the names that the server knows.",
  context_overflow: "Start a new session, or use a model with a larger context (-m).",
  content_filter: "Rephrase the prompt, or use another model (-m).",
  turn_timeout: "Raise --timeout, or continue with -c.",
  idle_timeout: "Continue with -c: the session is stored.",
  budget_exceeded: ({ limit, scope }) => {
    if (scope === "session") return "Go on in a copy with a budget of its own: --fork --budget <usd>.";
    return limit === "maxCost" ? "Raise --max-cost, or go on with -c." : "Go on with -c.";
  },
  runaway: "Tell the agent with -c to go another way. If the repetition is meant, raise --max-repeats.",
  tool: "`opencode mcp list` shows the state of the MCP servers.",
  approval_pending: ({ approvalId }) =>
    `Decide: \`opencode-ts approvals approve ${approvalId}\` (or deny). Then: \`opencode-ts approvals continue ${approvalId}\`, ` +
    "with the --permission-mode and the --schema of this call.",
  structured_output: "Ask again, or loosen the schema (--schema).",
};

function laterThan({ retryAt }: Failure): string {
  return retryAt instanceof Date ? `after ${retryAt.toISOString()}` : "in a while";
}

/** Hints of the library that a flag or a variable can replace. */
const inWords: readonly (readonly [said: RegExp, instead: string])[] = [
  [/^Leave the option `port` out\b.*/, "Leave --port out to get a free one."],
  [
    /^Give an address of this machine as `hostname`.*/,
    "Give an address of this machine as --hostname, and a port above 1023 or none.",
  ],
  [/^Remove it \(env: .*/, "Remove or correct the variable OPENCODE_CONFIG_CONTENT."],
  [/^Give its media type: .*/, "Give the file a name with an extension for its type."],
  [/^Raise `maxBytes`, or let the agent/, "Let the agent"],
  [
    / or accept (that|the file as it comes|what anybody on the way may have changed)(:| with) allowUnverified: true\.$/,
    " or another mirror.",
  ],
  [/^Call installBinary\(\) while/, "Call `opencode-ts install` while"],
  [/ A slow line may need a larger `timeout`\.$/, ""],
  [/ Name another one with the option `directory`\.$/, ""],
  [/^Allow it by `permission: .*/, "Allow it in a policy (--policy), or continue with -c."],
  [/^Sharing may be/, "Sharing may be"],
  [/^Set (\w+), or log in with `opencode auth login`\.$/, "Set $1, or log in with `opencode auth login`."],
  [
    /^The credentials that were sent are not the server's: .*/,
    "OPENCODE_SERVER_PASSWORD is not the server's password (or --attach names another server).",
  ],
  [/: give the content of that file as `password`\./, ": give the content of that file in OPENCODE_SERVER_PASSWORD."],
  [/ Give it as `password`\.$/, " Give it in OPENCODE_SERVER_PASSWORD, or use --attach service."],
  [/^Leave the option `protocol` out .*/, "Leave --protocol out to take a server of either release."],
  [/^Use the address it redirects to as `baseUrl`\.$/, "Use the address it redirects to (--attach)."],
  [/ If it is the server's address, use it as `baseUrl`\.$/, " If it is the server's address, use it as --attach."],
  [/^Give `budget` to createOpencode\(\), .*/, "Leave --budget out; --max-cost limits one run."],
  [/^Nothing was changed\. .*/, "Nothing was changed."],
  [/^The session is as it was\. .*/, "The session is as it was. Try it with another model."],
  [/^It may still arrive\. .*/, "It may still arrive: look with `opencode-ts sessions show` before you ask again."],
  [/^messages\(\) has the common answer\. .*/, "`opencode-ts sessions show` has the common answer."],
  [
    /^messages\(\) gives the conversation, .*/,
    "`opencode-ts sessions export` gives the conversation, to be shown elsewhere.",
  ],
  [/^Its template is sent as a prompt .*/, "Ask with the text of the command."],
  [
    /^The files of each step are in messages\(\), .*/,
    "`opencode-ts sessions export` has the files of each step. In a chat, /undo force takes the last prompt and its changes back.",
  ],
  [/^Start the server with createOpencode\(\), or with /, "Leave --attach out, or give the server "],
  [
    /^Give rules to the server's configuration .*/,
    "Leave --attach out, or give the rules to the server's configuration.",
  ],
  [/ In a program, if it is yours and meant like that: .*/, ""],
];

/** A name of the program's own, a call, or an option with its value. */
const ofPrograms = /`[a-z]\w*`|`[a-z]\w*\.|\w\(|\b[a-z]\w*: (?:true|false|["'{[])|\{ \w|\b[a-z]+[A-Z]\w+/;

/** The hint for the terminal; `undefined` if there is none. */
export function cliHint(failure: Failure): string | undefined {
  const { hint, code } = failure;
  const said = inWords.reduce((text, [from, to]) => text.replace(from, to), typeof hint === "string" ? hint : "");
  if (said !== "" && !ofPrograms.test(said.replaceAll("`opencode-ts`", "")) && !isGeneral(said)) return said;
  const known = typeof code === "string" && Object.hasOwn(byCode, code) ? byCode[code] : undefined;
  if (known !== undefined) return typeof known === "function" ? known(failure) : known;
  return said === "" || ofPrograms.test(said) ? undefined : said;
}

/** The hint of a class for which the terminal has a better one. */
function isGeneral(hint: string): boolean {
  return /docs\/options\.md/.test(hint);
}
