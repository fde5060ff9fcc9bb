/** Listens before the store is there: says so to whoever asks, and hands requests on once there is a server. */
import type { AddressInfo } from "node:net";
import { HarnessError } from "@colophon/kernel";
import { createAdaptorServer, type ServerType } from "@hono/node-server";
import { Hono } from "hono";
import { answerError } from "../requests/answer-error.ts";

export interface FrontDoor {
  readonly port: number;
  /** From now on this one answers. */
  open(server: Pick<Hono, "fetch">): void;
  /** Takes nobody in any more, lets those who are in come to their end, and ends them when the time is over. */
  close(milliseconds: number): Promise<void>;
}

/** Sooner than a proxy in front gives a connection up: it must not send into one that just ended. */
const KEEP_ALIVE_MS = 65_000;

/** @throws HarnessError `usage` when the port or the host cannot be had. */
export async function openFrontDoor(place: {
  readonly host: string;
  readonly port: number;
}): Promise<FrontDoor> {
  let current: Pick<Hono, "fetch"> = waitingRoom();
  const server = createAdaptorServer({
    fetch: (request, env) => current.fetch(request, env),
    serverOptions: { keepAliveTimeout: KEEP_ALIVE_MS },
  }) as Extract<ServerType, { closeIdleConnections(): void }>;
  await listen(server, place);
  return {
    port: (server.address() as AddressInfo).port,
    open: (opened) => {
      current = opened;
    },
    async close(milliseconds) {
      const closed = new Promise<void>((done) => server.close(() => done()));
      server.closeIdleConnections();
      const end = setTimeout(() => server.closeAllConnections(), milliseconds);
      // A connection that ends its last answer stays open for the next one, which is not to come.
      const idle = setInterval(() => server.closeIdleConnections(), IDLE_MS);
      await closed;
      clearTimeout(end);
      clearInterval(idle);
    },
  };
}

const IDLE_MS = 50;

function listen(
  server: ServerType,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<void> {
  return new Promise((done, fail) => {
    server.once("error", (error: NodeJS.ErrnoException) => {
      const why = error.code === "EADDRINUSE" ? "is taken" : `cannot be had (${error.code})`;
      fail(
        new HarnessError("usage", `${host}:${port} ${why}; choose another --port or --host.`, {
          cause: error,
        }),
      );
    });
    server.listen(port, host, () => done());
  });
}

/** The process lives, and nothing else can be said yet. */
function waitingRoom(): Hono {
  const app = new Hono();
  app.get("/healthz", (context) => context.json({ status: "alive" }));
  app.get("/readyz", (context) => context.json({ status: "store away" }, 503));
  app.all("*", (context) => {
    const away = new HarnessError("store-unavailable", "The server waits for its store; try again.");
    const { status, headers, document } = answerError(away);
    return context.json(document, status, headers);
  });
  return app;
}
