/** `colophon/shadow`: live calls repeated on a challenger, for places where `open` is given its parts. */
export { type Shadower, type ShadowingOptions, shadowing } from "@colophon/runtime";
