/** Asks a small model one thing. */
import { openai } from "./clients.ts";

export async function ask(system: string, question: string): Promise<string> {
  const done = await openai.chat.completions.create({
    model: "gpt-5-nano",
    messages: [
      { role: "system", content: system },
      { role: "user", content: question },
    ],
  });
  return done.choices[0]?.message.content ?? "";
}
