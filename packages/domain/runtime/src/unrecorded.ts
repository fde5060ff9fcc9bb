/** What takes the recorder's place where calls are not recorded: they are made, which is said once. */
import { type ExecutionId, HarnessError, say } from "@colophon/kernel";
import { howToPass } from "./how-to-pass.ts";
import type { Recorder } from "./open-recorder.ts";

export const unrecorded: Recorder = {
  open({ ids, onNotice }) {
    let isSaid = false;
    const drop = (): "dropped" => {
      if (!isSaid)
        onNotice(
          `calls are not recorded here; ${howToPass("recorder", "recorder")}, with a sink for the rows.`,
        );
      isSaid = true;
      return "dropped";
    };
    return {
      rendered() {},
      start({ prepare }) {
        drop();
        const id = ids.next() as ExecutionId;
        return { id, prompt: prepare(null), finish: drop, fail: drop, abort: drop };
      },
      record({ prepare }, send) {
        drop();
        return send(prepare(null));
      },
      outcome: drop,
      kept() {
        throw new HarnessError(
          "usage",
          say`kept() is an outcome, and nothing is recorded here; ${howToPass("recorder", "recorder")}.`,
        );
      },
      trace: (_, task) => task({ trace: ids.next().replaceAll("-", "") }),
      async flush() {},
      end() {},
      async close() {},
    };
  },
};
