/** Options of the functions `ask()` and `askStream()`. */
import type { ConnectOptions, StartOptions, StreamOptions, ToolOptions, TurnOptions } from "../types/index.js";

/** Options of the functions `ask()` and `askStream()`: options of the turn, and options to start a server or to connect to one. */
export type AskOptions<T = undefined> = Omit<TurnOptions<T>, "tools"> &
  (Omit<StartOptions, "signal" | "budget"> | Omit<ConnectOptions, "budget">) & {
    /** A list: tools of the application, for the lifetime of the server. An object: the tools of this turn, by name. @default none */
    readonly tools?: ToolOptions["tools"] | TurnOptions<T>["tools"];
    /**
     * `true`: server and session stay, and the next call with equal options continues the conversation. `false`: continues it for
     * this call, then ends both.
     * @default the server lasts for this call and parallel calls with equal options
     */
    readonly keep?: boolean | undefined;
  };

/** Options of the function `askStream()`. */
export type AskStreamOptions<T> = AskOptions<T> & Pick<StreamOptions<T>, "detach">;
