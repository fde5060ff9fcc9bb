/** What the runtime's side of a server counts, for Prometheus. */
import { Counter, Gauge, Histogram, type Registry } from "prom-client";
import type { RuntimeMeter } from "../runtime/runtime-meter.ts";

const ENTRIES = [1, 4, 16, 64, 256, 1024, 4096];
const SKEW_SECONDS = [0.1, 0.5, 1, 5, 30, 60, 300, 3600];

/** Projects are few and stand as labels; keys, clients and subjects never do. */
export function runtimeMetrics(registry: Registry): RuntimeMeter {
  const registers = [registry];
  const labelNames = ["project"] as const;
  const counter = (name: string, help: string) => new Counter({ name, help, labelNames, registers });
  const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames, registers });
  const stored = counter("colophon_intake_entries_total", "Entries of ledgers that were stored.");
  const duplicates = counter("colophon_intake_duplicates_total", "Entries that were stored already.");
  const refused = counter("colophon_intake_refused_total", "Entries that were refused one by one.");
  const bytes = counter("colophon_intake_bytes_total", "Bytes of batches, unpacked.");
  const commits = new Histogram({
    ...{ name: "colophon_intake_commit_entries", help: "Entries that were committed together.", labelNames },
    buckets: ENTRIES,
    registers,
  });
  const held = new Gauge({
    ...{ name: "colophon_intake_waiting_bytes", help: "Bytes of batches that wait to be stored.", registers },
  });
  const clients = gauge("colophon_event_clients", "Clients that listen for changes.");
  const dropped = counter(
    "colophon_event_clients_dropped_total",
    "Clients that did not read and were let go.",
  );
  const revision = gauge("colophon_revision", "The revision of the registry that is served.");
  const skew = new Histogram({
    ...{ name: "colophon_client_skew_seconds", help: "How far clients' clocks are off.", labelNames },
    buckets: SKEW_SECONDS,
    registers,
  });
  return {
    took(project, batch) {
      stored.inc({ project }, batch.stored);
      duplicates.inc({ project }, batch.duplicates);
      refused.inc({ project }, batch.refused);
      bytes.inc({ project }, batch.bytes);
    },
    committed: (project, commit) => commits.observe({ project }, commit.entries),
    held: (waiting) => held.set(waiting),
    listening: (project, listening) => clients.set({ project }, listening),
    dropped: (project) => dropped.inc({ project }),
    served: (project, served) => revision.set({ project }, served),
    skewed: (project, milliseconds) => skew.observe({ project }, Math.abs(milliseconds) / 1000),
  };
}
