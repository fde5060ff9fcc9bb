/** Italian, as the rules that read words know it. */
import { asWords } from "../../scan/classify/phrase.ts";
import { type ReviewLanguage, wordSet } from "./review-language.ts";

const LANGUAGES = {
  italiano: "italian",
  inglese: "english",
  tedesco: "german",
  francese: "french",
  spagnolo: "spanish",
  portoghese: "portuguese",
  olandese: "dutch",
  polacco: "polish",
  russo: "russian",
  giapponese: "japanese",
  cinese: "chinese",
  arabo: "arabic",
};
const NAMED = Object.keys(LANGUAGES).join("|");
const UNIT = "parol[ae]|fras[ei]|caratter[ei]|paragraf[io]|punti";
const RULES = "regole|istruzioni|linee\\s+guida|restrizioni|limiti|limitazioni|filtri|direttive|politiche";

export const ITALIAN: ReviewLanguage = {
  name: "Italian",
  common: wordSet(
    "il lo la i gli le e è un uno una per in che non con di del della dei delle degli dal dalla sei al alla ai nel nella questo questa o solo italiano testo seguente se come più senza quando sono essere rispondi risponda risposta mai sempre tutto tutti tutte tuo tua suo sua ma molto ogni da su si",
  ),
  script: null,
  defensive: asWords(
    "mai|non|nessun\\p{L}*|rifiut\\p{L}*|se|quando|salvo|tranne|anche|tent\\p{L}*|prov\\p{L}*|invece di|piuttosto",
  ),
  privileges: {
    "ignores rules": new RegExp(
      `^(?:ora\\s+|d['’]ora\\s+in\\s+poi,?\\s+)?(?:(?:puoi|può|devi|deve)\\s+)?(?:ignor(?:a|i|are)|dimentica(?:re)?|aggira(?:re)?|scavalca(?:re)?)\\s+(?:(?:tutte|tutti|le|i|gli|tue|tuoi|queste|altre|qualsiasi)\\s+){1,4}(?:${RULES})(?=\\s*(?:$|[^\\s\\p{L}]|(?:e|precedenti|di\\s+sicurezza|sopra)(?!\\p{L})))(?!.*(?:contenut[ei]|presenti|incluse|nel|nella|all['’]interno)(?!\\p{L}))`,
      "iu",
    ),
    "no limits":
      /(?:puoi|può)\s+fare\s+(?:qualsiasi\s+cosa|tutto|quello\s+che\s+vuoi)(?=\s*(?:$|[.!?,;]))|non\s+(?:hai|ha)\s+(?:alcun\p{L}*\s+|nessun\p{L}*\s+)?(?:restrizion[ei]|limit[ei]|limitazion[ei]|regole)(?=\s*(?:$|[.!?,;]|e\s))|(?:rispondi|risponda|agisci|parla).{0,60}senza\s+(?:alcun\p{L}*|nessun\p{L}*)\s+(?:restrizione|limite|limitazione|filtro|censura)/iu,
    "obeys anybody":
      /(?:fai|fa['’]|faccia|obbedisci|esegui)\s+(?:a\s+)?(?:tutto\s+)?(?:ciò|quello)\s+che\s+(?:l['’]|il\s+|la\s+|gli\s+|i\s+)?(?:utente|utenti|cliente|clienti)\s+(?:dice|dicono|chiede|chiedono|vuole|vogliono|ordina|richiede)/iu,
    "full access":
      /(?:hai|ha|disponi\s+di)\s+(?:(?:un\s+)?accesso\s+(?:completo|totale|illimitato|da\s+amministratore)|(?:il\s+)?(?:pieno\s+)?controllo(?:\s+(?:totale|completo))?|(?:tutti\s+i\s+)?(?:permessi|diritti|privilegi)\s+(?:di\s+amministratore|da\s+amministratore|completi|illimitati))(?!\s+(?:all?['’a]?|alla|ai|al|del|della)\s*(?:documentazione|document[oi]|testo|conversazione|contesto|articolo|cronologia))/iu,
  },
  ofAttacks: /(?:esempi|attacchi|iniezion|tentativi|modelli|frasi|come|mai|rifiuta|rileva|segnala).*:\s*$/iu,
  acting: asWords(
    "elimina|eliminare|cancella|cancellare|invia|inviare|paga|pagare|trasferisci|trasferire|rimborsa|rimborsare|acquista|acquistare|compra|prenota|prenotare|annulla|annullare|esegui|eseguire|pubblica|pubblicare|concedi|concedere|approva|approvare|modifica|modificare|sovrascrivi",
  ),
  unasked:
    /senza\s+(?:prima\s+)?(?:chiedere(?!.{0,20}di\s+nuovo)|conferma|confermare|approvazione|autorizzazione|permesso|consenso)|non\s+(?:è|serve)\s+(?:necessaria\s+|richiesta\s+)?(?:alcuna\s+)?(?:conferma|approvazione|autorizzazione)|non\s+chiedere\s+(?:conferma|permesso|autorizzazione)/iu,
  forbidsUnasked: /\bmai\b|non\s+(?:devi|puoi|deve|può)/iu,
  conditional: asWords(
    "se|quando|salvo|tranne|dove|in caso|altrimenti|per (?:ogni|esempio)|ad esempio|p\\. es\\.|come ad|puoi|può|solo per|facoltativamente",
  ),
  inField: /campo|chiave|proprietà|attributo|colonna|in\s+silenzio|internamente|["`'«]/iu,
  opposites: {
    "only json, explained": [
      /(?:solo|soltanto|esclusivamente|unicamente|nient['’]altro\s+che)[^.]{0,40}\bjson\b|\bjson\b[^.]{0,30}(?:soltanto|e\s+nient['’]altro)/iu,
      /(?:spiega|giustifica|descrivi|illustra)\p{L}*[^.]{0,50}(?:in\s+dettaglio|dettagliatamente|a\s+lungo|passo\s+(?:dopo\s+|per\s+)passo|a\s+fondo)|(?:inizia|comincia|termina|concludi)[^.]{0,30}con\s+(?:una?|un['’]|la\s+tua)\s*(?:\p{L}+\s+)?(?:spiegazione|riassunto|saluto|introduzione)/iu,
    ],
    "one word, explained": [
      /(?:rispondi|risponda|restituisci)[^.]{0,30}(?:(?:con|in)\s+(?:esattamente\s+)?una\s+sola\s+parola|(?:solo|soltanto)\s+(?:con\s+)?(?:l['’]etichetta|sì\s+o\s+no))/iu,
      /(?:spiega|giustifica)\s+(?:la|il|le|perché|come|ogni)|fornisci\s+(?:le\s+)?(?:tue\s+)?ragioni/iu,
    ],
    "language of the user, another": [
      /(?:rispondi|risponda|scrivi)[^.]{0,30}nella\s+(?:stessa\s+)?lingua\s+(?:d|in|che|usata)/iu,
      new RegExp(
        `(?:rispondi|risponda|scrivi)\\s+(?:sempre|solo|soltanto)[^.]{0,20}in\\s+(?:${NAMED})`,
        "iu",
      ),
    ],
  },
  answersIn: new RegExp(
    `^(?:per\\s+favore,?\\s+)?(?:rispondi|risponda)\\s+(?:(?:sempre|solo|soltanto|al\\s+\\p{L}+)\\s+)*in\\s+(?<language>${NAMED})(?!\\p{L})`,
    "iu",
  ),
  languages: LANGUAGES,
  most: asWords(
    `(?:al massimo|un massimo di|massimo(?: di)?|non più di|fino a|meno di) (?<count>\\d{1,6}) (?<unit>${UNIT})`,
  ),
  least: asWords(
    `(?:almeno|come minimo|un minimo di|minimo(?: di)?|non meno di|più di) (?<count>\\d{1,6}) (?<unit>${UNIT})`,
  ),
  units: { parol: "word", fras: "sentence", carat: "character", parag: "paragraph", punti: "bullet" },
  brief:
    /(?:sii|sia)\s+(?:molto\s+)?(?:breve|concis[oa])|(?:rispondi|risponda)\s+(?:brevemente|in\s+una\s+(?:sola\s+)?frase)/iu,
  partOfAnswer:
    /(?:titol|oggetto|riassunto|sezion|ogni|per\s+|campo|introduzione|conclusione|citazion|nome|descrizion|prim[ao]|ultim|second|input|domanda|documento|ticket)/iu,
  never: /^(?:non\s+)(\p{L}+)\s+mai\s+(.+)$/iu,
  always: /^(\p{L}+)\s+sempre\s+(.+)$/iu,
  notice:
    /\bdati\b|non\s+(?:come\s+)?istruzioni|non\s+(?:seguire|eseguire|obbedire)\s+|ignora[^.\n]{0,60}(?:istruzion|ordin|comand)|non\s+(?:attendibil|affidabil)/iu,
  asksJson:
    /(?:rispond|restitui|fornisc|gener|produ|scriv)\p{L}*[^.]{0,60}\bjson\b|oggetto\s+json\s+(?:con|che)/iu,
  aboutInput: /input|dato\s|seguente|ricev|sotto|contiene|(?:non|mai)\s+(?:\p{L}+\s+){0,3}json/iu,
};
