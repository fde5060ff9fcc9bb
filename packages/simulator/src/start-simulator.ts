/** Starts a simulator on a port of this machine. */

import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { HarnessError } from "@colophon/kernel";
import { createAdaptorServer } from "@hono/node-server";
import { createSimulator, type Simulator } from "./create-simulator.ts";
import type { SimulatorOptions } from "./serve/simulator-options.ts";

export interface StartOptions extends SimulatorOptions {
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** Loopback unless given: a simulator has no sign-in. */
  readonly host?: string;
  /** Gets the one start-up line for people. */
  readonly announce?: (line: string) => void;
}

export interface RunningSimulator extends Omit<Simulator, "app"> {
  /** Where the page is; without a slash at the end. */
  readonly url: string;
  /** What an OpenAI client takes as its base URL (`OPENAI_BASE_URL`), and Anthropic's provider of `ai`. */
  readonly baseUrl: string;
  /** What Anthropic's own client takes as its base URL (`ANTHROPIC_BASE_URL`). */
  readonly anthropicBaseUrl: string;
  /** What Google's provider of `ai` takes as its base URL. */
  readonly googleBaseUrl: string;
  readonly port: number;
  close(): Promise<void>;
}

function listen(server: Server, port: number, host: string): Promise<AddressInfo> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause) => {
      const message = `The simulator cannot listen on ${host}:${port}; choose another port, or 0 for any free one.`;
      reject(new HarnessError("usage", message, { cause }));
    });
    server.listen(port, host, () => resolve(server.address() as AddressInfo));
  });
}

/** Resolves when the server listens. */
export async function startSimulator(options: StartOptions = {}): Promise<RunningSimulator> {
  const { port = 0, host = "127.0.0.1", announce, ...rest } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    throw new HarnessError("usage", `The simulator's port is ${port}; give a whole number from 0 to 65535.`);
  }
  const { app, ...simulator } = createSimulator(rest);
  // Without a createServer option the adapter builds a plain HTTP server.
  const server = createAdaptorServer({ fetch: app.fetch }) as Server;
  const address = await listen(server, port, host);
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${address.port}`;
  announce?.(
    `Colophon simulator: a SIMULATION, no model. OpenAI base URL ${url}/v1, seed ${rest.seed ?? 1}.`,
  );
  return {
    url,
    baseUrl: `${url}/v1`,
    anthropicBaseUrl: url,
    googleBaseUrl: `${url}/v1beta`,
    port: address.port,
    ...simulator,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
