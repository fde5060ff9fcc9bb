/** A process that appends to an output until it takes no more, and tells how that went. */
import { errorCodeOf } from "@colophon/kernel";
import { BatchOutput } from "./batch-output.ts";

const output = await BatchOutput.open(process.argv[2] ?? "");
let line = 0;
try {
  for (;;) {
    line++;
    output.append({ line, executionId: null, version: 1, output: "x".repeat(100), error: null });
  }
} catch (error) {
  console.log(JSON.stringify({ line, code: errorCodeOf(error), message: (error as Error).message }));
}
