/** Errors that the caller has to fix: options, configuration, tools. */
import { type ErrorFacts, OpencodeError } from "./base.js";

/** An option or a configuration file of the agent is wrong. The message has its name, the expected value and the given one. */
export class ConfigError extends OpencodeError {
  override readonly name = "ConfigError";
  override readonly code = "config";
  static override readonly hint: string | undefined =
    "Correct what the message names; docs/options.md has every option with its unit and default.";
}

/** The agent is not connected to an MCP server: the server of the application's tools, or another one. */
export class ToolError extends OpencodeError {
  override readonly name = "ToolError";
  override readonly code = "tool";
  static override readonly hint: string | undefined =
    "Is the MCP server running? `opencode.mcp.status()` has its state.";
  /** Name of the MCP server. */
  declare readonly server: string;
  /** Status that the opencode server reports, for example `"failed"` or `"needs_auth"`. */
  declare readonly serverStatus: string;
  constructor(message: string, facts: ErrorFacts & { readonly server: string; readonly serverStatus: string }) {
    super(message, facts);
  }
}
