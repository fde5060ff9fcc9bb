/** Opens models with the keys of a job's project, and with nothing else of the server's environment. */
import { type Models, modelAccess, openModels } from "@colophon/harness";
import { type Clock, errorCodeOf, type Secrets } from "@colophon/kernel";

export interface JobModelsParts {
  readonly secrets: Pick<Secrets, "readAll">;
  readonly clock: Clock;
  readonly fetch: typeof globalThis.fetch;
  readonly onNotice: (message: string) => void;
}

/** Where the secrets cannot be read, whoever asks a model is told so: a drill or a rule asks none. */
export async function openJobModels(project: string, parts: JobModelsParts): Promise<Models> {
  const { secrets, clock, fetch, onNotice } = parts;
  try {
    const access = modelAccess(Object.fromEntries(await secrets.readAll(project)));
    return openModels({ ...access, clock, fetch, onNotice });
  } catch (error) {
    if (errorCodeOf(error) === undefined) throw error;
    const refuse = (): never => {
      throw error;
    };
    return { caller: { call: async () => refuse() }, endpointOf: refuse, embedder: refuse };
  }
}
