/** Makes an operation callable on any house: where the stores are at hand it runs here, else the server is asked. */
import { type House, isRemote, type RemoteHouse } from "../house.ts";
import type { InstallationDesk } from "../installation/installation-desk.ts";
import { runAudited } from "../installation/run-audited.ts";
import type { JobListener } from "../remote/job-listener.ts";
import type { InstallationOperation, JobOperation, Operation } from "./operation.ts";

/**
 * The use case of an operation, on any house.
 *
 * @example
 * export const addEnvironment = offer(addEnvironmentOperation);
 */
export function offer<S extends Operation["input"], O extends Operation["output"], I extends object, R>(
  operation: Operation<S, O, I, R>,
): (house: House, input: I) => Promise<R> {
  return async (house, input) => {
    if (!isRemote(house)) return operation.run(house, input);
    // The server's answer fits the operation's schema: it comes from the same code.
    return (await house.remote.call(operation, input)) as R;
  };
}

/** As `offer`, for what a server does as a job. */
export function offerJob<
  S extends Operation["input"],
  O extends Operation["output"],
  I extends object,
  R,
  P extends JobListener,
>(operation: JobOperation<S, O, I, R, P>): (house: House, input: I, parts: P) => Promise<R> {
  return async (house, input, parts) => {
    if (!isRemote(house)) return operation.run(house, input, parts);
    return (await house.remote.follow(operation, input, parts)) as R;
  };
}

/** As `offer`, for what is about an installation: at hand, where it is written into the audit log, or behind a server, which does so. */
export function offerInstallation<
  S extends InstallationOperation["input"],
  O extends InstallationOperation["output"],
  I extends object,
  R,
>(
  operation: InstallationOperation<S, O, I, R>,
): (desk: InstallationDesk | RemoteHouse, input: I) => Promise<R> {
  return async (desk, input) => {
    if (!("remote" in desk)) return runAudited(desk, operation, input);
    return (await desk.remote.call(operation, input)) as R;
  };
}
