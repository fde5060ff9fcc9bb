/** The clients of the models, made from the environment. */

import { createOpenAI } from "@ai-sdk/openai";
import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";

export const openai = new OpenAI();
export const claude = new Anthropic();
/** The same models through the AI SDK. */
export const models = createOpenAI({ baseURL: process.env.OPENAI_BASE_URL });
