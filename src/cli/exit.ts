/** The end of the process. */

/**
 * Sets the exit code, and ends the process once all output is written: an open handle (a pipe as standard input, a lingering
 * connection) must not keep it alive.
 */
export function endWith(code: number): void {
  process.exitCode = code;
  const streams = [process.stdout, process.stderr];
  let open = streams.length;
  for (const stream of streams) {
    const done = (): void => {
      open -= 1;
      if (open === 0) process.exit();
    };
    if (stream.destroyed || stream.errored !== null) done();
    else stream.write("", done);
  }
}
