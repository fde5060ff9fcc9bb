/** The page a person sees who opens the simulator in a browser. */

import { MODEL_PROFILES } from "./profiles.ts";

export function homePage(seed: number): string {
  const names = MODEL_PROFILES.map((profile) => `<li><code>${profile.name}</code></li>`).join("");
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Colophon simulator: a simulation, no model</title></head>
<body>
<h1>This is a simulation</h1>
<p>No language model answers here. This server speaks the OpenAI wire format and answers from the words of
the prompt that it is sent, with noise from seed ${seed}. Its answers are made for tests and demos; do not
use them for anything else.</p>
<p>Point a client at <code>/v1</code> with any API key. Any model name is accepted; these have a profile of their own:</p>
<ul>${names}</ul>
</body>
</html>
`;
}
