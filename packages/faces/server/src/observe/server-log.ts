/** The log of a server: JSON lines, in which what could be a secret is never written out. */
import { type DestinationStream, type Logger, pino } from "pino";

/** Second to the rule that nobody logs them. */
const NEVER = ["authorization", "cookie", "headers", "body", "password", "secret", "apiKey", "token"].flatMap(
  (name) => [name, `*.${name}`],
);

export function serverLog(destination: DestinationStream): Logger {
  return pino({ base: null, redact: { paths: NEVER, censor: "…" } }, destination);
}
