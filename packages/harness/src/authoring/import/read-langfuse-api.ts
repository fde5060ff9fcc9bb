/** Reads prompts and datasets from Langfuse's public API, page by page. */
import type { LangfuseDataset } from "@colophon/authoring/convert";
import { HarnessError } from "@colophon/kernel";
import { fetchJson, type JsonServer } from "./fetch-json.ts";
import type { LangfuseSource } from "./langfuse-source.ts";

export interface LangfuseAddress extends Pick<JsonServer, "signal" | "sleep"> {
  /** Such as `https://cloud.langfuse.com`. */
  readonly url: string;
  readonly publicKey: string;
  readonly secretKey: string;
}

const PAGE = 100;
/** More pages than this are a server that never ends. */
const MOST_PAGES = 10_000;

/** @throws HarnessError as `fetchJson` does, `usage` for an address that is none. */
export async function readLangfuseApi(address: LangfuseAddress): Promise<LangfuseSource> {
  const server = serverOf(address);
  const prompts: { from: string; value: unknown }[] = [];
  for await (const listed of pagesOf(server, "/api/public/v2/prompts")) {
    const { name, versions } = fieldsOf(listed);
    if (typeof name !== "string" || !Array.isArray(versions)) {
      throw malformed("/api/public/v2/prompts", "a prompt without name and versions");
    }
    const numbers = versions.filter((one): one is number => Number.isSafeInteger(one));
    for (const version of numbers.toSorted((a, b) => a - b)) {
      const path = `/api/public/v2/prompts/${encodeURIComponent(name)}?version=${version}&resolve=false`;
      prompts.push({ from: `${name} v${version}`, value: await fetchJson(server, path) });
    }
  }
  const datasets: LangfuseDataset[] = [];
  for await (const listed of pagesOf(server, "/api/public/v2/datasets")) {
    const { name } = fieldsOf(listed);
    if (typeof name !== "string") throw malformed("/api/public/v2/datasets", "a dataset without a name");
    const items: unknown[] = [];
    const path = `/api/public/dataset-items?datasetName=${encodeURIComponent(name)}`;
    for await (const item of pagesOf(server, path)) items.push(item);
    datasets.push({ name, items, about: fieldsOf(listed) });
  }
  return { prompts, datasets };
}

function serverOf({ url, publicKey, secretKey, signal, sleep }: LangfuseAddress): JsonServer {
  const parsed = URL.parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol)) {
    throw new HarnessError(
      "usage",
      `${url} is no address of a server; write one such as https://cloud.langfuse.com.`,
    );
  }
  if (parsed.username !== "" || parsed.password !== "") {
    throw new HarnessError(
      "usage",
      "The address of --url holds keys; put them into LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY.",
    );
  }
  const token = Buffer.from(`${publicKey}:${secretKey}`).toString("base64");
  return {
    url: (parsed.origin + parsed.pathname).replace(/\/+$/, ""),
    authorization: `Basic ${token}`,
    signal,
    sleep,
  };
}

async function* pagesOf(server: JsonServer, path: string): AsyncGenerator<unknown, void, void> {
  for (let page = 1; page <= MOST_PAGES; page++) {
    const query = `${path.includes("?") ? "&" : "?"}page=${page}&limit=${PAGE}`;
    const { data, meta } = fieldsOf(await fetchJson(server, path + query));
    if (!Array.isArray(data)) throw malformed(path, "no list under data");
    yield* data;
    const { totalPages } = fieldsOf(meta);
    const isLast = typeof totalPages === "number" ? page >= totalPages : data.length < PAGE;
    if (isLast || data.length === 0) return;
  }
  throw malformed(path, `more than ${MOST_PAGES} pages`);
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}

function malformed(path: string, what: string): HarnessError {
  return new HarnessError("input-malformed", `${path} answers with ${what}; look at the address of --url.`);
}
