/** The one colophon of this process, and the client that it stands beside. */
import { open } from "colophon";
import OpenAI from "openai";

// Next bundles this module once for pages and once for routes, and evaluates it again after an edit.
export const colophon = open({ reuse: true });

export const client = new OpenAI();
