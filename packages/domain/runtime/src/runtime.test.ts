/** Tests a runtime from its first snapshot to its close. */
import { type ExecutionId, hashText, type SnapshotListener } from "@colophon/kernel";
import { describe, expect, it } from "vitest";
import { declarationOf, documentOf, openStage, pinnedHandle, textOf } from "./runtime.fixture.ts";

const KEY = "support.triage";
const text = textOf("code {{ticket}}");
const other = textOf("released {{ticket}}");
const input = { ticket: "T" };
const code = (expected: string) => expect.objectContaining({ code: expected });
const released = (version = 1) =>
  documentOf({ [KEY]: { versions: { [version]: other }, releases: { development: version } } });

describe("ready", () => {
  it("says at once what is there", async () => {
    const { runtime } = openStage({ ...released(), revision: 9 });
    expect(await runtime.ready()).toEqual({ ready: true, revision: 9, environment: "development" });
  });

  it("waits for the first snapshot, however it comes", async () => {
    const { runtime, listener } = openStage();
    const waiting = runtime.ready({ timeoutMs: 60_000 });
    listener.onSnapshot(released());
    expect(await waiting).toMatchObject({ ready: true, revision: 1 });
  });

  it("waits no longer once the runtime is closed", async () => {
    const { runtime } = openStage();
    const waiting = runtime.ready({ timeoutMs: 20_000_000 });
    await runtime.close();
    expect(await waiting).toMatchObject({ ready: false, reason: "no snapshot has come yet" });
    expect(await runtime.ready({ timeoutMs: 20_000_000 })).toMatchObject({ ready: false });
  });

  it("gives up after its time, without an error, and says why", async () => {
    const { runtime, listener } = openStage();
    expect(await runtime.ready({ timeoutMs: 1 })).toEqual({
      ready: false,
      revision: null,
      environment: "development",
      reason: "no snapshot has come yet",
    });
    listener.onLost(new Error("the file is locked"));
    expect(await runtime.ready({ timeoutMs: 1 })).toMatchObject({
      ready: false,
      reason: "the file is locked",
    });
  });
});

describe("the snapshot in force", () => {
  it("moves with every change, and resolutions with it", () => {
    const stage = openStage(released());
    const declaration = declarationOf(KEY, text);
    expect(stage.runtime.resolve(declaration).version).toBe(1);
    stage.change({ ...released(2), revision: 2 });
    expect(stage.runtime.resolve(declaration)).toMatchObject({ version: 2, resolution: { revision: 2 } });
    expect(stage.runtime.status()).toEqual({ revision: 2, stale: false, staleSince: null, shadow: null });
  });

  it("is not taken back by a change that comes late", () => {
    const stage = openStage({ ...released(), revision: 5 });
    stage.change({ ...released(2), revision: 4 });
    expect(stage.runtime.resolve(declarationOf(KEY, text)).version).toBe(1);
    expect(stage.runtime.status().revision).toBe(5);
  });

  it("takes a change of its own revision, which brings a version that was asked for", () => {
    const stage = openStage({ ...released(), revision: 5 });
    stage.change({ ...documentOf({ [KEY]: { versions: { 1: other, 7: text } } }), revision: 5 });
    expect(stage.runtime.resolve(pinnedHandle(KEY, 7)).resolution).toMatchObject({
      version: 7,
      reason: "pinned",
    });
  });

  it("is stale while its source is lost, from the first moment on, and serves on", () => {
    const stage = openStage(released());
    const since = stage.clock.now();
    stage.listener.onLost(new Error("gone"));
    stage.clock.pass(500);
    stage.listener.onLost(new Error("gone"));
    expect(stage.runtime.status()).toEqual({ revision: 1, stale: true, staleSince: since, shadow: null });
    expect(stage.runtime.resolve(declarationOf(KEY, text)).resolution).toMatchObject({
      version: 1,
      stale: true,
    });
    stage.listener.onRecovered();
    expect(stage.runtime.status().stale).toBe(false);
  });
});

