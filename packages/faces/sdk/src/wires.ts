/** Every wire there is: what `open` takes where the weight of a bundle does not count. */
import { ai, anthropic, openai, type Wire } from "@colophon/runtime";

export const WIRES: readonly Wire[] = [openai, anthropic, ai];
