/** A server in a process of its own that answers every chat completion after the same time, and sends its address. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { chatAnswer } from "./chat-answer.ts";

const latency = Number(process.argv[2]);
let count = 0;

const server = createServer((request, response) => {
  request.resume().on("end", () => {
    setTimeout(() => {
      response.setHeader("content-type", "application/json");
      response.end(JSON.stringify(chatAnswer(count++)));
    }, latency);
  });
});

server.listen(0, "127.0.0.1", () => {
  process.send?.(`http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`);
});
process.on("disconnect", () => process.exit(0));