describe("declaring", () => {
  it("the same twice is one declaration, and a newer one takes the place of an older one", () => {
    const stage = openStage(released());
    const tone = (words: string) => textOf(words, { input: { type: "object", properties: {} } });
    const call = () =>
      stage.runtime.resolve<typeof input>(declarationOf("host", textOf("{{> tone}}: {{ticket}}")));
    for (const words of ["kindly", "kindly", "briefly"]) {
      stage.runtime.declare(declarationOf("tone", tone(words)));
      expect(call().render(input).text).toBe(`${words}: T`);
    }
  });

  it("makes a prompt a partial for others", () => {
    const stage = openStage(documentOf({}));
    const none = { type: "object", properties: {} };
    stage.runtime.declare(declarationOf("shared.tone", textOf("kindly", { input: none })));
    const call = stage.runtime.resolve<typeof input>(
      declarationOf(KEY, textOf("{{> shared.tone}}: {{ticket}}")),
    );
    expect(call.render(input).text).toBe("kindly: T");
  });

  it("asks the source for versions that code, process and partials pin", () => {
    const stage = openStage(documentOf({}), { pins: new Map([["other", 3]]) });
    stage.runtime.declare(pinnedHandle(KEY, 7));
    stage.runtime.declare(declarationOf("host", textOf("{{> shared.tone@v2}} {{ticket}}")));
    expect(stage.wanted).toEqual([
      ["other", 3],
      [KEY, 7],
      ["shared.tone", 2],
    ]);
  });

  it("tells a version that may still come apart from one that nobody has", () => {
    const coming = new Set([7]);
    const { runtime } = openStage(documentOf({}), {
      source: {
        start: (listener) => listener.onSnapshot(documentOf({})),
        want: () => {},
        isComing: (key, version) => key === KEY && coming.has(version),
        close: async () => {},
      },
    });
    const render = () => runtime.resolve<typeof input>(pinnedHandle(KEY, 7)).render(input);
    expect(render).toThrowError(
      /^support\.triage has no text to serve here \(pin v7 unknown-version not fetched yet\); await colophon\.ready\(\)/,
    );
    coming.clear();
    expect(render).toThrowError(/\(pin v7 unknown-version\); ask for a version that exists/);
  });

  it("serves a conversation's version at once where its source has it at once", () => {
    let started: SnapshotListener | undefined;
    const wanted: number[] = [];
    const document = documentOf({ [KEY]: { versions: { 1: text, 6: other } } });
    const { runtime } = openStage(undefined, {
      source: {
        start: (listener) => {
          started = listener;
          listener.onSnapshot(documentOf({}));
        },
        want: (_, version) => {
          wanted.push(version);
          started?.onChange(document);
        },
        close: async () => {},
      },
    });
    const resolution = (pin: string) => runtime.resolve(declarationOf(KEY, text), { pin }).resolution;
    expect(resolution(`${KEY}@v6`)).toMatchObject({ version: 6, reason: "pinned" });
    expect(resolution(`${KEY}@v6`)).toMatchObject({ version: 6, reason: "pinned" });
    expect(resolution(`${KEY}@v9`)).toMatchObject({ version: null, reason: "unknown-version" });
    expect(wanted).toEqual([6, 9]);
  });

  it("says it of a text that cannot be hashed, too, and goes on", () => {
    const document = released();
    const hash = document.prompts[KEY]?.versions[1]?.hash as string;
    const stage = openStage({ ...document, texts: { [hash]: { ...other, body: "\ud800" } } });
    stage.runtime.declare(declarationOf(KEY, text));
    expect(stage.notices).toEqual([expect.stringContaining("serves v1")]);
  });

  it("says once that the code and what is live differ, whichever comes first", () => {
    const first = openStage(released());
    first.runtime.declare(declarationOf(KEY, text));
    first.change({ ...released(2), revision: 2 });
    const second = openStage();
    second.runtime.declare(declarationOf(KEY, text));
    second.listener.onSnapshot(released());
    second.listener.onSnapshot(released());
    for (const { notices } of [first, second]) {
      expect(notices).toEqual([
        `support.triage: development serves v1 (${hashText(other).slice(0, 12)}), the text in the code is another (${hashText(text).slice(0, 12)}).`,
      ]);
    }
  });

  it("says nothing where they are the same, where nothing is live, and of partials that only the registry pins", () => {
    const body = "{{> shared.tone@v1}} {{ticket}}";
    const inCode = textOf(body);
    const inRegistry = textOf(body, { partialHashes: { "shared.tone@v1": "a".repeat(64) } });
    const stage = openStage(
      documentOf({
        [KEY]: { versions: { 1: text }, releases: { development: 1 } },
        other: { versions: { 1: other }, releases: { production: 1 } },
        host: { versions: { 1: inRegistry }, releases: { development: 1 } },
      }),
    );
    stage.runtime.declare(declarationOf(KEY, text));
    stage.runtime.declare(declarationOf("other", text));
    stage.runtime.declare(declarationOf("host", inCode));
    expect(stage.notices).toEqual([]);
  });
});

