/** Says of an IP address whether it is one that everybody on the internet may reach. */
import ipaddr from "ipaddr.js";

/** The block that global unicast addresses are given out of (RFC 4291, IANA's registry of 2000::/3). */
const GLOBAL_UNICAST = ipaddr.parseCIDR("2000::/3");

/**
 * False for everything else: private, loopback, link-local (and the metadata of clouds with it), shared by
 * carriers, multicast, reserved, and IPv6 that carries an IPv4 address in it, whichever that is.
 *
 * @example
 * isPublicAddress("169.254.169.254"); // false
 */
export function isPublicAddress(text: string): boolean {
  if (!ipaddr.isValid(text)) return false;
  const address = ipaddr.parse(text);
  if (address.range() !== "unicast") return false;
  return address.kind() === "ipv4" || address.match(GLOBAL_UNICAST);
}
