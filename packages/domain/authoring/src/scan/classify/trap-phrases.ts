/** What texts say that are written for people or machines, not for models, by feature. */
import { atStart, type Phrase } from "./phrase.ts";

export const TRAP_PHRASES: readonly Phrase[] = [
  {
    feature: "licence",
    pattern:
      /\b(?:licensed under the|permission is hereby granted|all rights reserved|without warrant(?:y|ies)|redistribution and use|copyright \(c\)|spdx-license|gnu general public)\b/i,
  },
  { feature: "lorem", pattern: /\b(?:lorem ipsum|dolor sit amet)\b/i },
  {
    feature: "letter",
    pattern:
      /^(?:subject: [^\n]+\n+)?(?:dear|hi|hello|hey|hallo|liebe[rs]?|sehr geehrte[rs]?|bonjour|hola|estimad[oa]|olá|prezad[oa]|ciao|gentile|beste|cher|chère)(?: there| team| all)?(?: (?:\{\{[^}]+\}\}|[A-Z]\w*)){0,4}\s*[,!:\n]/i,
  },
  {
    feature: "letter",
    pattern:
      /\n\s*(?:best|best regards|kind regards|regards|sincerely|yours \w+|cheers|warmly|thanks|thank you|many thanks|see you soon|mit freundlichen grüßen|viele grüße|cordialement|saludos|atenciosamente)[,!.]?\s*\n+[^\n]{0,60}\s*$|\b(?:unsubscribe|view (?:this email )?in (?:your )?browser|you(?:'re| are) receiving this (?:e-?mail|message)|this e-?mail was sent|do not reply to this e-?mail)\b/i,
  },
  {
    feature: "error",
    pattern:
      /\b(?:failed(?: to\b| with\b|:)|could ?n[o']t|cannot|can't|unable to|error(?:s)?(?: \w+)?:|invalid|unexpected|not (?:found|supported|allowed|permitted|available|authori[sz]ed|valid|implemented|configured|enabled|installed)|missing (?:required|\{\{|the )|(?<!what |that |which |thing |if it )is (?:required|missing|deprecated|already|unknown|not an?|undefined|read-only|out of range)|(?<!\b(?:output|response|answer|reply|summary) )(?:must|should) (?:be|have|not be|start|end|match|contain|provide|specify|either) (?:an? |the |of |in |at |one |set|provided|specified|greater|less|positive|between|non-|empty|null|either|unique|valid|string|used)|expected (?:an? |the |to |\{\{|\w+,? (?:but )?got)|(?:but|and) (?:got|received|found) |permission denied|unauthori[sz]ed|forbidden|access denied|does not (?:exist|match|support|have)|no such|timed? ?out|exceeded|aborted|exception|refused|corrupt|unknown (?:\w+ )?(?:\{\{|["'`]))/i,
  },
  {
    feature: "error",
    pattern: atStart(
      "you(?:'re| are) not (?:allowed|authori[sz]ed|permitted|signed|logged|a member|able|eligible)|you (?:do not|don't|must) (?:have (?:permission|access|the)|be (?:logged|signed|an|at least|the owner))|you (?:can ?not|can't|can only|may not|must be|must provide|must specify|need to (?:be|provide|install|set|specify|log|run)|should not|already)",
    ),
  },
  {
    feature: "error",
    // Errors quote the value that offends.
    pattern:
      /["'`]\{\{[^{}]+\}\}["'`] (?:is|are|was|were|has|have|does|do|did|cannot|can't|must|should|needs?|gave|holds|contains|leads|compares|already|failed|with|of|in)\b|^\W*(?:["'`]?[\w.]+["'`]? |it )?(?:is|are|was|has|got) (?:\{\{|["'`])|^\W*no (?:\w+ ){1,3}(?:match(?:es)?|found|available|provided|given)\b|\bthere is no (?:\w+ ){1,3}(?:["'`]|\{\{|called|named)|; (?:give|name|write|use|run|pass|add|set|try|choose|see|remove|check|install|say|ask|take|list) /i,
  },
  {
    feature: "status",
    pattern: atStart(
      "(?:loading|saving|starting|stopping|running|processing|fetching|sending|received|skipping|connecting|connected|retrying|using|created|updated|deleted|removed|wrote|written|found|building|built|installing|downloading|uploading|generated|generating|finished|completed|done|listening|initiali[sz]ing|initiali[sz]ed|successfully|warning|info|debug|deprecat\\w+|checking|parsing|loaded|saved|started|took|total|progress|waiting|cache (?:hit|miss)|indexing|syncing|migrating|applying|executing|calling|ignoring|falling back)\\b(?! (?:the|an?|only|these|this) (?:following|context|above|below|text|json))",
    ),
  },
  {
    feature: "interface",
    pattern: atStart(
      "you(?:'re| are) (?:about to|now|currently|already|almost|all set|all caught|(?:not )?(?:signed|logged) (?:in|out)|offline|online|using|viewing|trying|invited|required to|in (?!a |the |an )|out of|here|subscribed|eligible|running|missing|welcome|ready|done|leaving|editing|approaching|on (?:the|a) (?:\\w+ )?(?:plan|list|waitlist|trial)|up to date|over|one step|good to go|the (?:only|first|last|owner)|an? (?:member|owner|admin|guest|new|subscriber)|receiving|being)",
    ),
  },
  {
    feature: "interface",
    pattern: atStart(
      "you(?:'ve| have) (?:\\d|\\{\\{|no |been (?!given|asked|provided)|successfully|reached|exceeded|unsaved|already|used|earned|unlocked|completed|a new|new |one |pending|selected|changed|made|finished|unread|not |run out|enough|until|signed|logged)|your (?:\\{\\{[^{}]+\\}\\} )?(?:account|password|session|order|subscription|payment|changes?|e-?mail|trial|plan|profile|card|cart|file|files|browser|device|invitation|invite|workspace|team|settings|download|booking|appointment|refund|package|parcel|delivery|balance|api key|token|credit|purchase|request has|message has|data|verification|code is|free|organi[sz]ation|progress|name|phone|address|username|reservation|membership|invoice|application|ticket (?:has|was|is)|photo|report is|export|feedback helps|draft)\\b",
    ),
  },
  {
    feature: "interface",
    pattern: atStart(
      "(?:please |kindly )?(?:try again|enter (?:your|a|an|the|new)|sign (?:in|up|out)|log ?in|log ?out|click|tap|press|swipe|drag|upload (?:a|your|an|the)|contact (?:us|support|your|the|an? admin)|wait|confirm (?:your|that|the|password)|refresh|reload|log back|check your|verify your|select (?:an?|your|at least|one or|the \\w+ (?:you|to))|choose (?:an?|your) (?:\\w+ )?(?:file|plan|password|username|option|date|color|colour|language|image|photo|account|payment|template|theme|avatar|name)|accept|agree|allow|enable|disable|download|install|update your|upgrade|search (?:for|by|\\.)|go (?:to|back)|view|see (?:all|more|your|our)|show (?:more|less|all)|learn (?:more|how)|read more|get (?:started|your|notified|in touch|help)|manage your|set up|add (?:a|your|to|an|new|more)|invite|share (?:your|this|with)|save (?:your|changes|draft|and)|discard|undo|are you sure|do you (?:want|really)|would you like|don't have an account|already have|forgot|remember me|reset|no (?:results|items|data|messages|notifications|matches|\\w+ (?:found|yet|selected|available))|nothing (?:to|here)|welcome|thanks? (?:for|you)|thank you|oops|sorry|congrat\\w+|something went wrong|this (?:action|field|page|feature|will permanently|can(?:not| ?'t)|cannot be undone|link|invite|code)|we(?:'ve| have| sent|'ll| will| are|'re| couldn't| could not| use cookies| noticed| received| need| recommend| hope|'d| would)|only \\d+ left|new to|by (?:clicking|continuing|signing|creating)|need help|write a review|leave a|rate (?:your|us|this app)|create (?:an account|your|a new|new)|start (?:your|a|free|for)|join|follow us|subscribe|book|buy|order now|pay|redeem|apply|submit|cancel|continue (?:to|with|shopping|reading)|back to|switch to|turn (?:on|off)|copied|drop|choose file|type (?:your|a|to|here|\"?\\{\\{|delete)|ask (?:me|anything|a question|us)|what would you|how (?:can|may|do|did|was|would|are)|hi there|say hello|connect your|keep (?:your|this) (?:\\w+ )?(?:safe|secure|password|tab|page|window|account|email))\\b",
    ),
  },
  {
    feature: "interface",
    pattern:
      /\b(?:in your own words|what (?:you|went) (?:did|expected|saw|see|were|wrong|tried)|(?:send|tell|write|e-?mail|call|contact|visit|reach|follow|let) us\b|our (?:answer|team|office|shop|store|support|help|website|policy) (?:usually|will|is|are|team|cent))/i,
  },
  {
    feature: "reply",
    pattern: atStart(
      "(?:hi|hello|hey)[!,.]|i(?:'m| am) (?:sorry|here to|happy to|glad|afraid|an? |the |your |not sure)|i(?:'ll| will) |i(?:'ve| have) |let me |sure[,!]|of course|great[,!]|got it|no problem|you're welcome|how can i help|i (?:just|really|love|think|understand|noticed|see that|tried|bought|ordered|received|was|would|can|cannot|can't|want to|need (?!you))|my (?!task|goal)|is there anything else|happy to help|thanks[,!]|goodbye",
    ),
  },
  {
    feature: "marketing",
    pattern:
      /\b(?:we(?:'re| are) (?:looking for|hiring|seeking)|we offer|apply (?:now|today|by)|join (?:our|us|the \w+ team)|full-time|part-time|our (?:customers|members|guests|users|team|platform|product|products|service|services|community|newsletter|mission|new|latest|app|free|premium|experts)|free trial|get started|trusted by|all-in-one|sign up (?:today|now|for)|no credit card|best-in-class|world-class|cutting-edge|supercharge|effortless(?:ly)?|seamless(?:ly)?|unlock (?:the|your)|boost your|save time|loved by|limited time|% off|[$€£] ?[\d.,{}\w]+ ?(?:per|a|\/) ?(?:month|year|user|seat)|money-back|award-winning|discover (?:how|our|the)|empower\w*|for teams|built for|designed for|say goodbye)\b/i,
  },
  {
    feature: "legal",
    pattern:
      /\b(?:shall (?:not |be |have |mean|include|remain|indemnify)|herein|hereby|hereinafter|hereunder|thereof|terms (?:of|and) (?:service|use|conditions)|privacy policy|liabilit(?:y|ies)|indemnif\w+|the company|the licensee|the parties|governing law|jurisdiction of|pursuant to|notwithstanding|intellectual property|personal data (?:is|will|are))\b/i,
  },
  {
    feature: "usage",
    pattern:
      /(?:^|\n)\s*(?:usage: |usage:\n|options:\n|commands:\n|arguments:\n|synopsis|flags:\n|--?[a-z][\w-]*[ ,=<[]|\$ \w+ )|\b(?:show this help|print (?:the )?version|dry[- ]run|verbose (?:output|logging|mode)|path to (?:the|a|an)|defaults? to|\(default[:=]? ?|output (?:file|directory|folder)|environment variable|(?:generate|create|get|set|copy|enter|add|obtain|paste|find|your) (?:\w+ ){0,3}api[ _]?keys?)\b/i,
  },
  {
    feature: "reference",
    pattern:
      /(?:^|\n)\s*(?:@(?:param|returns?|throws|example|deprecated|see)\b|:(?:param|returns?|raises|type)\b|(?:args|returns|raises|yields|parameters|attributes|arguments|notes?):\s*\n|(?:the |an? )?(?:[\w-]+ ){0,3}\((?:str|int|bool|float|list|dict|optional)\b[^)]*\)|(?:returns|represents|wraps|holds|handles|provides|implements|defines|contains|computes|describes|specifies|indicates|determines|controls|whether|base class|abstract|helper|utility|used (?:to|by|for|when)|called (?:when|by)|see also|the (?:name|id|number|url|path|unique|maximum|minimum|default|type|list|current|date|time|full|amount|status|size) (?:of|to|for)|a list of|an? (?:optional|unique|comma)|optional|if (?:true|false|set|specified|provided|omitted|not provided)|number of|list of|unique identifier|iso 8601|timestamp)\b)/i,
  },
  {
    feature: "toolName",
    pattern:
      /^(?:["'`]*)(?:this tool\b|an? (?:[\w-]+ )?(?:wrapper (?:around|for)|tool (?:that|for|to|which))|use this tool\b|useful (?:for )?when\b)|\b(?:the )?input to this tool (?:is|should|must)\b|\buseful for when you need to\b|[.:] inputs? (?:should|must) be an?\b/i,
  },
];
