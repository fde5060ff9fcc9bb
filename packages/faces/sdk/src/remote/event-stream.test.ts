/** Tests of the stream of events against real sockets: how it is let go of. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { listenToEvents } from "./event-stream.ts";
import { ServerCalls } from "./server-calls.ts";
import { serverPlace } from "./server-place.ts";

test("A stream that ends with its last word can be let go of at that very word, as often as it comes", async () => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(": hello\n\n");
    // The word and the end of the answer come in one piece.
    setImmediate(() => response.end("event: bye\ndata:\n\n"));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const calls = new ServerCalls(serverPlace(`http://127.0.0.1:${port}`, "clp_key"));
  onTestFinished(() => {
    calls.close();
    server.close();
  });
  for (let times = 0; times < 20; times++) {
    const heard = await new Promise<string>((resolve, reject) => {
      const letGo = listenToEvents({
        ...{ calls, path: "/events", silenceMs: 20_000 },
        listener: {
          onLife: () => undefined,
          onEvent: ({ name }) => {
            letGo();
            resolve(name);
          },
          onEnd: () => reject(new Error("It ended by itself.")),
        },
      });
    });
    expect(heard).toBe("bye");
  }
  // An error that nobody hears is told in a later turn, and would end the process.
  await calls.ask({ method: "GET", path: "/anything" });
});
