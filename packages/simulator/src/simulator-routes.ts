/** The simulator's own routes, for other processes: what it served, and faults for the next requests. */

import { HarnessError } from "@colophon/kernel";
import { Hono } from "hono";
import type { FaultSchedule } from "./serve/fault-schedule.ts";
import type { CallLog } from "./serve/served-call.ts";

export function simulatorRoutes(log: CallLog, schedule: FaultSchedule): Hono {
  const route = new Hono();
  route.get("/served", (context) => context.json({ simulation: true, served: log.calls }));
  route.post("/faults", async (context) => {
    const body: unknown = await context.req.json().catch(() => undefined);
    const fault = typeof body === "object" && body !== null && "fault" in body ? body.fault : undefined;
    try {
      schedule.add(String(fault));
    } catch (cause) {
      if (!(cause instanceof HarnessError)) throw cause;
      return context.json({ error: { code: cause.code, message: cause.message } }, 400);
    }
    return context.json({ simulation: true, scheduled: fault });
  });
  return route;
}
