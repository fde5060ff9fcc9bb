/** The page a person sees who opens the simulator in a browser. */

import { MODEL_PROFILES, type ModelMaker } from "./profiles.ts";

const MAKERS: readonly (readonly [maker: ModelMaker, speaks: string])[] = [
  ["openai", "chat completions, responses and embeddings below <code>/v1</code>"],
  ["anthropic", "messages below <code>/v1</code>"],
  ["google", "generateContent below <code>/v1beta</code>"],
];

function listOf([maker, speaks]: (typeof MAKERS)[number]): string {
  const names = MODEL_PROFILES.filter((profile) => profile.maker === maker).map(
    ({ name }) => `<code>${name}</code>`,
  );
  return `<li>${speaks}: ${names.join(", ")}</li>`;
}

export function homePage(seed: number): string {
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Colophon simulator: a simulation, no model</title></head>
<body>
<h1>This is a simulation</h1>
<p>No language model answers here. This server speaks the wire formats of OpenAI, Anthropic and Google, and
answers from the words of the prompt that it is sent, with noise from seed ${seed}. Its answers are made for
tests and demos; do not use them for anything else.</p>
<p>Point a client at it with any API key. Any model name is accepted; these have a profile of their own. The
names are borrowed, the behaviour is made up:</p>
<ul>${MAKERS.map(listOf).join("")}</ul>
<p>What it served last: <a href="/simulator/served">/simulator/served</a>.</p>
</body>
</html>
`;
}
