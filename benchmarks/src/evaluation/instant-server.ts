/** A model server that answers at once in the format of chat completions, in a process of its own. */
import { createServer } from "node:http";
import { answerTo } from "./eval-workload.ts";

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on("data", (chunk: Buffer) => chunks.push(chunk));
  request.on("end", () => {
    const body = Buffer.concat(chunks).toString("utf8");
    const message = { role: "assistant", content: answerTo(body), refusal: null };
    const answer = {
      id: "chatcmpl-bench",
      object: "chat.completion",
      created: 1_700_000_000,
      model: "gpt-5-mini",
      choices: [{ index: 0, message, finish_reason: "stop", logprobs: null }],
      usage: { prompt_tokens: 40, completion_tokens: 1, total_tokens: 41 },
    };
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(answer));
  });
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (typeof address === "object" && address !== null) process.send?.(address.port);
});
process.on("disconnect", () => process.exit());
