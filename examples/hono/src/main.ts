/** Serves the service on PORT, and writes what is still on its way before it goes. */
import { serve } from "@hono/node-server";
import { open } from "colophon";
import OpenAI from "openai";
import { createApp } from "./app.ts";

const colophon = open();
const simulated = process.env.SIMULATED === "1";
const app = createApp({ colophon, client: new OpenAI(), simulated });

const server = serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) }, ({ port }) => {
  console.log(`The service is at http://localhost:${port}`);
});

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.once(signal, () => {
    server.close(async () => {
      await colophon.close();
      process.exit(0);
    });
  });
}
