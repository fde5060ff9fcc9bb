/** Writes what to put in the place of a call in Python: the prompt is rendered by a server, since there is no SDK. */
import type { SourceArgument, SourceCall } from "../../scan/source/source-module.ts";
import type { ExtractedVariable } from "../write-body.ts";

export interface PythonCall {
  readonly call: SourceCall;
  readonly source: string;
  readonly client: string;
  readonly key: string;
  readonly variables: readonly Pick<ExtractedVariable, "name" | "source">[];
}

/** Once for an application: asks a server for the messages of a prompt. */
export const PYTHON_HELPER = `import json
import os
import urllib.parse
import urllib.request


def render_prompt(key, variables):
    """The messages and the model that a Colophon server has for a prompt."""
    request = urllib.request.Request(
        os.environ["COLOPHON_URL"].rstrip("/")
        + "/v1/projects/~/prompts/"
        + urllib.parse.quote(key, safe="")
        + "/renderings",
        data=json.dumps(
            {"environment": os.environ.get("COLOPHON_ENV", "development"), "variables": variables}
        ).encode(),
        headers={
            "authorization": "Bearer " + os.environ["COLOPHON_API_KEY"],
            "content-type": "application/json",
        },
    )
    with urllib.request.urlopen(request, timeout=5) as response:
        return json.load(response)
`;

interface Words {
  /** Arguments that the prompt says. */
  readonly replaced: readonly string[];
  readonly written: readonly string[];
}

const ALL = 'rendered["messages"]';
const SYSTEM = `system="\\n\\n".join(m["content"] for m in ${ALL} if m["role"] == "system")`;
const CLIENTS: Readonly<Record<string, Words>> = {
  "openai.chat": { replaced: ["messages"], written: [`messages=${ALL}`] },
  "openai.responses": { replaced: ["instructions", "input"], written: [`input=${ALL}`] },
  "anthropic.messages": {
    replaced: ["system", "messages"],
    written: [SYSTEM, `messages=[m for m in ${ALL} if m["role"] != "system"]`],
  },
};

export function pythonSnippet(python: PythonCall): string {
  const { call, client, key, variables } = python;
  const given = variables.map(({ name, source }) => `${JSON.stringify(name)}: ${asText(source)}`);
  const passed = given.length === 0 ? "{}" : `{\n    ${given.join(",\n    ")},\n}`;
  const asked = `(${JSON.stringify(key)}, ${passed})`;
  const rendered = call.isAwaited
    ? `rendered = await asyncio.to_thread(render_prompt, ${asked.slice(1)}`
    : `rendered = render_prompt${asked}`;
  const words = CLIENTS[client];
  if (words === undefined) return `${rendered}\n# rendered["messages"] is a list of {"role", "content"}.`;
  return `${rendered}\n${callText(python, words)}`;
}

function callText({ call, source }: PythonCall, { replaced, written }: Words): string {
  const callee = source.slice(call.calleeSpan.from, call.calleeSpan.to);
  // A rendering names the model and no parameters: those stay where they are.
  const gone = new Set(["model", ...replaced]);
  const stays = (argument: SourceArgument): boolean => argument.name === null || !gone.has(argument.name);
  const kept = call.arguments.filter(stays).map(({ from, to }) => source.slice(from, to));
  const lines = ['model=rendered["model"]', ...written, ...kept];
  return `${call.isAwaited ? "await " : ""}${callee}(\n${lines.map((line) => `    ${line},\n`).join("")})`;
}

/** The text that an f-string makes of an expression. */
function asText(source: string): string {
  return /^[^:!{}]*$/.test(source) ? `str(${source})` : `f"""{${source}}"""`;
}
