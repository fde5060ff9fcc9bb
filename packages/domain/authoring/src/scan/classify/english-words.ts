/** Words of prompts in English, as alternatives of patterns. */

/** What readers of prompts are told to be. */
export const ROLES =
  "assistant|expert|agents?|bot|chatbot|analyst|writer|editor|engineer|developer|programmer|translator|interpreter|reviewer|judge|evaluator|grader|classifier|tutor|teacher|professor|coach|mentor|specialist|consultant|advis[eo]r|lawyer|attorney|therapist|scientist|researcher|strategist|marketer|copywriter|moderator|architect|critic|copilot|ai|model|engine|router|summari[sz]er|extractor|generator|historian|linguist|librarian|novelist|journalist|reporter|recruiter|interviewer|dispatcher|concierge|operator|professional|persona|narrator|proofreader|annotator|labell?er|parser|detector|auditor|accountant|economist|paralegal|physician|pharmacist|representative|helper|designer|director|scheduler|orchestrator|supervisor|clerk|system|tool|service|investigator|examiner|negotiator|curator|technician|mathematician|statistician|validator|checker|rater|arbiter|referee|underwriter|adjuster|receptionist|counsel|hiring manager|product manager|project manager|account manager";

/** What hardly anybody but a model is ordered to do. */
export const VERBS =
  "summari[sz]e|translate|classify|extract|rewrite|rephrase|paraphrase|generate|explain|analy[sz]e|identify|evaluate|categori[sz]e|proofread|draft|compose|score|judge|grade|assess|condense|shorten|simplify|refine|critique|outline|brainstorm|assign|detect|infer|propose|transform|polish|anonymi[sz]e|redact|normali[sz]e|transcribe|interpret|predict|craft|cluster|triage|solve|examine|inspect|formulate|optimi[sz]e|refactor|narrate|prioriti[sz]e|spot|highlight|synthesi[sz]e|distill|compress|elaborate|reformulate|restate|adapt|tailor|locali[sz]e|deduce|justify|argue|annotate|reword|correct|improve|compare|determine|estimate|suggest|recommend";

/** What models are ordered to do, and people at a screen or in a message too. */
export const COMMON_VERBS =
  "give|produce|provide|tell|respond|reply|help|read|pick|choose|select|find|name|turn|list|write|create|review|check|match|look|plan|study|fix|edit|make|put|say|return|output|mark|flag|ask|map|fill|count|merge|sort|route|split|format|revise|document|describe|continue|complete|convert|point|compute|calculate|verify|label|tag|answer|guess|design|derive|debug|decide|locate|invent|expand|rank|quote|caption|discuss|group|rate";

/** What they are told to write. */
export const WORKS =
  "limerick|poem|haiku|story|essay|slogan|tagline|blog post|tweet|e-?mail|paragraph|summary|titles?|headlines?|jokes?|song|caption|product description|cover letter|quiz|questions?|dialogue|scene|synonyms?|outline|reply|response|commit message|report|press release|advert|article|abstract|recipe|search quer(?:y|ies)|sql|regex|translation|explanation|definition|bios?";

/** What they are given to work on. */
export const MATTER =
  "texts?|context|documents?|articles?|passages?|questions?|conversation|code|e-?mails?|reviews?|tickets?|transcripts?|sentences?|paragraphs?|content|information|data|messages?|query|queries|input|job|products?|resume|cv|contract|snippets?|function|diff|tables?|schema|json|list|tweets?|comments?|story|reports?|notes?|chat|dialogue|excerpts?|facts|sources?|chunks?|instructions?|rules|guidelines|categories|labels|steps|examples?|topics?|abstract|paper|essay|recipe|lyrics|poem|call|meeting|complaint|feedback|description|posting|profile|request|logs?|error|stack trace|commit|changes|pull request|tools?|keywords|items|claims?|statement|answers?|responses?|candidate|patch|page|website|words?|titles?|headlines?|invoice|receipt|clause|policy|image|picture|screenshot|records?|rows|entries|entry|search results|summary|summaries|drafts?|user message|user input|medical|legal|post|thread|letter|numbers|criteria|task|idea|fields|entities|values|attributes|properties|cv|alert|patient|student's \\w+";

/** The forms in which answers are asked for. */
export const FORMS =
  "only|just|exactly|solely|strictly|json|yaml|xml|csv|markdown|bullets?|lists?|sentences?|words?|paragraphs?|format|yes or no|true or false|a number|single number|an integer|nothing else|plain text|single|array|object|table|english|french|german|spanish|italian|dutch|portuguese|japanese|chinese|korean|same language|user's language|concise(?:ly)?|brief(?:ly)?|short|the (?:label|category|answer|translation|summary|sql|code|query|title|result|corrected|rewritten|improved|translated|final|name|number|id|score)";

/** Before a colon at the beginning of a line: turns to be continued. */
export const TURNS =
  "input|output|q|a|question|answer|human|assistant|user|ai|example|text|sentiment|label|category|review|response|student|bot|thought|action|action input|observation|final answer|reasoning|summary|translation|sentence|completion|query|english|french|german|spanish|sql|tweet|ticket|classification|source|target|result|message|reply|intent|customer|agent|original|rewritten|standalone question|bad|good|incorrect|correct";

