/** What prompts in English say, by feature. */
import { COMMON_VERBS, FORMS, MATTER, ROLES, VERBS, WORKS } from "./english-words.ts";
import { asStatement, atSentence, atStart, type Phrase } from "./phrase.ts";

const ADVERBS =
  "carefully|briefly|concisely|me|us|only|exactly|up|out|down|on|for|with|at|through|whether|both";
const OBJECTS =
  "the|this|that|these|those|each|every|all|any|an?|my|his|her|their|its|how|what|why|who|which|one|two|three|four|five|ten|\\d+|exactly|following|into|to|from|whether|in|up to|if|between|as|only|short|concise|key|main|it|them|both|yes|some|several|at (?:least|most)|no more|questions?|user|customer|text|code|names?|like|concisely|briefly|about|so that|named|spelling|grammar|typos";

const LEAD_IN = "please |now |then |first,? |carefully |briefly |concisely |also |your task: |task: ";

/** For lines without indentation, with single spaces. */
export const ENGLISH_PHRASES: readonly Phrase[] = [
  {
    feature: "role",
    pattern: asStatement(
      `you(?:'re| are)(?: now| currently| going to be)? (?:an?|the|my|our|one of)(?: [\\w&\\/+'(){}.\\-]+,?){0,8}? (?:${ROLES})\\b`,
    ),
  },
  {
    feature: "role",
    pattern:
      /\b[Yy]ou(?:'re| are) (?:"?[A-Z]\w+"?|\{\{[^}]+\}\}|chatgpt|claude)(?: [A-Z]\w+)?, (?:an?|the|our|my|your) /,
  },
  {
    feature: "address",
    pattern: asStatement(
      "you(?:'re| are) (?:an?|the) (?!member|owner|admin|administrator|guest|only|first|last|new|winner|current|subscriber|participant|same|recipient)[\\w{]",
    ),
  },
  {
    feature: "address",
    pattern: asStatement(
      "you(?:'re| are) (?:helping|tasked|acting|playing|responsible for|given|grading|evaluating|analy[sz]ing|answering|assisting|translating|writing|chatting|role-?playing|experienced|especially good|fluent|chatgpt|claude|gpt|careful|concise|friendly|precise|comparing|generating|judging|extracting|classifying|summari[sz]ing|rewriting|designing|interviewing|teaching|moderating|routing|negotiating|provided with|presented with|deciding|(?:a )?part of an? (?:[\\w-]+ )?(?:system|workflow|pipeline|team of agents)\\b)",
    ),
  },
  {
    feature: "task",
    pattern:
      /(?:^|[\s>*_#.])(?:your|the) (?:main |primary |only |sole |first |next |overall |current |new |specific )?(?:task|job|goal|role|objective|mission|responsibility|responsibilities) ?(?:here |now |today )?(?:is|are|will be|:)(?: |\n|$)(?!(?:complete|completed|done|over|finished|failed|still|not|already|active|running|queued|pending|in progress|ready|being|canceled|cancelled)\b)/i,
  },
  {
    feature: "task",
    pattern:
      /\b(?:i want you to|i(?:'d| would) like you to|i need you to|you will be (?:given|provided|shown|presented|acting|helping|evaluating|grading)|you(?:'ll| will) (?:receive|be given|read|act as|analy[sz]e)|you are (?:given|provided|presented|shown) (?:an?|the|with|several|some|two) |you have been (?:given|asked to)|you get (?:an?|the|\{\{)|(?:given|presented) below)\b/i,
  },
  {
    feature: "task",
    pattern: atStart(
      "(?:please )?(?:act|behave|respond|answer|reply|speak|talk|write|pose|serve) (?:as|like) (?:an?|the|if|my|you)\\b|(?:take|assume|play) (?:on )?the (?:role|part|persona)\\b|pretend (?:to be|that you|you(?:'re| are))\\b|imagine (?:that )?you(?:'re| are)\\b|role-?play as\\b|(?:can|could|would) you (?:please )?(?:summari[sz]e|translate|classify|extract|rewrite|explain|analy[sz]e|write|generate|describe) (?:the|this|an?|me|\\{\\{)",
    ),
  },
  {
    feature: "task",
    pattern: atStart(
      `as (?:an? (?:[\\w-]+ ){0,5}(?:${ROLES})|(?:[A-Z]\\w+, )?(?:an?|the) (?:[\\w-]+ ){0,4}(?:${ROLES})),? (?:you|your|please|i|(?:${VERBS}|${COMMON_VERBS})\\b)`,
    ),
  },
  {
    feature: "conduct",
    pattern: atStart(
      "you (?:help|answer|respond|reply|write|translate|summari[sz]e|classify|extract|analy[sz]e|review|speak|speciali[sz]e|never|always|only|work (?:for|with|at)|know|turn|convert|read|look|decide|judge|grade|evaluate|assist|explain|compare|produce|generate|provide|route|detect|score|triage|may only|can only|must (?:not|only|never|always|answer|respond|reply|return|output|use|follow|cite|call|decide|choose|pick|write)|should (?:not|only|never|always|answer|respond|reply|return|output|use|follow|cite|call|write|ask)|will (?:only|never|always|help|answer|respond|write|act|analy[sz]e|classify|extract|review|evaluate)|ask|check|give|tell|think|follow|care|prefer|have (?:access to (?:the|a|these|tools)|deep|extensive|expertise|(?:\\d+|many|\\{\\{\\w+\\}\\}) years|the following (?:tools|information|context)))\\b",
    ),
  },
  {
    feature: "answerForm",
    pattern: new RegExp(
      `(?:^|[.!?:>)*-][ \\n]+|\\n\\s*|\\b(?:and|then|please|must|should|to|always|only|will|just|or|also|you) )(?:please |only |just |always )?(?:respond|reply|answer|return|output|produce|provide|give|write|print|emit|format|present|generate|speak)(?= )[^.\\n]{0,50}?\\b(?:${FORMS})\\b`,
      "i",
    ),
  },
  {
    feature: "answerForm",
    pattern:
      /\b(?:(?:in|use|using|follow|with|to|has|have|match(?:es)?|matching|as) (?:exactly )?(?:this|the following|the exact|these) (?:json |output |exact |response |markdown |yaml |xml )?(?:format|structure|schema|template|fields|keys|shape|sections|form)|(?:output|response|answer|reply)(?: format)?(?: should| must) (?:be|only|contain|have|start|follow|match|include)|(?:your|the) (?:output|response|answer|reply|rating|score|verdict|summary) (?:should|must|has to)|your (?:answer|response|reply|output|rating|score|verdict)\b|one (?:\w+ )?per line\b|as a comma[- ]separated|with (?:the |exactly the )(?:keys|fields)[: ]|numbered list|as (?:a |an )?(?:valid )?(?:json|yaml|csv|markdown|bullet|numbered|comma)|bullet(?:ed)? (?:list|points)|(?:one|a single) word only)/i,
  },
  {
    feature: "answerOnly",
    pattern:
      /\b(?:(?:no|without|do not (?:include|add|write|use|output|provide|give|wrap|explain|repeat|return)|don't (?:include|add|write|use|output|explain|wrap)|nor) (?:any |the )?(?:(?:additional |extra |other |further |surrounding |unnecessary |introductory )(?:text|words|formatting|characters|output|content|information|keys|fields)|(?:additional |extra |other |further |surrounding |unnecessary )?(?:explanations?|commentary|preamble|markdown|code fences?|code blocks?|introduction|prose|backticks|quotation marks|greeting|filler|apolog\w+|disclaimers?|justification))|(?:and|or|with) nothing (?:else|more)|nothing else\b|(?:do not|don't) (?:explain|include anything)|without explaining|(?:respond|reply|answer|return|output) (?:only|just|solely|exclusively|strictly|exactly)\b(?!\.)|only (?:return|output|respond|reply|answer|print|give)\b|(?:json|one word|the label|the category|the number|the code|the translation|the answer|the sql|the query|a single \w+) only\b)/i,
  },
  {
    feature: "json",
    pattern:
      /\b(?:valid|strict|raw|pure|well-formed|minified|as a?|as|in|output|return|with|a) json\b|\bjson (?:object|array|schema|format|list|with|only|of|in|like|response|structure|lines|shape)\b|\{\s*"\w+":\s*(?:"?<|"[^"{}\n]{0,40}\||"(?:string|str|\.\.\.|…)|string\b|str\b|number\b|boolean\b|bool\b|float|int\b|\[?"?\.\.\.|…)/i,
  },
  {
    feature: "given",
    pattern: new RegExp(
      `\\b(?:the|these|this|each) (?:following|above|below|provided|given|attached|supplied|retrieved|quoted|enclosed)(?: [\\w-]+){0,3}? (?:${MATTER})\\b|\\b(?:the|this|these|each) (?:[\\w-]+ )?(?:${MATTER}) (?:below|above|that follows|provided|given)\\b|\\bfollowing (?:[\\w'-]+ )?(?:${MATTER})\\b`,
      "i",
    ),
  },
  {
    feature: "given",
    pattern:
      /\b(?:(?:based|relying|grounded|drawing) (?:only |solely |strictly |exclusively )?(?:on|in) (?:the|this|these|your|what)\b|(?:use|using) (?:only |just )?the (?:following|provided|given|above|below|context|retrieved|information|documents|sources|excerpts)|only (?:from |use |using |on )?(?:the )?(?:provided|given|supplied|context|sources|documents|excerpts|passages)\b|delimited (?:by|with)|enclosed (?:in|by|within)|between (?:the )?(?:triple|tags|backticks|<)|triple (?:backticks|quotes)|in(?:side)? (?:the )?<\w+> tags|here (?:is|are) (?:the|an?|some|my|what|their|our) [\w ]{1,30}:|(?:below|above|following)(?: here)? (?:is|are) (?:the|an?|some|my|summaries|examples)\b)/i,
  },
  {
    feature: "given",
    pattern: atStart(
      `(?:given|from|using|considering) (?:the|an?|this|these|some|only|two|\\{\\{)[^.\\n]{3,120}?, ?(?:${VERBS}|${COMMON_VERBS})\\b|given (?:the|an?|this|these|two) (?:following )?(?:[\\w-]+ )?(?:${MATTER})\\b`,
    ),
  },
  {
    feature: "honesty",
    pattern:
      /\b(?:if (?:you (?:do not|don't|can't|cannot|are (?:not|un|asked)|aren't|have no|find no|lack|think|believe|see no)|the answer|the context|the text|the information|there (?:is|are) no|it is (?:not|un)|the question|the user|the document|unsure|unclear|none|nothing|not sure|in doubt|no \w+)[^.\n]{0,90}?\b(?:say|respond|reply|answer|return|output|write|use|tell|ask|state|admit|leave|set|give|put|select|choose|pick)\b|(?:use|return|write|put|set|say|answer|with) (?:null|"?unknown"?|none|"?n\/a"?|an empty (?:string|list|array))\b|(?:making? up|hallucinat\w+|fabricat\w+)\b|(?:do not|don't|never) (?:invent|guess|speculate|assume|fabricate|answer)|insufficient (?:information|context)|when (?:in doubt|unsure|uncertain))/i,
  },
  {
    feature: "verb",
    pattern: atSentence(
      `(?:${LEAD_IN})?(?:${VERBS})(?:,? (?:and|or|then) (?:${VERBS}|${COMMON_VERBS}))?(?: (?:${ADVERBS}))? (?:(?:${OBJECTS})\\b|\\{\\{)`,
    ),
  },
  {
    feature: "verb",
    pattern: atSentence(
      `(?:${LEAD_IN})?(?:write|compose|create|generate|suggest|draft|give me|tell|propose|come up with|produce|invent|formulate)(?: me| us)? (?:an?|one|two|three|four|five|ten|some|the|\\d+|\\{\\{\\w+\\}\\}) (?:[\\w-]+,? ){0,3}?(?:${WORKS})\\b(?! (?:here|below and|and earn))`,
    ),
  },
  {
    feature: "commonVerb",
    pattern: atSentence(
      `(?:${LEAD_IN})?(?:${COMMON_VERBS})(?:,? (?:and|or|then) (?:${VERBS}|${COMMON_VERBS}))?(?: (?:${ADVERBS}))? (?:(?:${OBJECTS})\\b|\\{\\{)`,
    ),
  },
  {
    feature: "reasoning",
    pattern:
      /\b(?:step[- ]by[- ]step|chain[- ]of[- ]thought|think (?:carefully|through|about (?:it|how|what|whether)|before|out loud|aloud|silently)|take a deep breath|before (?:answering|responding|replying|you answer|you respond)|(?:explain|show|write|give|describe|include) (?:your|the) (?:reasoning|thinking|work)|your (?:reasoning|thought process|thinking)|first (?:think|reason)|reason (?:about|through|step))\b/i,
  },
  {
    feature: "modelTalk",
    pattern:
      /\b(?:(?:language|ai|large|foundation) models?|llms?|chatgpt|gpt-?[34]\w*|as an ai|(?:the|an?) (?:ai )?(?:assistant|model)(?:'s)? (?:\w+ )?(?:response|answer|output|reply)|(?:an?|the) (?:helpful|ai|virtual|voice|\w+) assistant|knowledge cut-?off|system prompt|(?:the|a|each) (?:user|human|customer|student|reader|player|caller|candidate)(?:'s)? (?:question|message|query|input|request|asks|says|wants|will|provides|writes|may|has asked|might|needs|is asking|utterance|intent)|user's (?:question|message|query|request|input|intent|language|goal|last)|call (?:the|a|one) (?:\w+ )?(?:tool|function)|us(?:e|ing) (?:the|a|your) (?:\w+ )?tools?|you have (?:access to )?(?:the following |these )?tools|conversation (?:so far|history|below|above)|previous (?:turns|messages|conversation)|the (?:image|photo|picture) (?:shows|is)|chat history|prompt injection|(?:previous|prior|above|system) instructions|(?:reveal|disclose|share|repeat|ignore) (?:these|your|any|this|the) (?:\w+ )?(?:instructions|prompt|rules)|in character|few-shot)\b/i,
  },
  // What a command for an agent is given.
  { feature: "modelTalk", pattern: /(?<!\w)\$ARGUMENTS\b/ },
  {
    feature: "scale",
    pattern:
      /\b(?:(?:on )?a scale (?:of|from) \d|(?:score|rating|number|rate|rated|scored?)(?: \w+){0,5} (?:from|between|of|in) (?:0|1|zero|one)(?:\.0)? ?(?:to|and|-|–|\.\.) ?(?:1|5|10|100|one|five|ten)|(?:from|between) (?:0|1) (?:to|and) (?:1|5|10|100)\b|\d ?(?:=|is|means|:) (?:very |completely |not |fully )?(?:bad|poor|excellent|perfect|unacceptable|irrelevant|relevant|wrong|correct))/i,
  },
  {
    feature: "choice",
    pattern:
      /\b(?:(?:exactly |only )?(?:one|any) of (?:the following|these|:|\[|\{\{)|(?:is|as|into|be|with|either|say|of|to|are|label|labels|categories|category|intents?|routes?|sentiment|choose from|pick from|exactly)[: ]+(?:one of )?["'`]?[\w-]+["'`]?(?:, ["'`]?[\w -]+["'`]?)+,? or ["'`]?[\w-]+|choose (?:one|from|the best)|(?:allowed|possible|valid) (?:labels|values|categories|intents|answers)|(?:categories|labels|intents|classes|options)(?: are)?: |(?:yes|true|positive) or (?:no|false|negative))/i,
  },
  {
    feature: "limits",
    pattern:
      /\b(?:in|within|under|at most|at least|maximum(?: of)?|max|no more than|no longer than|fewer than|less than|up to|about|around|exactly|between|below|of|to|into|roughly|one to|two to|a|write|give|with|than|:) ?(?:a |\d+ ?(?:-|–|to|and) ?)?(?:\d+|one|two|three|four|five|six|ten|\{\{\w+\}\}|single|few|short)(?:[- ](?:or|to|short|complete|concise|plain|crisp|brief) ?\w*)? ?-?(?:words?|sentences?|bullets?|bullet points|paragraphs?|characters|key points|keywords|tokens|lines|haiku|questions|points|suggestions|titles|headlines|ideas|examples|hashtags|tags)\b/i,
  },
  {
    feature: "tone",
    pattern:
      /\b(?:(?:tone|style|voice|register)(?: of voice)?(?:: | should| must| is | to )|be (?:very |always |extremely |as )?(?:concise|brief|helpful|polite|friendly|professional|specific|precise|honest|accurate|thorough|formal|creative|objective|strict|kind|warm|direct|terse|factual|conservative|skeptical|critical|empathetic|neutral|encouraging|playful|witty|short)|(?:keep|make) (?:it|your|the|them|answers?|replies|responses?) (?:\w+ )?(?:\w+ )?(?:concise|short|brief|friendly|simple|under|below|polite|to the point)|concisely|keep (?:the|your|a) (?:\w+ )?(?:tone|style)|in an? (?:\w+,? (?:and |but )?)?(?:friendly|formal|professional|neutral|casual|polite|playful|warm|calm|conversational|humorous|sarcastic|empathetic|encouraging) (?:and \w+ )?(?:tone|style|manner|voice|way)|(?:explain|like) (?:it )?(?:to|i'm|i am) (?:me|an?|five|a five)|plain (?:english|language)|helpful(?:,| and) \w+)/i,
  },
  {
    feature: "imageStyle",
    pattern:
      /\b(?:highly detailed|photo-?realistic|hyper-?realistic|studio lighting|volumetric light|bokeh|[48]k resolution|ultra[- ]detailed|trending on artstation|soft (?:natural )?light(?:ing)?|depth of field|shot on|octane render|concept art|golden hour|in the style of|flat (?:vector|design)|white background|no text in the image)\b/i,
  },
  {
    feature: "image",
    pattern:
      /(?:^|[.:] )(?:an? |the )?(?:[\w-]+,? ){0,4}(?:photo(?:graph)?|portrait|illustration|painting|render(?:ing)?|digital art|watercolou?r|sketch|cinematic shot|close-?up|3d render|isometric \w+|pixel art|poster|icon|logo|image|drawing|scene|product shot) (?:of|showing|depicting|for)\b/i,
  },
  {
    feature: "examples",
    pattern:
      /(?:^|\n| )(?:for example|e\.g\.|examples?(?: \d+)?|example (?:input|output|answer|response)s?|here (?:is|are) (?:an|some|a few|two|three) examples?)[:,]/i,
  },
];
