/** What the caller has to change: an option, a configuration, a tool. */
import { type ErrorFacts, OpencodeError } from "./base.js";

/** An option, or a configuration file of the agent, is wrong. The message names it, what was expected and what was given. */
export class ConfigError extends OpencodeError {
  override readonly name = "ConfigError";
  override readonly code = "config";
  static override readonly hint: string | undefined =
    "Correct what the message names; docs/options.md has every option with its unit and default.";
}

/** The agent could not be given tools: an MCP server, ours or another, is not connected. */
export class ToolError extends OpencodeError {
  override readonly name = "ToolError";
  override readonly code = "tool";
  static override readonly hint: string | undefined =
    "Is the MCP server running? `opencode.mcp.status()` has its state.";
  /** The MCP server's name. */
  declare readonly server: string;
  /** What the opencode server says of it, for example `"failed"` or `"needs_auth"`. */
  declare readonly serverStatus: string;
  constructor(message: string, facts: ErrorFacts & { readonly server: string; readonly serverStatus: string }) {
    super(message, facts);
  }
}
