/** Where the repository is. */
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const repositoryRoot: string = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
export const sourceFolder: string = join(repositoryRoot, "src");
