/** What names, calls and files say of the texts that stand there. */

import { nameWords } from "./name-words.ts";

/** Libraries for models, as modules are imported. */
export const MODEL_LIBRARY =
  /^(?:openai|@openai\/|@anthropic-ai\/|anthropic\b|@google\/gen|google[./]gen|google\.adk|vertexai|@ai-sdk\/|ai$|ai\/|@mistralai|mistralai|cohere|groq|ollama|together|replicate|@huggingface|huggingface_hub|transformers|litellm|@?langchain|langgraph|@langchain|llama_?index|llamaindex|haystack|dspy|guidance|pydantic_ai|agents$|crewai|autogen|semantic_kernel|instructor|mirascope|marvin|phi\b|agno|@mastra|genkit|@genkit-ai|promptflow|smolagents|@aws-sdk\/client-bedrock|fireworks|portkey|tiktoken|outlines|magentic|ell$|vllm|colophon)/i;

/** Calls whose texts are for people or machines, by the last step of the callee. */
export const OTHER_CALLS: ReadonlySet<string> = new Set(
  (
    "debug info warn warning warnings error critical exception trace notice fatal success fail print println printf pprint echo puts write writeln writelines stdout stderr log logger msg " +
    "exit die abort invariant assert ok equal deepequal strictequal expect tobe toequal tocontain tothrow tomatch tohavetextcontent getbytext findbytext querybytext getbyrole getbylabeltext getbyplaceholdertext test it describe context suite bench beforeeach each specify scenario given " +
    "error exception typeerror valueerror runtimeerror keyerror httpexception httperror createerror badrequest notfound unauthorized forbidden usageerror validationerror assertionerror " +
    "t i18n gettext ngettext pgettext lazygettext gettextlazy translate formatmessage definemessages definemessage trans tr msgid plural " +
    "query execute executemany executescript raw queryraw executeraw queryrawunsafe executerawunsafe prepare sql runsql " +
    "addargument addparser addsubparsers option command description usage help addhelptext positional epilog example argument summary alias " +
    "describe meta openapi apiproperty apioperation apiresponse field " +
    "compile regexp match search sub findall fullmatch matchall split test " +
    "call popen checkoutput checkcall system exec execsync spawn spawnsync execa execfile shell " +
    "fetch url urlparse get post put patch delete redirect goto " +
    "setattribute queryselector queryselectorall getattribute createelement createtextnode appendchild " +
    "sendmail sendemail mimetext emailmessage emailmultialternatives sendtext sendsms sms postmessage " +
    "require importmodule path join resolve open readfile readfilesync joinpath getenv " +
    "input getpass colored cprint question confirm hint alert toast flash notify showerror showmessage showinformationmessage showerrormessage showwarningmessage showinputbox toasterror messagebox reply followup respond say speak markdown title header subheader caption button textinput textarea placeholder label tooltip status send json html render rendertemplate jsonify end text " +
    "embed embedquery embeddocuments encode decode tokenize counttokens adddocuments fromtexts upsert " +
    "getelementbyid setstate usestate getitem setitem"
  ).split(" "),
);

/** First or last words of calls whose texts are told: `invalidAnswer`, `logLabeledWarning`. */
export const TELLING: ReadonlySet<string> = new Set(
  "log logs warn warning warnings error errors exception fail failed failure invalid invariant assert abort reject throw debug notify deprecate deprecated".split(
    " ",
  ),
);

/** What somebody at a terminal is asked for. */
export const ASKING: ReadonlySet<string> = new Set(
  "select multiselect confirm input text password number checkbox autocomplete editor list search expand prompt promptOnce ask".split(
    " ",
  ),
);

/** Receivers whose calls are for people or machines, whatever they are called. */
export const OTHER_RECEIVERS: ReadonlySet<string> = new Set(
  "console logger logging log winston pino warnings sys chalk pc colors ora spinner toast notification notifications inquirer readline rl prompts window i18n i18next intl db cursor conn connection pool knex prisma sequelize session re path os subprocess shutil cy page screen st argparse parser click typer program yargs cac messages_framework mail mailer transporter smtp slack pytest unittest vi jest faker rich embeddings".split(
    " ",
  ),
);

/** Words of callees that ask a model. */
export const MODEL_CALLS: ReadonlySet<string> = new Set(
  "ask llm gpt claude gemini openai anthropic chat complete completion completions generate prompt prompts invoke predict inference model agent assistant ai system user human instruct chain bot copilot mistral llama judge chatgpt summarizer classifier".split(
    " ",
  ),
);

/** First words of calls that ask `user` or `human`. */
export const ASKING_FIRST: ReadonlySet<string> = new Set(
  "get ask prompt request confirm show tell wait notify".split(" "),
);

/** Second words of calls that prompt somebody: `prompt_yes_no`, `PromptContinue`. */
export const PROMPTED: ReadonlySet<string> = new Set(
  "continue response user human choice choices yes password confirm confirmation until boolean secret".split(
    " ",
  ),
);

/** Names of what an interface, a form, a tool or a command line shows beside a field. */
export const FIELD_NAMES: ReadonlySet<string> = new Set(
  "description descriptions desc label tooltip placeholder help usage hint alt aria caption epilog title subtitle heading".split(
    " ",
  ),
);

