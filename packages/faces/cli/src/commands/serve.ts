/** `colophon serve`: offers an installation over HTTP. */
import { HarnessError } from "@colophon/kernel";
import type { Command } from "commander";
import { addCommand, flagsOf } from "../add-command.ts";
import type { Cli, GlobalFlags } from "../cli.ts";
import { durationFlag, gathered, wholeNumber } from "../read-flags.ts";

interface ServeFlags extends GlobalFlags {
  readonly port: string;
  readonly host: string;
  readonly publicUrl?: string;
  readonly corsOrigin?: readonly string[];
  readonly allowHost?: readonly string[];
  readonly behindProxy?: boolean;
  readonly drain?: string;
}

export function addServe(program: Command, cli: Cli): void {
  addCommand(program, {
    usage: "serve",
    summary: "offer the store to applications, scripts and people over HTTP, until it is interrupted",
    example: [
      "colophon serve --store postgres://colophon@db/colophon --port 4600",
      "colophon serve --host 0.0.0.0 --public-url https://prompts.example.com --behind-proxy",
    ].join("\n"),
  })
    .option("--port <number>", "the port; 0 takes any free one", "4600")
    .option("--host <address>", "the address it listens at", "127.0.0.1")
    .option("--public-url <url>", "where browsers reach it; else where it listens")
    .option("--cors-origin <origin>", "a page elsewhere that may ask; repeatable", gathered)
    .option("--allow-host <host>", "a host inside your network for models and webhooks; repeatable", gathered)
    .option("--behind-proxy", "take addresses from the last entry of X-Forwarded-For")
    .option("--drain <duration>", "time between saying not ready and closing the door")
    .action(async (_options: object, command: Command) => serveUntilInterrupted(cli, flagsOf(command)));
}

async function serveUntilInterrupted(cli: Cli, flags: ServeFlags): Promise<void> {
  const options = readOptions(cli, flags);
  // Its libraries are of no use to any other command.
  const { serve, serverLog } = await import("@colophon/server");
  const log = serverLog({ write: (line) => cli.io.stderr.write(line) });
  const running = await serve({ ...options, log });
  try {
    const { url, port } = running;
    cli.answer(flags, { url, port, publicUrl: options.publicUrl ?? url }, () => `Colophon serves at ${url}`);
    const ended = interrupted(cli.io.signal);
    const ready = await Promise.race([running.ready, ended]);
    if (ready !== undefined && !ready.isOpenToAnybody) cli.say(NOBODY);
    await ended;
  } finally {
    await running.close();
  }
}

const NOBODY = [
  "Nobody can come in yet. On this machine, with the same --store, make a key:",
  "  colophon key create application --scopes resolve,record",
].join("\n");

function readOptions(cli: Cli, flags: ServeFlags) {
  const { env, cwd, clock } = cli.io;
  const { publicUrl, corsOrigin, allowHost, behindProxy = false } = flags;
  return {
    ...{ cwd, clock, behindProxy, host: flags.host },
    store: cli.storeName(flags),
    port: wholeNumber(flags.port, "--port", 0),
    ...(flags.drain !== undefined && { drainMs: durationFlag(flags.drain, "--drain") }),
    masterKey: env.COLOPHON_SECRET || undefined,
    metricsToken: env.COLOPHON_METRICS_TOKEN || undefined,
    oidc: readProvider(env),
    ...(publicUrl !== undefined && { publicUrl: readOrigin(publicUrl, "--public-url") }),
    ...(corsOrigin !== undefined && {
      corsOrigins: corsOrigin.map((one) => readOrigin(one, "--cors-origin")),
    }),
    ...(allowHost !== undefined && { allowHosts: allowHost }),
  };
}

/** @throws HarnessError `usage`. */
function readOrigin(text: string, flag: string): string {
  if (URL.canParse(text)) {
    const { origin, protocol, href } = new URL(text);
    if (/^https?:$/.test(protocol) && href.replace(/\/$/, "") === origin) return origin;
  }
  throw new HarnessError(
    "usage",
    `${flag} takes an origin such as https://prompts.example.com, not "${text}".`,
  );
}

const PROVIDER = ["COLOPHON_OIDC_ISSUER", "COLOPHON_OIDC_CLIENT_ID", "COLOPHON_OIDC_CLIENT_SECRET"] as const;

/** All three or none. @throws HarnessError `usage`. */
function readProvider(env: Readonly<Record<string, string | undefined>>) {
  const [issuer, clientId, clientSecret] = PROVIDER.map((name) => env[name] || undefined);
  if (issuer !== undefined && clientId !== undefined && clientSecret !== undefined) {
    return { issuer, clientId, clientSecret };
  }
  const missing = PROVIDER.filter((name) => !env[name]);
  if (missing.length === PROVIDER.length) return null;
  throw new HarnessError("usage", `Sign-in by a provider needs ${missing.join(" and ")} too.`);
}

/** Without a signal nobody could end it, so it ends at once. */
function interrupted(signal: AbortSignal | undefined): Promise<undefined> {
  if (signal === undefined || signal.aborted) return Promise.resolve(undefined);
  return new Promise((done) => signal.addEventListener("abort", () => done(undefined), { once: true }));
}
