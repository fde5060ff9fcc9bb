/** Over real sockets, too, nothing piles up behind a client that does not read, and one that is gone is gone. */
import { once } from "node:events";
import type { Server } from "node:http";
import { connect, type Socket } from "node:net";
import { registerPrompt } from "@colophon/harness";
import {
  HOUSES,
  type House,
  promptFile,
  registerBodies,
  releaseTo,
} from "@colophon/harness/opened-house.fixture";
import { serve } from "@hono/node-server";
import { afterEach, expect, test } from "vitest";
import { openRuntimeWorld, type RuntimeWorld } from "./runtime-world.fixture.ts";

const [memory] = HOUSES as readonly [House];
let world: RuntimeWorld;
let server: Server;
const sockets: Socket[] = [];

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  server.closeAllConnections();
  server.close();
  await world.close();
});

async function listen(queue: number): Promise<number> {
  world = await openRuntimeWorld(memory, { options: { queue } });
  await registerBodies(world.harness, ["One"]);
  await releaseTo(world.harness, 1);
  server = serve({ fetch: world.fetch, port: 0, hostname: "127.0.0.1" }) as Server;
  await once(server, "listening");
  return world.harness.records.revision();
}

/** A socket on which the stream has begun. */
async function openStream(after: number): Promise<Socket> {
  const { port } = server.address() as { readonly port: number };
  const socket = connect(port, "127.0.0.1");
  sockets.push(socket);
  socket.on("error", () => undefined);
  socket.write(
    `GET /v1/projects/main/events?environment=production&after=${after} HTTP/1.1\r\nHost: here\r\n\r\n`,
  );
  const [first] = (await once(socket, "data")) as [Buffer];
  expect(first.toString()).toContain("200 OK");
  return socket;
}

function listening(): unknown {
  return world.counted.findLast(([name]) => name === "listening")?.[2];
}

test("A client that stops reading is cut off once so much waits for it, and its socket is closed", async () => {
  const revision = await listen(64 * 1024);
  const asleep = await openStream(revision);
  asleep.pause();
  const awake = await openStream(revision);
  awake.resume();
  // More than the sockets of the system hold by themselves.
  const words = "word ".repeat(40_000);
  for (let nth = 1; !world.counted.some(([name]) => name === "dropped"); nth++) {
    expect(nth, "clients are dropped before this").toBeLessThan(200);
    const { bytesRead } = awake;
    await registerPrompt(world.harness, { value: promptFile(`${nth} ${words}`), file: "triage.yaml" });
    await releaseTo(world.harness, nth + 1);
    await expect.poll(() => awake.bytesRead, { interval: 5 }).toBeGreaterThan(bytesRead + words.length);
  }
  await expect.poll(listening).toBe(1);
  asleep.resume();
  await once(asleep, "close");
  expect(awake.destroyed).toBe(false);
});

test("A client whose socket is gone is listened for no longer", async () => {
  const revision = await listen(64 * 1024);
  const gone = await openStream(revision);
  await openStream(revision);
  expect(listening()).toBe(2);
  gone.destroy();
  await expect.poll(listening).toBe(1);
});

test("A server that stops says so on every stream and ends it", async () => {
  const revision = await listen(64 * 1024);
  const socket = await openStream(revision);
  world.stop.abort();
  const heard: Buffer[] = [];
  for await (const piece of socket) {
    heard.push(piece as Buffer);
    if (Buffer.concat(heard).toString().endsWith("0\r\n\r\n")) break;
  }
  expect(Buffer.concat(heard).toString()).toContain("event: bye");
});
