/** Looks names up and gives their public addresses alone. */
import { isIP, type LookupFunction } from "node:net";
import { HarnessError } from "@colophon/kernel";
import { isPublicAddress } from "./public-address.ts";

/** For connections, which go to one of the addresses that it gives and to no other. */
export function publicLookup(lookup: LookupFunction): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error !== null) return callback(error, "");
      const all = Array.isArray(found) ? found : [{ address: found, family: isIP(found) }];
      const open = all.filter(({ address }) => isPublicAddress(address));
      const [first] = open;
      if (first === undefined) return callback(notPublic(hostname), "");
      if (options.all === true) return callback(null, open);
      return callback(null, first.address, first.family);
    });
  };
}

export function notPublic(hostname: string): HarnessError {
  return new HarnessError(
    "not-allowed",
    `${hostname} is no public address, and this server reaches no other; its operator can let it with --allow-host ${hostname}.`,
  );
}