describe("outcomes", () => {
  const id = "017f22e2-79b0-7cc3-98c4-dc0c0c07398f" as ExecutionId;

  it("are written for an execution or a call, from the user unless said otherwise", () => {
    const { runtime, sink } = openStage(documentOf({}));
    const call = runtime.resolve<typeof input>(declarationOf(KEY, text));
    call.record(input, () => "x");
    runtime.outcome(id, { name: "thumbs", value: true });
    runtime.outcome(call as never, { name: "quality", value: 0.5, source: "judge", by: "judge@v3" });
    expect(sink.outcomes).toMatchObject([
      { execution: id, name: "thumbs", value: true, source: "user", by: null },
      { execution: sink.row.id, name: "quality", value: 0.5, source: "judge", by: "judge@v3" },
    ]);
    expect(new Set(sink.outcomes.map((outcome) => outcome.id))).toHaveLength(2);
  });

  it("of a call that was never made, or of a wrong value, are refused and not written", () => {
    const { runtime, sink } = openStage(documentOf({}));
    const call = runtime.resolve<typeof input>(declarationOf(KEY, text));
    expect(() => runtime.outcome(call as never, { name: "thumbs", value: true })).toThrowError(
      code("execution-unknown"),
    );
    expect(() => runtime.outcome(id, { name: "thumbs", value: 1 })).toThrowError(code("outcome-invalid"));
    expect(() => runtime.outcome("answer 7" as never, { name: "thumbs", value: true })).toThrowError(
      code("input-malformed"),
    );
    expect(sink.outcomes).toEqual([]);
  });

  it("tell how much of a text the user changed", () => {
    const { runtime, sink } = openStage(documentOf({}));
    expect(runtime.kept(id, { served: "abcd", kept: "abXd" })).toBe(0.25);
    expect(sink.outcomes).toMatchObject([
      { execution: id, name: "editDistance", value: 0.25, source: "user" },
    ]);
  });
});

describe("retries in a session", () => {
  const open = () => {
    const stage = openStage(documentOf({}));
    const ask = (ticket: unknown, session: string | undefined = "s1", options = {}) => {
      const call = stage.runtime.resolve<{ ticket: unknown }>(declarationOf(KEY, text), { session });
      call.record({ ticket }, () => "x", options);
      return call.executionId;
    };
    return { ...stage, ask };
  };
  const question = "why was my card charged twice this month";

  it("are an outcome of the first execution", () => {
    const { ask, sink } = open();
    const first = ask(question);
    ask(`${question}?`);
    expect(sink.outcomes).toMatchObject([
      { execution: first, name: "retried", value: true, source: "rule", by: "session-retry" },
    ]);
  });

  it("are none of other questions, other sessions, without a session, or two minutes later", () => {
    const { ask, sink, clock } = open();
    ask(question);
    ask("how do I change the address of my account");
    ask(question, "s2");
    ask("one and the same", "");
    ask("one and the same", "");
    ask(question, "s3");
    clock.pass(120_001);
    ask(question, "s3");
    expect(sink.outcomes).toEqual([]);
  });

  it("are none where the application itself repeats, falls back or shadows", () => {
    const { ask, sink } = open();
    const first = ask(question);
    ask(question, "s1", { attempt: 2 });
    ask(question, "s1", { fallbackOf: first });
    ask(question, "s1", { purpose: "shadow" });
    expect(sink.outcomes).toEqual([]);
  });

  it("never stand in the way of a call, whatever its variables are", () => {
    const { ask, sink } = open();
    ask(10n);
    ask(10n);
    expect(sink.rows).toHaveLength(2);
    expect(sink.outcomes).toHaveLength(1);
  });
});

