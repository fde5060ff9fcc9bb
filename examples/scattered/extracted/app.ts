/** The service: its routes. */
import { Hono } from "hono";
import { notes } from "./routes/notes.ts";
import { replies } from "./routes/replies.ts";
import { summaries } from "./routes/summaries.ts";
import { triage } from "./routes/triage.ts";

export const app = new Hono().route("/", triage).route("/", replies).route("/", summaries).route("/", notes);
