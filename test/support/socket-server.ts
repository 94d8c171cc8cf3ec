/** A TCP server on loopback that says what a test tells it to, and tells how much of it was taken. */
import { createServer, type Socket } from "node:net";

export interface SocketServer extends AsyncDisposable {
  readonly url: string;
  /** Connections so far. */
  readonly connections: number;
  /** Bytes that were sent, on all connections. */
  readonly sent: number;
  /** What the clients have sent, as text. */
  readonly heard: string;
}

/** Calls `speak` for every connection as soon as a request has begun on it. */
export async function startSocketServer(speak: (socket: Socket, count: number) => void): Promise<SocketServer> {
  const sockets = new Set<Socket>();
  let connections = 0;
  let sent = 0;
  let heard = "";
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on("error", () => {}); // the client may hang up first
    socket.on("close", () => {
      sockets.delete(socket);
      sent += socket.bytesWritten;
    });
    socket.on("data", (chunk) => {
      heard += chunk.toString("latin1");
    });
    const count = connections;
    socket.once("data", () => speak(socket, count));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    get connections() {
      return connections;
    },
    get sent() {
      return sent + [...sockets].reduce((sum, socket) => sum + socket.bytesWritten, 0);
    },
    get heard() {
      return heard;
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}

/** Writes the piece again and again, as fast as it is taken, until the other side hangs up. */
export function flood(socket: Socket, piece: string | Uint8Array): void {
  const write = (): void => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on("drain", write);
  write();
}

/** Writes a byte at a time, `ms` apart, until the other side hangs up. */
export function drip(socket: Socket, text: string, ms: number): void {
  let at = 0;
  const timer = setInterval(() => {
    socket.write(text[at % text.length] ?? "");
    at += 1;
  }, ms);
  socket.once("close", () => clearInterval(timer));
}
