/** Dutch, as the rules that read words know it. */
import { asWords } from "../../scan/classify/phrase.ts";
import { type ReviewLanguage, wordSet } from "./review-language.ts";

const LANGUAGES = {
  nederlands: "dutch",
  engels: "english",
  duits: "german",
  frans: "french",
  spaans: "spanish",
  italiaans: "italian",
  portugees: "portuguese",
  pools: "polish",
  russisch: "russian",
  japans: "japanese",
  chinees: "chinese",
  turks: "turkish",
};
const NAMED = Object.keys(LANGUAGES).join("|");
const UNIT = "woord|woorden|zin|zinnen|tekens|alinea|alinea['’]?s|punten";
const RULES = "regels|instructies|richtlijnen|beperkingen|limieten|filters|beleid|voorschriften";

export const DUTCH: ReviewLanguage = {
  name: "Dutch",
  common: wordSet(
    "de het een en van je jij jouw u uw ik we hij zij niet geen voor met op dit dat deze die volgende alleen tekst bent is zijn of als in te aan door naar bij uit om ook maar meer dan wat wie waar antwoord antwoordt geef schrijf altijd nooit zonder alle alles elke elk worden wordt kan moet mag nederlands",
  ),
  script: null,
  defensive: asWords(
    "nooit|niet|geen|niemand|weiger\\p{L}*|als|wanneer|tenzij|behalve|zelfs|probe\\p{L}*|in plaats van",
  ),
  privileges: {
    "ignores rules": new RegExp(
      `^(?:nu\\s+|vanaf\\s+nu\\s+)?(?:je\\s+(?:mag|kunt|moet)\\s+)?(?:negeer|vergeet|omzeil|overtreed)\\s+(?:(?:alle|al|je|jouw|de|uw|vorige|eerdere|andere|bovenstaande)\\s+){1,5}(?:${RULES})(?=\\s*(?:$|[^\\s\\p{L}]|(?:en|hierboven|van\\s+hierboven)(?!\\p{L})))(?!.*(?:staan|staat|bevat|binnen)(?!\\p{L}))`,
      "iu",
    ),
    "no limits":
      /je\s+(?:mag|kunt)\s+alles(?:\s+doen)?(?=\s*(?:$|[.!?,;]))|(?:je\s+hebt|er\s+gelden)\s+geen\s+(?:enkele\s+)?(?:beperking\p{L}*|grenzen|limieten|regels)(?=\s*(?:$|[.!?,;]|en\s))|(?:antwoord|handel|spreek|reageer).{0,60}zonder\s+(?:enige|enkele)\s+(?:beperking\p{L}*|grens|limiet|filter|censuur)/iu,
    "obeys anybody":
      /(?:doe|gehoorzaam|voer)\s+(?:aan\s+)?(?:alles\s+)?(?:wat|uit\s+wat)\s+(?:de\s+|een\s+)?(?:gebruiker|klant|beller)s?\s+(?:zegt|vraagt|wil|eist|verzoekt|zeggen|vragen|willen)/iu,
    "full access":
      /je\s+hebt\s+(?:(?:volledige|onbeperkte|totale)\s+(?:toegang|controle|rechten|bevoegdheden)|(?:alle\s+)?(?:beheerders|admin)-?rechten)(?!\s+tot\s+(?:de|het)\s+(?:\p{L}+\s+)?(?:documentatie|document\p{L}*|tekst|gesprek|context|artikel|geschiedenis))/iu,
  },
  ofAttacks: /(?:voorbeeld|aanval|injectie|poging|patro|zinnen|zoals|nooit|weiger|herken|meld).*:\s*$/iu,
  acting: asWords(
    "verwijder|wis|verzend|verstuur|stuur|betaal|maak|boek|koop|bestel|annuleer|voer|start|publiceer|verleen|keur|wijzig|overschrijf|beëindig|vergoed",
  ),
  unasked:
    /zonder\s+(?:eerst\s+|vooraf\s+)?(?:te\s+vragen(?!.{0,20}opnieuw)|bevestiging|goedkeuring|toestemming|akkoord|na\s+te\s+vragen)|geen\s+(?:bevestiging|goedkeuring|toestemming)\s+(?:is\s+)?(?:nodig|vereist)|vraag\s+niet\s+om\s+(?:bevestiging|toestemming|goedkeuring)/iu,
  forbidsUnasked: /nooit|mag\s+(?:je\s+)?niet|moet\s+(?:je\s+)?niet/iu,
  conditional: asWords(
    "als|wanneer|tenzij|behalve|waar|anders|voor elke?|bijvoorbeeld|bijv\\.|zoals|mag|kunt|alleen (?:bij|voor)|in geval|optioneel",
  ),
  inField: /veld|sleutel|eigenschap|attribuut|kolom|stilzwijgend|intern|["`'„“]/iu,
  opposites: {
    "only json, explained": [
      /(?:alleen|uitsluitend|enkel|niets\s+anders\s+dan)[^.]{0,40}\bjson\b|\bjson\b[^.]{0,30}(?:en\s+niets\s+anders)/iu,
      /(?:leg|verklaar|motiveer|beschrijf|licht)[^.]{0,50}(?:uitvoerig|uitgebreid|in\s+detail|gedetailleerd|stap\s+voor\s+stap)|(?:begin|eindig|sluit)[^.]{0,30}met\s+een\s+(?:\p{L}+\s+)?(?:uitleg|samenvatting|begroeting|inleiding)/iu,
    ],
    "one word, explained": [
      /(?:antwoord|geef)[^.]{0,30}(?:(?:met|in)\s+(?:precies\s+|slechts\s+)?(?:één|een)\s+(?:enkel\s+)?woord|alleen\s+(?:met\s+)?(?:het\s+label|ja\s+of\s+nee))/iu,
      /(?:leg|licht)\s+(?:je|uw|elke?|de|het|uit|waarom|hoe)|motiveer\s+(?:je|uw|elke?)|geef\s+(?:je\s+)?redenen/iu,
    ],
    "language of the user, another": [
      /(?:antwoord|schrijf)[^.]{0,30}in\s+(?:dezelfde|de)\s+taal\s+(?:van|waarin|als)/iu,
      new RegExp(
        `(?:antwoord|schrijf)\\s+(?:altijd|alleen|uitsluitend)[^.]{0,20}in\\s+het\\s+(?:${NAMED})`,
        "iu",
      ),
    ],
  },
  answersIn: new RegExp(
    `^antwoord\\s+(?:(?:altijd|alleen|uitsluitend|de\\s+\\p{L}+)\\s+)*in\\s+het\\s+(?<language>${NAMED})(?!\\p{L})`,
    "iu",
  ),
  languages: LANGUAGES,
  most: asWords(
    `(?:hoogstens|ten hoogste|maximaal|niet meer dan|max\\.?|tot|minder dan) (?<count>\\d{1,6}) (?<unit>${UNIT})`,
  ),
  least: asWords(
    `(?:minstens|ten minste|minimaal|niet minder dan|meer dan) (?<count>\\d{1,6}) (?<unit>${UNIT})`,
  ),
  units: { woord: "word", zin: "sentence", teken: "character", alinea: "paragraph", punt: "bullet" },
  brief:
    /(?:wees|houd\s+het)\s+(?:zeer\s+|heel\s+)?(?:kort|bondig|beknopt)|antwoord\s+(?:kort|bondig|beknopt|in\s+(?:één|een)\s+(?:enkele\s+)?zin)/iu,
  partOfAnswer:
    /(?:titel|kop|onderwerp|samenvatting|sectie|elke?|per|veld|inleiding|conclusie|citaat|naam|beschrijving|eerste|laatste|tweede|invoer|vraag|document|ticket)/iu,
  never: /^(?:(?!altijd\b)(\p{L}+)\s+)?nooit\s+(.+)$/iu,
  always: /^(?:(\p{L}+)\s+)?altijd\s+(.+)$/iu,
  notice:
    /gegevens|\bdata\b|niet\s+als\s+instructies|volg\s+(?:geen|er\s+geen)|(?:negeer|volg)[^.\n]{0,60}(?:instructie|opdracht|bevel)|niet\s+(?:te\s+)?vertrouw/iu,
  asksJson:
    /(?:antwoord|geef|lever|genereer|schrijf|retourneer)[^.]{0,60}\bjson\b|json-?object\s+(?:met|van)/iu,
  aboutInput:
    /invoer|gegeven\s|volgende|ontvangt|krijgt|hieronder|bevat|(?:niet|nooit|geen)\s+(?:\p{L}+\s+){0,3}json/iu,
};
