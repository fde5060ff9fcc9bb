/** How the sign-in library is set up: e-mail and password, perhaps a provider of identities, and nothing else. */
import type { BetterAuthOptions } from "better-auth";
import { isAPIError } from "better-auth/api";
import { genericOAuth } from "better-auth/plugins/generic-oauth";

/** An identity provider that speaks OpenID Connect. */
export interface OidcProvider {
  /** Such as `https://login.example.com`; its discovery document lies below. */
  readonly issuer: string;
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface AuthSettings {
  readonly database: BetterAuthOptions["database"];
  /** Signs cookies. */
  readonly secret: string;
  /** The origin that browsers see, such as `https://prompts.example.com`. */
  readonly publicUrl: string;
  readonly oidc: OidcProvider | null;
}

export const AUTH_PATH = "/auth";
/** What a provider is called in addresses: the callback is `/auth/callback/oidc`. */
export const OIDC_PROVIDER = "oidc";
/** Carries the address of whoever asks; a server sets it, and what a client says there is thrown away. */
export const ADDRESS_HEADER = "colophon-address";
export const LEAST_PASSWORD = 12;
export const LONGEST_PASSWORD = 128;

export function authOptions({ database, secret, publicUrl, oidc }: AuthSettings): BetterAuthOptions {
  return {
    ...{ appName: "Colophon", baseURL: publicUrl, basePath: AUTH_PATH, secret, database },
    trustedOrigins: [publicUrl],
    telemetry: { enabled: false },
    logger: { disabled: true },
    onAPIError: {
      // A fault is told by whoever asked, and not printed here.
      onError(error) {
        if (!isAPIError(error)) throw error;
      },
    },
    emailAndPassword: {
      ...{ enabled: true, disableSignUp: true },
      ...{ minPasswordLength: LEAST_PASSWORD, maxPasswordLength: LONGEST_PASSWORD },
    },
    user: {
      modelName: "person",
      // Roles are given by e-mail, so whoever cannot show that one is theirs does not come in under it.
      validateUserInfo: ({ user, source }) =>
        source.method === "oauth" && user.emailVerified !== true
          ? { error: "email_not_verified" }
          : undefined,
    },
    session: { modelName: "sign_in_session" },
    account: { modelName: "sign_in_account", encryptOAuthTokens: true },
    verification: { modelName: "sign_in_verification" },
    rateLimit: { enabled: true, storage: "database", modelName: "sign_in_limit" },
    advanced: {
      cookiePrefix: "colophon",
      useSecureCookies: publicUrl.startsWith("https:"),
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      // Said here because the library leaves both out where it believes to be under test.
      ...{ disableOriginCheck: false, disableCSRFCheck: false },
    },
    plugins: oidc === null ? [] : [oidcPlugin(oidc)],
  };
}

function oidcPlugin({ issuer, clientId, clientSecret }: OidcProvider) {
  return genericOAuth({
    config: [
      {
        ...{ providerId: OIDC_PROVIDER, clientId, clientSecret, pkce: true },
        discoveryUrl: `${issuer.replace(/\/+$/, "")}/.well-known/openid-configuration`,
        scopes: ["openid", "email", "profile"],
        requireIdTokenVerification: true,
        mapProfileToUser: ({ email_verified: verified, email, name }) => ({
          emailVerified: verified === true,
          ...(name === undefined || name === "" ? { name: email ?? "" } : undefined),
        }),
      },
    ],
  });
}
