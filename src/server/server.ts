/** `createOpencodeServer`: an agent server of our own. */
import { optionNames, placesOfOptions } from "../types/option-names.js";
import type { ServerOptions } from "../types/options.js";
import type { OpencodeServer } from "../types/server.js";
import { checkOptions } from "../util/check-options.js";
import { launchServer } from "./launch.js";

/** `createOpencodeServer()` of the package. */
export async function createOpencodeServer(options: ServerOptions = {}): Promise<OpencodeServer> {
  checkOptions(options, optionNames.server, "createOpencodeServer()", placesOfOptions);
  return launchServer(options);
}
