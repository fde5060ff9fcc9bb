/** The server: every operation of the house over HTTP. */
export { createServer, type Server, type ServerOptions } from "./create-server.ts";
export { serverLog } from "./observe/server-log.ts";
export { type ReadyServer, type RunningServer, type ServeOptions, serve } from "./serve.ts";
export {
  type Caller,
  DEFAULT_LIMITS,
  type ProjectVariables,
  type ServerLimits,
  type ServerParts,
} from "./server-parts.ts";