/** Names of what rows of data hold. */
export const DATA_NAMES: ReadonlySet<string> = new Set(
  "input inputs expected output question answer reference utterance transcript review comment tweet quote message text body ticket email query request response reply".split(
    " ",
  ),
);

/** Words by which names say that a text is no prompt. */
export const OTHER_NAMES: ReadonlySet<string> = new Set(
  "headline error errors message msg query sql html css classname class url uri href src path regex pattern log subject footer header banner notice warning toast copy cta button link tagline slogan bio about faq disclaimer terms privacy license licence copyright changelog readme docs doc documentation summary detail details comment greeting welcome notification email mail sms push signature command cmd script dockerfile yaml schema graphql mutation fragment fixture sample mock seed expected lorem blurb abstract excerpt docstring docstrings quote testimonial motto announcement news post article invoice receipt confirmation reminder letter runbook checklist recipe steps howto tips tip lesson exercise manual empty advice problem problems reason why lack lacks explanation remark remarks hints fix fixes said words".split(
    " ",
  ),
);

/** Files of texts that are no prompts. */
export const OTHER_FILE =
  /(?:^|\/)(?:locales?|i18n|translations?|lang|langs|messages|migrations?|seeds?|fixtures?|__fixtures__|mocks?|__mocks__|stories|emails?|mails?|mailer|notifications?|errors?|exceptions?|constants\/errors|legal|faq|marketing|landing)(?:\/|\.[jt]sx?$|\.py$|\.[cm][jt]s$)|\.stories\.|(?:^|\/)(?:en|de|fr|es|pt|it|nl|ja|zh|ko|ru)(?:[-_][A-Za-z]{2})?\.(?:[jt]s|py)$/i;

/** Files of tests. */
export const TEST_FILE =
  /(?:^|\/)(?:tests?|__tests__|specs?|e2e|cypress|playwright|testing|testdata|test_data)(?:\/)|(?:^|\/)(?:test_[^/]*|[^/]*_test|conftest)\.py$|\.(?:test|spec|e2e|cy|bench|test-d|type-test|fixture)\.[cm]?[jt]sx?$/i;

/** At the end of a name these say how often or in which form, not what. */
export const TRAILING: ReadonlySet<string> = new Set(
  "template templates tmpl tpl text texts str strings string body base prefix suffix default v1 v2 v3 v4 1 2 3 4 en de fr es zh ja long short full final new old intro header footer part parts block section".split(
    " ",
  ),
);

export const PROMPT_WORDS: ReadonlySet<string> = new Set(
  "prompt prompts metaprompt superprompt systemprompt userprompt subprompt".split(" "),
);

/** What has to do with prompts and is none: `promptKey`, `prompt_tokens`. */
export const NOT_PROMPTS: ReadonlySet<string> = new Set(
  "key keys id ids name names problem problems error errors path paths file files dir folder url version versions hash count length tokens token type label title description placeholder tooltip heading hint message question answer answers style class color input field button mix words options config settings settings api service store manager builder loader registry renderer parser engineer engineering engineers engine library tag tags cost costs usage summary docs doc event listener handler callback timeout icon size cache log view page panel editor changes diff status state".split(
    " ",
  ),
);

export const SYSTEM_WORDS: ReadonlySet<string> = new Set(
  "instruction instructions role content persona context".split(" "),
);

export const INSTRUCTION_WORDS: ReadonlySet<string> = new Set(
  "instruction instructions persona personas backstory fewshot guidelines rubric preamble jailbreak guardrail guardrails directive directives behavior behaviour".split(
    " ",
  ),
);

export const TEMPLATE_WORDS: ReadonlySet<string> = new Set(
  "template templates task goal rules query question questions examples context request content assistant agent role ask".split(
    " ",
  ),
);

/** A file or folder that is called after prompts. */
export function isPromptFile(file: string): boolean {
  const steps = file.replace(/\.\w+$/, "").split("/");
  return steps.some((step, at) => {
    const words = nameWords(step);
    const last = words.at(-1) ?? "";
    if (at < steps.length - 1) return /^(?:prompts?|instructions|personas)$/.test(step.toLowerCase());
    return PROMPT_FILE_WORDS.has(last) || words[0] === "prompts";
  });
}

const PROMPT_FILE_WORDS: ReadonlySet<string> = new Set(
  "prompt prompts instructions personas persona fewshot shots".split(" "),
);

/** Tags of templates in other languages. */
export const OTHER_TAGS: ReadonlySet<string> = new Set(
  "sql gql graphql css styled html svg keyframes injectglobal createglobalstyle glsl wgsl xml regex re sh shell $ bash xss lit latex tex math md_html i18n t msg trans plural select".split(
    " ",
  ),
);

/** Decorators under which a docstring is a prompt. */
export const PROMPT_DECORATOR =
  /prompt|llm|\bai_|(?:^|\.)ai(?:\.|$)|marvin|magentic|mirascope|openai|outlines|(?:^|\.)ell(?:\.|$)/i;
