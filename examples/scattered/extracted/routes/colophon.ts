/** Colophon for this process: where its calls find their prompts, and leave a row each. */
import { open } from "colophon";

export const colophon = open();