describe("calls that were rendered and not recorded", () => {
  const open = () => {
    const stage = openStage(documentOf({}));
    const call = () => stage.runtime.resolve<typeof input>(declarationOf(KEY, text));
    return { ...stage, call };
  };
  const gap = (count: number) => ({
    kind: "rendered-not-recorded",
    prompt: KEY,
    count,
    reason: "render() without start() or record()",
  });

  it("are counted once, after five to ten minutes of grace", async () => {
    const { call, runtime, sink, clock } = open();
    clock.pass(299_999);
    call().render(input);
    call().render(input);
    for (let minute = 0; minute < 5; minute++) {
      clock.pass(60_000);
      await runtime.flush();
    }
    expect(sink.gaps).toEqual([]);
    for (let minute = 0; minute < 20; minute++) {
      clock.pass(60_000);
      await runtime.flush();
    }
    expect(sink.gaps).toEqual([gap(2)]);
  });

  it("are not, when they are recorded in the last minute of their grace, and are not taken back after it", async () => {
    const { call, runtime, sink, clock } = open();
    const [early, late] = [call(), call()];
    early.render(input);
    late.render(input);
    clock.pass(300_000);
    await runtime.flush();
    clock.pass(299_999);
    early.record(input, () => "x");
    clock.pass(1);
    await runtime.flush();
    expect(sink.gaps).toEqual([gap(1)]);
    late.record(input, () => "x");
    await runtime.close();
    expect(sink.gaps).toEqual([gap(1)]);
  });

  it("are not, when they are recorded or started after all, or were rendered twice", async () => {
    const { call, runtime, sink } = open();
    const [one, two, three] = [call(), call(), call()];
    for (const each of [one, two, three, three]) each.render(input);
    one.record(input, () => "x");
    two.start(input).finish();
    await runtime.close();
    expect(sink.gaps).toEqual([gap(1)]);
  });

  it("are counted by prompt", async () => {
    const { call, runtime, sink } = open();
    for (let index = 0; index < 1_000; index++) call().render(input);
    runtime.resolve<typeof input>(declarationOf("other", text)).render(input);
    await runtime.close();
    expect(sink.gaps).toEqual([gap(1_000), { ...gap(1), prompt: "other" }]);
  });

  it("are not those whose render failed", async () => {
    const { call, runtime, sink } = open();
    expect(() => call().render({} as never)).toThrowError(code("variable-missing"));
    await runtime.close();
    expect(sink.gaps).toEqual([]);
  });
});

describe("close", () => {
  it("writes what is still running as aborted, once, and lets go once", async () => {
    const { runtime, sink } = openStage(documentOf({}));
    const call = runtime.resolve<typeof input>(declarationOf(KEY, text));
    call.start(input);
    void call.record(input, () => new Promise(() => {}));
    await Promise.all([runtime.close(), runtime.close()]);
    expect(sink.rows.map((row) => row.status)).toEqual(["aborted", "aborted"]);
    expect(sink.closed).toBe(1);
  });

  it("lets go of the sink also where the source cannot be closed", async () => {
    const error = new Error("no");
    const { runtime, sink } = openStage(undefined, {
      source: {
        start: (listener) => listener.onSnapshot(documentOf({})),
        want: () => {},
        close: () => Promise.reject(error),
      },
    });
    await expect(runtime.close()).rejects.toBe(error);
    expect(sink.closed).toBe(1);
  });

  it("leaves resolution as it was", async () => {
    const { runtime } = openStage(released());
    await runtime.close();
    expect(runtime.resolve(declarationOf(KEY, text)).version).toBe(1);
  });
});
