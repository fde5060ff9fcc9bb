/** German, as the rules that read words know it. */
import { asWords } from "../../scan/classify/phrase.ts";
import { type ReviewLanguage, wordSet } from "./review-language.ts";

const LANGUAGES = {
  deutsch: "german",
  englisch: "english",
  französisch: "french",
  spanisch: "spanish",
  italienisch: "italian",
  portugiesisch: "portuguese",
  niederländisch: "dutch",
  polnisch: "polish",
  russisch: "russian",
  japanisch: "japanese",
  chinesisch: "chinese",
  türkisch: "turkish",
};
const NAMED = Object.keys(LANGUAGES).join("|");
const UNIT = "wörter|wörtern|worte|worten|sätze|sätzen|zeichen|absätze|absätzen|stichpunkte|stichpunkten";

export const GERMAN: ReviewLanguage = {
  name: "German",
  common: wordSet(
    "der die das den dem des und oder ist sind sei nicht kein keine keinen ein eine einen einer einem mit auf für du dich dir dein deine deinen sie ihr ihre wir von zu zum zur im in als wie aus bei nach um an es er wenn dann nur auch so was wer wo welche welcher antworte antwort schreibe gib bitte immer nie niemals folgende folgenden dieser diese dieses text frage bis höchstens mindestens worum ob dass nutze verwende hat haben wird werden kann soll muss darf alle alles jede jeden",
  ),
  script: null,
  defensive: asWords(
    "nie|niemals|nicht|kein\\p{L}*|niemand\\p{L}*|verweigere|lehne|wenn|falls|sobald|sofern|außer|selbst|versuch\\p{L}*|dich auffordert|dich bittet|von dir verlangt|statt|anstatt",
  ),
  privileges: {
    "ignores rules":
      /^(?:bitte\s+|jetzt\s+|ab\s+(?:jetzt|sofort)\s+)?(?:du\s+(?:darfst|kannst|sollst|musst)\s+)?(?:ignoriere?|missachte|vergiss|umgehe|übergehe|überschreibe|setze?)\s+(?:dich\s+über\s+)?(?:(?:alle|sämtliche|jede|deine|die|vorherigen|bisherigen|früheren|obigen|anderen|vorigen)\s+){1,5}(?:regeln|anweisungen|instruktionen|richtlinien|vorgaben|einschränkungen|beschränkungen|filter|grenzen|sicherheits\p{L}*)(?=\s*(?:$|[^\s\p{L}]|und\b|außer\s+kraft|hinweg))(?!.*\b(?:darin|enthalten\p{L}*|steht|stehen|innerhalb)\b)/iu,
    "no limits":
      /\b(?:du\s+(?:darfst|kannst)\s+alles(?:\s+tun)?|tu\s+was\s+du\s+willst)(?=\s*(?:$|[.!?,;]))|\b(?:du\s+hast|für\s+dich\s+gelten|es\s+gelten)\s+(?:\p{L}+\s+)?keine(?:rlei)?\s+(?:einschränkungen|grenzen|regeln|beschränkungen|richtlinien)(?=\s*(?:$|[.!?,;]|und\b))|\b(?:antworte|handle|sprich|agiere)\b.{0,60}\bohne\s+(?:jede|jegliche|irgendwelche)\s+(?:einschränkung\p{L}*|grenzen?|filter|zensur)/iu,
    "obeys anybody":
      /\b(?:tu|tue|mache?|befolge|erfülle)\s+(?:alles|was\s+(?:auch\s+)?immer),?\s*(?:was\s+)?(?:der|die|ein)\s+(?:nutzer|benutzer|kunde|anrufer|anwender)\p{L}*\s+(?:sagt|will|verlangt|wünscht|fordert|möchte)/iu,
    "full access":
      /\bdu\s+hast\s+(?:vollen|vollständigen|uneingeschränkten|unbegrenzten|unbeschränkten|volle|alle|sämtliche)\s+(?:zugriff|zugang|kontrolle|rechte|berechtigungen|administratorrechte|admin\p{L}*)(?!\s+(?:auf|zu)\s+(?:die|den|das)\s+(?:\p{L}+\s+)?(?:dokument\p{L}*|text|gespräch\p{L}*|kontext|artikel|verlauf))/iu,
  },
  ofAttacks:
    /(?:beispiel|angriff|injektion|versuch|muster|formulierung|etwa|wie|niemals|nicht|verweiger|erkenne|melde).*:\s*$/iu,
  acting: asWords(
    "lösche?|löschst|entferne|sende?|schicke?|verschicke|bezahle?|zahle|überweise|erstatte|buche|kaufe?|bestelle|storniere|kündige|führe|starte|veröffentliche|gewähre|genehmige|ändere|überschreibe|beende",
  ),
  unasked:
    /\bohne\s+(?:vorher\s+|erst\s+|zuvor\s+)?(?:zu\s+fragen|nachzufragen(?!.{0,20}\bnochmals\b)|rückfragen?|nachfragen?|bestätigung|zustimmung|genehmigung|erlaubnis|freigabe|einwilligung)|\bkeine\s+(?:bestätigung|zustimmung|genehmigung|freigabe)\s+(?:ist\s+)?(?:nötig|erforderlich|notwendig)|\bfrage?\s+nicht\s+(?:nach|um)\s+(?:bestätigung|zustimmung|erlaubnis)/iu,
  forbidsUnasked: asWords("nie|niemals|darfst (?:du )?nicht|sollst (?:du )?nicht|kein\\p{L}* .{0,60}ohne"),
  conditional: asWords(
    "wenn|falls|sobald|sofern|außer|wo|sonst|andernfalls|für (?:jede\\p{L}*|beispiel)|z\\.\\s?b\\.|zum beispiel|etwa|darfst|kannst|optional|nur bei|nur für|im fall\\p{L}*",
  ),
  inField:
    /(?:feld|schlüssel|eigenschaft|attribut|spalte|innerlich|im\s+stillen|für\s+dich\s+selbst)|["`'„“]/iu,
  opposites: {
    "only json, explained": [
      /(?:nur|ausschließlich|lediglich|nichts\s+(?:anderes\s+)?als)[^.]{0,40}\bjson\b|\bjson\b[^.]{0,30}(?:und\s+sonst\s+nichts|allein)/iu,
      /(?:erkläre?|begründe|beschreibe|erläutere)[^.]{0,50}(?:ausführlich|im\s+detail|detailliert|schritt\s+für\s+schritt|eingehend)|(?:beginne|ende|schließe)[^.]{0,30}mit\s+(?:einer|einem|deiner)\s+(?:\p{L}+\s+)?(?:erklärung|zusammenfassung|begrüßung|einleitung|begründung)/iu,
    ],
    "one word, explained": [
      /(?:antworte|gib|nenne)[^.]{0,30}(?:(?:mit|in)\s+(?:genau\s+|nur\s+)?einem\s+(?:einzigen\s+)?wort|nur\s+(?:das|den)\s+label|nur\s+(?:mit\s+)?(?:ja\s+oder\s+nein))/iu,
      /(?:erkläre?|begründe)\s+(?:deine?|die|das|den|warum|wie|jede\p{L}*)|gib\s+(?:deine\s+)?gründe/iu,
    ],
    "language of the user, another": [
      /(?:antworte|schreibe?)[^.]{0,30}in\s+der(?:selben)?\s+sprache\s+(?:der|des|in\s+der|wie)/iu,
      new RegExp(
        `(?:antworte|schreibe?)\\s+(?:immer|stets|nur|ausschließlich)\\s+(?:auf|in)\\s+(?:${NAMED})`,
        "iu",
      ),
    ],
  },
  answersIn: new RegExp(
    `^(?:bitte\\s+)?antworte\\s+(?:(?:immer|stets|nur|bitte|ausschließlich|dem\\s+\\p{L}+|den\\s+\\p{L}+)\\s+)*(?:auf|in)\\s+(?<language>${NAMED})(?!\\p{L})`,
    "iu",
  ),
  languages: LANGUAGES,
  most: asWords(
    `(?:höchstens|maximal|nicht mehr als|max\\.?|bis zu|weniger als|unter) (?<count>\\d{1,6}) (?<unit>${UNIT})`,
  ),
  least: asWords(
    `(?:mindestens|nicht weniger als|mehr als|über|wenigstens) (?<count>\\d{1,6}) (?<unit>${UNIT})`,
  ),
  units: {
    wört: "word",
    wort: "word",
    sätz: "sentence",
    zeich: "character",
    absätz: "paragraph",
    stich: "bullet",
  },
  brief:
    /(?:antworte|schreibe|halte\s+dich|fasse\s+dich|sei)\s+(?:sehr\s+|immer\s+|stets\s+|möglichst\s+)?(?:kurz|knapp)|antworte\s+in\s+einem\s+(?:einzigen\s+)?satz/iu,
  partOfAnswer:
    /(?:titel|überschrift|betreff|zusammenfassung|abschnitt|jede\p{L}*|pro|feld|einleitung|zitat|name|beschreibung|erste|letzte|zweite|eingabe|frage|dokument|ticket)/iu,
  never:
    /^(?:du\s+(?:darfst|sollst)\s+)?(?:(?!immer\b|stets\b)(\p{L}+)\s+)?(?:niemals|nie|auf\s+keinen\s+fall)\s+(.+)$/iu,
  always: /^(?:du\s+(?:musst|sollst)\s+)?(?:(\p{L}+)\s+)?(?:immer|stets)\s+(.+)$/iu,
  notice:
    /daten\b|(?:keine|nicht\s+als)\s+anweisung|(?:befolge|folge)\s+(?:keine|keinen|ihnen\s+nicht)|(?:ignoriere|missachte)[^.\n]{0,60}(?:anweisung|befehl|aufforderung)|nicht\s+vertrauenswürdig/iu,
  asksJson:
    /(?:antworte|gib|liefere|erzeuge|schreibe|erstelle|formatiere)[^.]{0,60}\bjson\b|\bjson-?(?:objekt|array)\s+(?:mit|der\s+form)/iu,
  aboutInput:
    /(?:eingabe|gegeben|folgende[rsnm]?|erhältst|bekommst|unten|enthält)|(?:kein|nicht|niemals)\s+(?:\p{L}+\s+){0,3}json/iu,
};
