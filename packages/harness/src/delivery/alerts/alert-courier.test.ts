/** Tests of alerts on their way to webhooks, over real HTTP and on real stores. */
import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { type AlertData, HarnessError } from "@colophon/kernel";
import { seededRandom } from "@colophon/testkit";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { HOUSES, KEY, type OpenedHouse } from "../../opened-house.fixture.ts";
import { AlertCourier, MOST_ATTEMPTS } from "./alert-courier.ts";
import { readWebhook } from "./webhook.ts";

interface Received {
  readonly headers: IncomingMessage["headers"];
  readonly body: string;
}

interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A receiver that answers what it is told to, at last 200. */
class Receiver {
  readonly received: Received[] = [];
  readonly answers: Answer[] = [];
  readonly #server: Server;

  constructor() {
    this.#server = createServer(async (request, response) => {
      this.received.push({ headers: request.headers, body: await text(request) });
      const { status, headers = {} } = this.answers.shift() ?? { status: 200 };
      response.writeHead(status, headers).end("thanks");
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((done) => this.#server.listen(0, "127.0.0.1", done));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/hook?token=secret`;
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }
}

function anAlert(id: string): AlertData {
  return {
    id,
    key: KEY,
    environment: "production",
    metric: "schemaOk",
    message: "schemaOk of v2 is 0.90, below 0.95, on 120 calls since 12:00; v1 serves again.",
    since: null,
    units: 120,
    value: 0.9,
    limit: 0.95,
    version: 2,
    action: "rolled-back",
    rollout: null,
    guard: "g1",
    executions: [],
  };
}

describe.each(HOUSES)("alerts to webhooks on $name", ({ open }) => {
  let house: OpenedHouse;
  let receiver: Receiver;
  let address: string;

  beforeEach(async () => {
    house = await open();
    receiver = new Receiver();
    address = await receiver.listen();
  });
  afterEach(async () => {
    await receiver.close();
    await house.close();
  });

  const raise = (id: string) =>
    house.harness.records.append(() => ({
      drafts: [{ kind: "alert", by: house.harness.actor, data: anAlert(id) }],
      result: null,
    }));
  const courier = (secret: string | null = null) =>
    new AlertCourier(house.harness, {
      webhooks: [readWebhook(address, secret)],
      random: seededRandom("courier"),
    });
  const notices = async () =>
    (await house.harness.records.listRecords({ kinds: ["notice"] })).map(({ data }) => data);

  test("an alert is brought once, signed, and leaves a notice that tells no secret", async () => {
    const bringing = courier("hush");
    await raise("a1");
    await bringing.deliver();
    await bringing.deliver();
    expect(receiver.received).toHaveLength(1);
    const [{ headers, body }] = receiver.received as [Received];
    expect(headers["idempotency-key"]).toBe("a1");
    expect(JSON.parse(body)).toMatchObject({ type: "colophon.alert", id: "a1", units: 120, version: 2 });
    const [, seconds, hex] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(String(headers["colophon-signature"])) ?? [];
    expect(hex).toBe(createHmac("sha256", "hush").update(`${seconds}.${body}`).digest("hex"));
    expect(await notices()).toMatchObject([{ alert: "a1", delivered: true, attempts: 1, detail: null }]);
    expect(JSON.stringify(await notices())).not.toMatch(/secret|\/hook/);
  });

  test("what fails is tried again later, and not before its time", async () => {
    receiver.answers.push({ status: 503 }, { status: 429, headers: { "retry-after": "60" } });
    const bringing = courier();
    await raise("a1");
    await bringing.deliver();
    await bringing.deliver();
    expect(receiver.received).toHaveLength(1);
    house.clock.advance(3_000);
    await bringing.deliver();
    house.clock.advance(59_000);
    await bringing.deliver();
    expect(receiver.received).toHaveLength(2);
    house.clock.advance(1_000);
    await bringing.deliver();
    expect(await notices()).toMatchObject([{ delivered: true, attempts: 3 }]);
  });

  test("what was brought is not brought again while its notice cannot be recorded", async () => {
    const { harness } = house;
    const records = Object.create(harness.records) as typeof harness.records;
    const full = { ...harness, records };
    const bringing = new AlertCourier(full, {
      webhooks: [readWebhook(address, null)],
      random: seededRandom("courier"),
    });
    await raise("a1");
    records.append = () => Promise.reject(new Error("the disk is full"));
    for (let look = 0; look < 3; look += 1) {
      await expect(bringing.deliver()).rejects.toThrow("the disk is full");
      house.clock.advance(1_000);
    }
    records.append = (decide) => harness.records.append(decide);
    await bringing.deliver();
    expect(receiver.received).toHaveLength(1);
    expect(await notices()).toMatchObject([{ delivered: true, attempts: 1 }]);
    expect(bringing.waiting).toBe(0);
  });

  test("one that is refused, or fails too often, is given up with its reason", async () => {
    receiver.answers.push({ status: 404 }, { status: 302, headers: { location: "http://127.0.0.1:9/" } });
    const bringing = courier();
    await raise("a1");
    await raise("a2");
    await bringing.deliver();
    expect(await notices()).toMatchObject([{ delivered: false }, { delivered: false }]);
    await receiver.close();
    await raise("a3");
    for (let attempt = 0; attempt < MOST_ATTEMPTS + 2; attempt += 1) {
      await bringing.deliver();
      house.clock.advance(400_000);
    }
    expect((await notices()).at(-1)).toMatchObject({
      alert: "a3",
      delivered: false,
      attempts: MOST_ATTEMPTS,
      detail: expect.stringContaining("could not be reached"),
    });
    expect(bringing.waiting).toBe(0);
  });

  test("one to an address that may not be reached is given up at once", async () => {
    const closed = async () => {
      throw new HarnessError("not-allowed", "10.0.0.1 is no public address.");
    };
    const webhooks = [readWebhook(address, null)];
    await raise("a1");
    await new AlertCourier(house.harness, { webhooks, random: seededRandom("c"), fetch: closed }).deliver();
    expect(await notices()).toMatchObject([{ delivered: false, attempts: 1 }]);
    expect(receiver.received).toEqual([]);
  });

  test("whoever takes over brings exactly what was not brought, and no history", async () => {
    await raise("old");
    house.clock.advance(90_000_000);
    await raise("a1");
    await courier().deliver();
    await raise("a2");
    const successor = courier();
    await successor.deliver();
    expect(receiver.received.map(({ headers }) => headers["idempotency-key"])).toEqual(["a1", "a2"]);
  });
});

describe("readWebhook", () => {
  test.each([
    ["ftp://hooks.example/x", "http"],
    ["hooks.example", "http"],
    ["https://ada:pw@hooks.example/x", "hooks.example"],
  ])("refuses %s", (address, said) => {
    const read = () => readWebhook(address, null);
    expect(read).toThrow(expect.objectContaining({ code: "usage", message: expect.stringContaining(said) }));
    expect(read).not.toThrow(/pw/);
  });
});
