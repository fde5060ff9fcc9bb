/** What takes the recorder's place where calls are not recorded: they are made, which is said once. */
import { type ExecutionId, randomId, systemRandom, words } from "@colophon/kernel";
import { notGiven } from "./not-given.ts";
import type { Recorder, RecorderParts } from "./open-recorder.ts";

/** What only a recorder reads: rows or spans would be missing without a word. */
const READ = ["sink", "capture", "telemetry", "shadow"] as const;

const NOTICE =
  'calls are not recorded here; import { recorder } from "colophon/recorder" and pass recorder to open(), with a sink for the rows.';

export const unrecorded: Recorder = {
  open(parts: RecorderParts) {
    const unread = READ.find((part) => parts[part]);
    if (unread) throw notGiven("recorder", unread);
    const { random = systemRandom, onNotice } = parts;
    const fresh = (): string => randomId(random);
    let isSaid = false;
    const drop = (): "dropped" => {
      if (!isSaid) onNotice(NOTICE);
      isSaid = true;
      return "dropped";
    };
    return {
      fresh,
      render: ({ prompt }) => prompt,
      start({ prompt }) {
        drop();
        return { id: fresh() as ExecutionId, prompt, finish: drop, fail: drop, abort: drop };
      },
      record({ prompt }, send) {
        drop();
        return send(prompt);
      },
      face: {
        outcome: drop,
        kept() {
          throw notGiven(
            "recorder",
            words(() => "kept()"),
          );
        },
        trace: (_, task) => task({ trace: fresh() }),
        async flush() {},
      },
    };
  },
};
