/** The reference as a page: Swagger UI out of its package, nothing from anywhere else. */
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Hono } from "hono";
import type { secureHeaders } from "hono/secure-headers";
import swaggerFolder from "swagger-ui-dist/absolute-path.js";
import type { RequestEnv } from "../server-variables.ts";

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Colophon: HTTP reference</title>
    <link rel="icon" href="/docs/favicon-32x32.png">
    <link rel="stylesheet" href="/docs/swagger-ui.css">
  </head>
  <body>
    <div id="reference"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

const START = `SwaggerUIBundle({ url: "/openapi.json", dom_id: "#reference", deepLinking: true });\n`;

const ASSETS: Readonly<Record<string, string>> = {
  "swagger-ui.css": "text/css; charset=utf-8",
  "swagger-ui-bundle.js": "text/javascript; charset=utf-8",
  "favicon-32x32.png": "image/png",
};

/** Styles and icons of Swagger UI stand in attributes and data addresses; scripts come from files alone. */
export const REFERENCE_POLICY: NonNullable<Parameters<typeof secureHeaders>[0]>["contentSecurityPolicy"] = {
  defaultSrc: ["'none'"],
  scriptSrc: ["'self'"],
  styleSrc: ["'self'", "'unsafe-inline'"],
  imgSrc: ["'self'", "data:"],
  connectSrc: ["'self'"],
  baseUri: ["'none'"],
  formAction: ["'none'"],
  frameAncestors: ["'none'"],
};

export function addReferencePage(app: Hono<RequestEnv>): void {
  app.get("/docs", (context) => context.html(PAGE));
  app.get("/docs/start.js", (context) => context.body(START, 200, { "content-type": "text/javascript" }));
  app.get("/docs/:file", async (context) => {
    const file = context.req.param("file");
    const type = Object.hasOwn(ASSETS, file) ? ASSETS[file] : undefined;
    if (type === undefined) return context.notFound();
    const bytes = await readFile(join(swaggerFolder(), file));
    return context.body(bytes, 200, { "content-type": type, "cache-control": "public, max-age=3600" });
  });
}
