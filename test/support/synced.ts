/** Records what is written through to the disk (Linux: the paths come from /proc). */
import { existsSync, readlinkSync } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";

/** A call of `fsync`. */
export interface Synced {
  readonly path: string;
  /** The watched file was there at that time. */
  readonly isNamed: boolean;
}

/** Records each `fsync` of this process by the promise API until it is disposed. `watched`: the file that is written. */
export async function recordSyncs(watched: () => string | undefined): Promise<Disposable & { readonly all: Synced[] }> {
  const handle = await open("/dev/null");
  const prototype: Pick<FileHandle, "sync"> = Object.getPrototypeOf(handle);
  await handle.close();
  const { sync } = prototype;
  const all: Synced[] = [];
  prototype.sync = async function (this: FileHandle) {
    const file = watched();
    all.push({ path: readlinkSync(`/proc/self/fd/${this.fd}`), isNamed: file !== undefined && existsSync(file) });
    await sync.call(this);
  };
  return {
    all,
    [Symbol.dispose]: () => {
      prototype.sync = sync;
    },
  };
}
