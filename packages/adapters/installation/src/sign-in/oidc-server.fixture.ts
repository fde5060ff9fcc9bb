/** A small identity provider that speaks OpenID Connect, for tests: it lets in whoever the test says. */
import { createHash, createSign, generateKeyPairSync, randomBytes } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export interface OidcIdentity {
  readonly sub: string;
  readonly email: string;
  readonly email_verified: boolean;
  readonly name: string;
}

export interface OidcServer {
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Who is signed in at the provider from now on. */
  letIn(identity: OidcIdentity): void;
  /** Answers discovery with an error until told otherwise. */
  setAway(away: boolean): void;
  /** Signs tokens with a key that it does not publish. */
  forgeTokens(): void;
  close(): Promise<void>;
}

interface Grant {
  readonly identity: OidcIdentity;
  readonly nonce: string | null;
  readonly challenge: string | null;
}

const CLIENT = { clientId: "colophon", clientSecret: "a secret of the provider and the client" } as const;

export async function startOidcServer(): Promise<OidcServer> {
  const published = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const forged = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const grants = new Map<string, Grant>();
  let signing = published.privateKey;
  let identity: OidcIdentity | undefined;
  let isAway = false;

  const answer = async (request: IncomingMessage): Promise<unknown> => {
    const url = new URL(request.url ?? "/", issuer);
    if (url.pathname === "/.well-known/openid-configuration") return isAway ? undefined : discovery(issuer);
    if (url.pathname === "/jwks") {
      return {
        keys: [{ ...published.publicKey.export({ format: "jwk" }), kid: "one", alg: "RS256", use: "sig" }],
      };
    }
    if (url.pathname === "/authorize" && identity !== undefined) {
      const { searchParams: asked } = url;
      const code = randomBytes(16).toString("hex");
      grants.set(code, { identity, nonce: asked.get("nonce"), challenge: asked.get("code_challenge") });
      const back = new URL(asked.get("redirect_uri") ?? "");
      back.searchParams.set("code", code);
      back.searchParams.set("state", asked.get("state") ?? "");
      return { location: back.href };
    }
    if (url.pathname === "/token") {
      const form = new URLSearchParams(await bodyOf(request));
      const grant = grants.get(form.get("code") ?? "");
      if (grant === undefined || !isClient(request, form) || !isAnswer(grant, form)) return undefined;
      const claims = { ...grant.identity, ...(grant.nonce === null ? {} : { nonce: grant.nonce }) };
      return { access_token: "access", token_type: "Bearer", expires_in: 300, id_token: sign(claims) };
    }
    return undefined;
  };

  const sign = (claims: object): string => {
    const now = Math.floor(Date.now() / 1000);
    const head = encode({ alg: "RS256", kid: "one", typ: "JWT" });
    const body = encode({ ...claims, iss: issuer, aud: CLIENT.clientId, iat: now, exp: now + 300 });
    return `${head}.${body}.${createSign("RSA-SHA256").update(`${head}.${body}`).sign(signing, "base64url")}`;
  };

  const server = createServer((request, response) => {
    void answer(request).then((said) => {
      const location = (said as { readonly location?: string } | undefined)?.location;
      if (location !== undefined) response.writeHead(302, { location }).end();
      else
        response
          .writeHead(said === undefined ? 400 : 200, { "content-type": "application/json" })
          .end(JSON.stringify(said ?? {}));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer,
    ...CLIENT,
    letIn: (next) => {
      identity = next;
    },
    setAway: (away) => {
      isAway = away;
    },
    forgeTokens: () => {
      signing = forged.privateKey;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function discovery(issuer: string): object {
  return {
    issuer,
    authorization_endpoint: `${issuer}/authorize`,
    token_endpoint: `${issuer}/token`,
    jwks_uri: `${issuer}/jwks`,
    id_token_signing_alg_values_supported: ["RS256"],
    response_types_supported: ["code"],
    subject_types_supported: ["public"],
  };
}

function isClient(request: IncomingMessage, form: URLSearchParams): boolean {
  const basic = Buffer.from(request.headers.authorization?.replace(/^Basic /, "") ?? "", "base64").toString();
  const secret = form.get("client_secret") ?? decodeURIComponent(basic.split(":")[1] ?? "");
  return secret === CLIENT.clientSecret;
}

/** Whether it was this client that asked for the code (PKCE). */
function isAnswer({ challenge }: Grant, form: URLSearchParams): boolean {
  return (
    createHash("sha256")
      .update(form.get("code_verifier") ?? "")
      .digest("base64url") === challenge
  );
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = "";
  for await (const chunk of request) body += String(chunk);
  return body;
}
