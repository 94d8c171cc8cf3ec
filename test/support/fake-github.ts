/** GitHub's hosts on this machine, reached as in a company: through a proxy, with TLS, and a certificate that was added. */
import { createServer, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { type AddressInfo, connect } from "node:net";

/** A throwaway pair, made for this file and used nowhere else: self-signed, for the four names below, until 2120. */
const key = `-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgDyP8QAdIgyzGUafq
6BvxDqVtT2tbPG0pbYKdz3xR/yKhRANCAAQ3aDtY9W5xzXOvk1TASNvYzBQy3aAs
XG2qDiDYB+dT6ll+al1FMOu2Z9QiCokqWTCllYfWds97P/7RS1WuKUZD
-----END PRIVATE KEY-----`;

/** For `NODE_EXTRA_CA_CERTS`. */
export const certificate: string = `-----BEGIN CERTIFICATE-----
MIIBsjCCAVegAwIBAgIBATAKBggqhkjOPQQDAjAbMRkwFwYDVQQDDBBvcGVuY29k
ZS10cyB0ZXN0MCAXDTIwMDEwMTAwMDAwMFoYDzIxMjAwMTAxMDAwMDAwWjAbMRkw
FwYDVQQDDBBvcGVuY29kZS10cyB0ZXN0MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcD
QgAEN2g7WPVucc1zr5NUwEjb2MwUMt2gLFxtqg4g2AfnU+pZfmpdRTDrtmfUIgqJ
KlkwpZWH1nbPez/+0UtVrilGQ6OBiTCBhjAPBgNVHRMBAf8EBTADAQH/MFQGA1Ud
EQRNMEuCDmFwaS5naXRodWIuY29tggpnaXRodWIuY29tgh1vYmplY3RzLmdpdGh1
YnVzZXJjb250ZW50LmNvbYIObWlycm9yLmV4YW1wbGUwHQYDVR0OBBYEFAs5WdyD
hoZ259hi8pJ6Im38CdFpMAoGCCqGSM49BAMCA0kAMEYCIQCs1Hyly/jNmJ+uPkjR
i1YNxV6cEeOLUqyK8fkej2/cAQIhAIZfq5OEsTXNhTPO7+oXWKhbPU6silzW/oqR
7gzJoZfX
-----END CERTIFICATE-----`;

/** A request as one of the hosts has seen it. */
export interface HostRequest {
  /** `api.github.com`, `github.com`, `objects.githubusercontent.com` or `mirror.example`. */
  readonly host: string;
  readonly url: string;
  readonly authorization: string | undefined;
}

export interface PretendGitHub extends AsyncDisposable {
  /** With `me:proxy-word` in it. */
  readonly proxyUrl: string;
  readonly requests: readonly HostRequest[];
  /** What the proxy was asked to connect to, and by whom. */
  readonly tunnels: readonly { readonly target: string; readonly authorization: string | undefined }[];
}

export async function pretendGitHub(
  answer: (request: HostRequest, response: ServerResponse) => void,
): Promise<PretendGitHub> {
  const requests: HostRequest[] = [];
  const tunnels: { target: string; authorization: string | undefined }[] = [];
  const hosts = createTlsServer({ key, cert: certificate }, ({ headers, url = "" }, response) => {
    const request = { host: headers.host ?? "", url, authorization: headers.authorization };
    requests.push(request);
    answer(request, response);
  });
  const proxy = createServer((_request, response) => response.writeHead(405).end());
  proxy.on("connect", ({ url = "", headers }, socket) => {
    tunnels.push({ target: url, authorization: headers["proxy-authorization"] });
    const upstream = connect(portOf(hosts), "127.0.0.1", () => {
      socket.write("HTTP/1.1 200 Connection established\r\n\r\n");
      upstream.pipe(socket).pipe(upstream);
    });
    upstream.on("error", () => {}).on("close", () => socket.destroy());
    socket.on("error", () => {}).on("close", () => upstream.destroy());
  });
  for (const server of [hosts, proxy]) {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  }
  return {
    proxyUrl: `http://me:proxy-word@127.0.0.1:${portOf(proxy)}`,
    requests,
    tunnels,
    [Symbol.asyncDispose]: async () => {
      for (const server of [hosts, proxy]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

function portOf(server: { address(): ReturnType<ReturnType<typeof createServer>["address"]> }): number {
  const { port } = server.address() as AddressInfo; // a TCP server's address is never a pipe's name
  return port;
}
