/** A network between an application and its server that can be slow, and be cut in the middle of a word. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface TcpProxy {
  readonly url: string;
  /** Milliseconds that each piece takes. */
  delay: number;
  /** Bytes towards the server after which a connection is cut; 0 for never. */
  cutAfter: number;
  /** True while connections are taken and nothing goes through. */
  isDead: boolean;
  cut(): void;
  stop(): Promise<void>;
}

export async function startProxy(port: number): Promise<TcpProxy> {
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const upstream = connect(port, "127.0.0.1");
    let passed = 0;
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.once("close", () => {
        sockets.delete(socket);
        client.destroy();
        upstream.destroy();
      });
    }
    const pass = (to: Socket) => (piece: Buffer) => {
      if (proxy.isDead) return;
      if (to === upstream) passed += piece.length;
      if (proxy.cutAfter > 0 && passed > proxy.cutAfter) {
        to.end(piece.subarray(0, piece.length >> 1), () => client.destroy());
      } else if (proxy.delay === 0) to.write(piece);
      else setTimeout(() => to.writable && to.write(piece), proxy.delay);
    };
    client.on("data", pass(upstream));
    upstream.on("data", pass(client));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const proxy: TcpProxy = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    delay: 0,
    cutAfter: 0,
    isDead: false,
    cut() {
      for (const socket of sockets) socket.destroy();
    },
    async stop() {
      const closed = once(server, "close");
      server.close();
      proxy.cut();
      await closed;
    },
  };
  return proxy;
}