/** Before a colon at the very end: here the answer begins. */
export const ENDS =
  "answer|assistant|output|response|summary|translation|json|sql|sql query|code|result|category|label|sentiment|reply|title|classification|ai|bot|a|thought|questions?|keywords?|explanation|score|verdict|rating|decision|topic|intent|entities|headline|corrected text|corrected|helpful answer|final answer|english|french|german|spanish|slogan|subject line|poem|story|tags|yes or no|standalone question|rewritten (?:query|text|question|message)|rewrite|completion|analysis|commit message|(?:your|the) (?:answer|response|reply|summary|translation)|follow-?up question|search query|reasoning|critique|feedback|caption|improved version|antwort|réponse|respuesta|resposta|risposta|antwoord|zusammenfassung|übersetzung|résumé|resumen|resumo|riassunto|回答|答案|答え|要約|摘要|翻译|翻訳|답변|ответ";

/** Before a colon and a variable. */
export const SLOTS =
  "context|questions?|text|documents?|passage|query|input|request|requirements?|task|objective|role|transcript|conversation|chat history|history|article|code|diff|ticket|review|instructions?|schema|user(?: input| message| question| query| request)?|customer(?: message| question)?|tweet|sentence|abstract|paper|contract|resume|cv|job description|content|statement|claim|sources?|candidate answer|reference(?: answer)?|draft|topic|student answer|response|search results|notes|story|data|facts|knowledge|snippet|paragraph|complaint|feedback|meeting notes|examples|table|goal|background|audience|tone|language|style|criteria|rubric|answer|submission|expected|actual|prompt|recipe|chunk|excerpt|patch|logs|stack trace|original|summary|findings|kontext|frage|dokument|eingabe|contexte|texte|contexto|pregunta|pergunta|texto|contesto|domanda|testo|tekst|vraag|上下文|问题|文本|質問|文章|문맥|질문|контекст|вопрос|текст";

/** Headings, and labels on a line of their own. */
export const HEADINGS =
  "instructions?|your task|task|your role|role|rules?|output|outputs|output format|response format|answer format|format|guidelines?|constraints?|requirements?|examples?|steps|persona|goals?|objectives?|tone|available tools|tools|safety|evaluation criteria|criteria|scoring|rubric|important|capabilities|limitations|workflow|background|restrictions|how to answer|principles|procedure|personality|categories|labels|context|question|input|answering|voice|boundaries|hard rules|style|behavio(?:u)?r|anweisungen|regeln|aufgabe|beispiele|consignes|règles|instrucciones|reglas|instruções|regras|istruzioni|regole|要求|规则|任务|示例|ルール|指示|制約|例";

/** Sentences that direct begin like this. */
export const DIRECTIONS =
  "do not|don't|never|avoid|always|make sure|ensure|be|keep|focus|consider|remember|use|include|exclude|only|prefer|treat|cite|think|stay|limit|mention|refer|start|begin|end|follow|assume|ignore|maintain|preserve|respect|base|quote|omit|skip|leave|speak|address|respond|reply|answer|return|output|write|if|for each|ask|call|explain|give|choose|stick|refuse|decline|escalate|redirect|report|flag|add|offer|suggest|summari[sz]e|list|identify|wrap|separate|sign|no|when|must|you must|you should|match|round|state|say|put|pick|look|convert|merge|end|order|at most|one|two|three|treat|nie|keine|verwende|erfinde|vermeide|achte|n'|ne|utilise|évite|no inventes|usa|evita|não|use|evite|non|verzin|gebruik";

/** Elements of HTML; any other tag around a variable is a prompt's own. */
export const HTML_TAGS =
  "html|head|body|div|span|p|a|b|i|u|em|strong|br|hr|img|ul|ol|li|dl|dt|dd|table|thead|tbody|tfoot|tr|td|th|h[1-6]|style|script|link|meta|title|section|article|header|footer|nav|main|form|input|button|label|select|option|textarea|svg|path|g|rect|circle|code|pre|small|sup|sub|video|audio|iframe|center|font|blockquote|figure|figcaption|aside|details|time|canvas|template|slot|noscript|url|urlset|loc|item|channel|rss|feed|entry|guid|description|pubdate";

/** What only people can do, or are told to do at a screen or a machine. */
export const DEEDS =
  "click|open|close|restart|press|wait|go|log|sign|bring|wear|wash|turn|push|pull|sit|stand|bend|rest|breathe|stir|bake|chop|whisk|fry|boil|drink|eat|drive|walk|phone|pay|buy|install|deploy|plug|unplug|insert|store|clean|wipe|lift|hold|drop|swipe|scan|print|save|upload|download|attach|book|visit|meet|travel|leave|arrive|roll|draw|shuffle|jump|run|cook|serve|cut|pour|mix|heat|cool|charge|carry|pack|collect|pick up|hand|inform|notify|contact|call|check";
