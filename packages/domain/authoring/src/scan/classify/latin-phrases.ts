/** What prompts say in German, French, Spanish, Portuguese, Italian and Dutch. */
import { asWords, type Phrase, wordsAtStart } from "./phrase.ts";

const UP_TO = "[^.!?\\n]{0,60}?";

const GERMAN: readonly Phrase[] = [
  {
    feature: "role",
    pattern: wordsAtStart("(?:du bist|sie sind) (?:ein|eine|einer|der|die|das|mein|unser|unsere|jetzt)"),
  },
  {
    feature: "task",
    pattern: asWords(
      "(?:deine|ihre) (?:aufgabe|rolle)|dein (?:ziel|auftrag)|verhalte dich|agiere als|handle als|stell dir vor|du (?:erhältst|bekommst|sollst)|sie erhalten",
    ),
  },
  {
    feature: "conduct",
    pattern: wordsAtStart(
      "du (?:hilfst|antwortest|schreibst|übersetzt|beantwortest|prüfst|unterstützt|analysierst|sprichst|darfst|arbeitest|bewertest)",
    ),
  },
  {
    feature: "answerForm",
    pattern: asWords(
      `(?:antworte|antworten sie|gib|geben sie|schreibe?|formuliere|liefere|gebe)${UP_TO} ?(?:nur|ausschließlich|json|deutsch|englisch|kurz|höchstens|maximal|sätzen|satz|stichpunkten?|format|wörtern?|zurück|aus|höflich|sachlich|knapp)`,
    ),
  },
  {
    feature: "verb",
    pattern: wordsAtStart(
      "(?:bitte )?(?:fasse?|übersetze|klassifiziere|extrahiere|analysiere|bewerte|erstelle|beantworte|erkläre|schreibe?|formuliere|verbessere|korrigiere|prüfe|ordne|entscheide|nenne|generiere|identifiziere|vergleiche|ermittle|kürze|wandle|liste)",
    ),
  },
  {
    feature: "given",
    pattern: asWords(
      "(?:folgende[nrsm]?|nachstehende[nrsm]?|untenstehende[nrsm]?) \\p{L}+|basierend auf|auf grundlage|anhand (?:der|des)|(?:nur|ausschließlich) (?:die|den|das|mit) (?:folgenden|angegebenen|kontext)",
    ),
  },
  {
    feature: "honesty",
    pattern: asWords(
      `erfinde? (?:nichts|keine)|erfinden sie|rate nicht|wenn du (?:etwas |es |die antwort )?nicht (?:weißt|sicher)|wenn (?:du|sie|die|der|das|keine)${UP_TO} (?:sage|antworte|gib|schreibe?)`,
    ),
  },
  {
    feature: "directives",
    pattern: wordsAtStart(
      "verwende|nutze|vermeide|achte|beachte|sei|keine|niemals|immer|bleibe?|halte|nenne|antworte|schreibe?",
    ),
  },
  {
    feature: "interface",
    pattern: wordsAtStart(
      "bitte (?:geben|wählen|melden|versuchen|überprüfen|bestätigen|laden|warten) sie|geben sie (?:ihr|ihre|ihren|ein|eine)|möchten sie|sie (?:haben|sind (?:nicht|jetzt|bereits|nun))|ihr(?:e|en)? (?!aufgabe|rolle)|wirklich löschen|willkommen",
    ),
  },

  {
    feature: "limits",
    pattern: asWords(
      "(?:höchstens|maximal|in|mit|unter|genau|mindestens|bis zu) (?:\\d+|\\{\\{\\w+\\}\\}|einem|einer|zwei|drei|vier|fünf|wenigen|ein paar) (?:kurzen |ganzen )?(?:wörter\\p{L}*|worten|sätzen?|satz|zeichen|stichpunkten?|absätzen?|zeilen?)",
    ),
  },
  {
    feature: "answerOnly",
    pattern: asWords(
      "(?:keine|ohne) (?:weiteren? |zusätzlichen? )?(?:erklärung\\p{L}*|einleitung|anführungszeichen|kommentare?|zusätze|markdown|überschriften?|floskeln|begründung)|sonst nichts|nichts weiter|(?:nur|ausschließlich) (?:mit|den|die|das|als|json)",
    ),
  },
  { feature: "json", pattern: asWords("(?:als|in|im|gültiges?|ein|nur) json(?:-\\p{L}+)?") },
  {
    feature: "tone",
    pattern: asWords(
      "(?:freundlich|höflich|sachlich|knapp|förmlich|locker) (?:und|,|bleiben|formulieren|antworten)|(?:tonfall|stil|ton):?|sei (?:freundlich|höflich|knapp|kurz|sachlich)",
    ),
  },
];

const FRENCH: readonly Phrase[] = [
  {
    feature: "role",
    pattern: wordsAtStart("(?:tu es|vous êtes) (?:un|une|le|la|mon|notre)|(?:tu es|vous êtes) l'"),
  },
  {
    feature: "task",
    pattern: asWords(
      "(?:ta|votre) (?:tâche|mission)|ton (?:rôle|objectif)|votre (?:rôle|objectif)|agis comme|agissez comme|agis en tant|imagine que|imaginez que|comporte-toi|tu (?:reçois|vas recevoir|dois)|vous (?:recevez|allez recevoir|devez)",
    ),
  },
  {
    feature: "conduct",
    pattern: wordsAtStart(
      "tu (?:aides|réponds|écris|traduis|analyses|parles|résumes)|vous (?:aidez|répondez|rédigez|traduisez|analysez)",
    ),
  },
  {
    feature: "answerForm",
    pattern: asWords(
      `(?:réponds|répondez|renvoie|renvoyez|retourne|retournez|donne|donnez|écris|écrivez|rédige|rédigez)${UP_TO} ?(?:uniquement|seulement|json|français|anglais|format|phrases?|mots?|liste|exclusivement|concise|brièvement)`,
    ),
  },
  {
    feature: "verb",
    pattern: wordsAtStart(
      "(?:résume|résumez|traduis|traduisez|classe|classez|classifie|classifiez|extrais|extrayez|analyse|analysez|explique|expliquez|rédige|rédigez|corrige|corrigez|évalue|évaluez|génère|générez|identifie|identifiez|reformule|reformulez|propose|proposez|compare|comparez|détermine|déterminez|écris|écrivez|réponds|répondez)",
    ),
  },
  {
    feature: "given",
    pattern: asWords(
      "(?:suivant(?:e|es|s)?|ci-dessous|ci-dessus)|à partir (?:du|de la|des)|en (?:te|vous) basant|(?:uniquement|seulement) (?:le|les|sur) ",
    ),
  },
  {
    feature: "honesty",
    pattern: asWords(
      `n'invente(?:z)?|ne devine|si (?:tu|vous|la réponse|le contexte|aucun)${UP_TO} (?:dis|dites|réponds|répondez|renvoie|indique)`,
    ),
  },
  {
    feature: "directives",
    pattern: wordsAtStart(
      "utilise|utilisez|sois|soyez|évite|évitez|ne |n'|reste|restez|garde|gardez|toujours|jamais",
    ),
  },
  {
    feature: "interface",
    pattern: wordsAtStart(
      "veuillez|êtes-vous sûr|vous avez|votre (?:compte|mot|session|commande|adresse)|bienvenue|cliquez|connectez-vous",
    ),
  },

  {
    feature: "limits",
    pattern: asWords(
      "(?:en|maximum|au plus|moins de|au maximum|environ) (?:\\d+|\\{\\{\\w+\\}\\}|un|une|deux|trois|quatre|cinq|quelques) (?:mots?|phrases?|caractères|lignes?|points|paragraphes?)|(?:\\d+|\\{\\{\\w+\\}\\}|deux|trois|cinq) (?:mots?|phrases?|lignes) (?:maximum|au plus)",
    ),
  },
  {
    feature: "answerOnly",
    pattern: asWords(
      "(?:sans|aucune?|pas d[e']) ?(?:autre |d'autre )?(?:explications?|commentaires?|introduction|préambule|guillemets|texte|markdown)|rien d'autre|(?:uniquement|seulement) (?:le|la|les|par|avec|en|du|un)",
    ),
  },
  { feature: "json", pattern: asWords("(?:en|au format|du|un objet|format) json") },
];

const SPANISH: readonly Phrase[] = [
  { feature: "role", pattern: wordsAtStart("(?:eres|usted es|sos) (?:un|una|el|la|mi|nuestro|nuestra)") },
  {
    feature: "task",
    pattern: asWords(
      "(?:tu|su) (?:tarea|objetivo|misión|papel|rol|trabajo) (?:es|consiste|será)|actúa como|actúe como|imagina que|imagine que|compórtate|recibirás|se te (?:dará|proporcionará)",
    ),
  },
  { feature: "conduct", pattern: wordsAtStart("(?:ayudas|respondes|escribes|traduces|analizas|hablas) ") },
  {
    feature: "answerForm",
    pattern: asWords(
      `(?:responde|responda|devuelve|devuelva|escribe|escriba|da|genera|contesta|conteste)${UP_TO} ?(?:solo|sólo|únicamente|solamente|json|español|inglés|formato|frases?|palabras?|lista|oraciones|breve)`,
    ),
  },
  {
    feature: "verb",
    pattern: wordsAtStart(
      "(?:resume|resuma|traduce|traduzca|clasifica|clasifique|extrae|extraiga|analiza|analice|explica|explique|redacta|redacte|corrige|corrija|evalúa|evalúe|genera|genere|identifica|identifique|reescribe|reescriba|compara|compare|determina|determine|escribe|escriba|responde|responda)",
    ),
  },
  {
    feature: "given",
    pattern: asWords(
      "siguientes?|a continuación|basándo(?:te|se)|con base en|según el (?:contexto|texto)|(?:solo|únicamente) (?:el|la|los|con|en) ",
    ),
  },
  {
    feature: "honesty",
    pattern: asWords(
      `no inventes?|no adivines|si (?:no sabes|no lo sabes|no|la respuesta|el contexto)${UP_TO} (?:di|diga|responde|responda|indica|devuelve)`,
    ),
  },
  {
    feature: "directives",
    pattern: wordsAtStart("utiliza|utilice|usa|use|evita|evite|sé|sea|mantén|no |nunca|siempre"),
  },
  {
    feature: "interface",
    pattern: wordsAtStart(
      "por favor,? (?:introduzca|introduce|ingrese|ingresa|seleccione|intente)|¿(?:está|estás) segur|haga clic|inicie sesión|bienvenid|su (?:cuenta|contraseña|sesión|pedido)|tienes |ha iniciado",
    ),
  },

  {
    feature: "limits",
    pattern: asWords(
      "(?:en|máximo|como máximo|menos de|no más de|hasta|unas?) (?:\\d+|\\{\\{\\w+\\}\\}|una?|dos|tres|cuatro|cinco|pocas) (?:palabras?|frases?|oraciones|caracteres|líneas?|puntos|párrafos?)",
    ),
  },
  {
    feature: "answerOnly",
    pattern: asWords(
      "(?:sin|ninguna?|no añadas|no incluyas|no agregues) (?:más |otro |otra |ningún |ninguna )?(?:explicación|explicaciones|comentarios?|introducción|comillas|texto|markdown|nada)|nada más|(?:solo|sólo|únicamente|solamente) (?:con|el|la|los|las|un|una|en|json)",
    ),
  },
  { feature: "json", pattern: asWords("(?:en|como|un objeto|formato|objeto) json") },
];

const PORTUGUESE: readonly Phrase[] = [
  { feature: "role", pattern: wordsAtStart("(?:você é|tu és|és) (?:um|uma|o|a|meu|nosso|nossa)") },
  {
    feature: "task",
    pattern: asWords(
      "(?:sua|a tua|tua) (?:tarefa|missão|função) é|(?:seu|teu) (?:papel|objetivo|trabalho) é|aja como|atue como|age como|imagine que|você (?:receberá|vai receber|deve)",
    ),
  },
  {
    feature: "conduct",
    pattern: wordsAtStart(
      "você (?:ajuda|atende|responde|recebe|classifica|avalia|resume|escreve|traduz|analisa|fala)",
    ),
  },
  {
    feature: "answerForm",
    pattern: asWords(
      `(?:responda|responde|retorne|devolva|escreva|gere|forneça|dê)${UP_TO} ?(?:apenas|somente|só|json|português|inglês|formato|frases?|palavras?|lista|breve)`,
    ),
  },
  {
    feature: "verb",
    pattern: wordsAtStart(
      "(?:resuma|resume|traduza|traduz|classifique|classifica|extraia|extrai|analise|analisa|explique|explica|redija|corrija|corrige|avalie|avalia|gere|identifique|reescreva|escreva|liste|compare|determine|responda)",
    ),
  },
  {
    feature: "given",
    pattern: asWords(
      "seguintes?|a seguir|abaixo|com base (?:no|na|nos|nas|em)|(?:apenas|somente) (?:o|a|os|as|com|no) ",
    ),
  },
  {
    feature: "honesty",
    pattern: asWords(
      `não invente|não adivinhe|se (?:não|você|a resposta|o contexto)${UP_TO} (?:diga|responda|indique|retorne)`,
    ),
  },
  { feature: "directives", pattern: wordsAtStart("use|utilize|evite|seja|mantenha|não|nunca|sempre") },
  {
    feature: "interface",
    pattern: wordsAtStart(
      "por favor,? (?:insira|digite|selecione|tente)|tem certeza|clique|faça login|bem-vind|sua (?:conta|senha|sessão)|você (?:tem|não tem|está)",
    ),
  },

  {
    feature: "limits",
    pattern: asWords(
      "(?:em|no máximo|máximo de|até|menos de|em até) (?:\\d+|\\{\\{\\w+\\}\\}|uma?|duas|dois|três|quatro|cinco|poucas) (?:palavras?|frases?|caracteres|linhas?|pontos|parágrafos?)",
    ),
  },
  {
    feature: "answerOnly",
    pattern: asWords(
      "(?:sem|nenhuma?|não inclua|não adicione) (?:mais |outro |nenhum |nenhuma )?(?:explicaç\\p{L}+|comentários?|introdução|aspas|texto|markdown)|nada mais|(?:apenas|somente|só) (?:com|o|a|os|as|um|uma|em|json)",
    ),
  },
  { feature: "json", pattern: asWords("(?:em|como|um objeto|formato|objeto) json") },
];

const ITALIAN_AND_DUTCH: readonly Phrase[] = [
  {
    feature: "role",
    pattern: wordsAtStart(
      "(?:tu )?sei (?:un|una|il|la|lo|un')|sei un'\\p{L}+|(?:je|jij|u) (?:bent|ben) (?:een|de|het|mijn|onze)",
    ),
  },
  {
    feature: "task",
    pattern: asWords(
      "(?:il tuo|la tua) (?:compito|ruolo|obiettivo|missione)|agisci come|comportati come|immagina (?:di|che)|riceverai|(?:jouw|je|uw) (?:taak|rol|doel) is|gedraag je|doe alsof|treed op als|je krijgt",
    ),
  },
  { feature: "conduct", pattern: wordsAtStart("je (?:helpt|antwoordt|beantwoordt|schrijft|vertaalt)") },
  {
    feature: "answerForm",
    pattern: asWords(
      `(?:rispondi|restituisci|scrivi|fornisci|genera|rispondere)${UP_TO} ?(?:solo|soltanto|esclusivamente|json|italiano|inglese|formato|frasi|frase|parole|elenco)|(?:antwoord|geef|schrijf|retourneer|beantwoord)${UP_TO} ?(?:alleen|uitsluitend|json|nederlands|engels|zinnen|zin|woorden|formaat|kort|lijst)`,
    ),
  },
  {
    feature: "verb",
    pattern: wordsAtStart(
      "(?:riassumi|traduci|classifica|estrai|analizza|spiega|scrivi|correggi|valuta|genera|identifica|riscrivi|elenca|confronta|rispondi|vat|vertaal|classificeer|haal|analyseer|leg|schrijf|beoordeel|genereer|herschrijf|beantwoord|corrigeer|vergelijk|bepaal)",
    ),
  },
  {
    feature: "given",
    pattern: asWords(
      "seguenti|seguente|di seguito|qui sotto|in base (?:al|alla|ai|alle)|basandoti|volgende|hieronder|onderstaande|op basis van",
    ),
  },
  {
    feature: "honesty",
    pattern: asWords(
      "non inventare|non indovinare|verzin (?:niets|geen)|se non (?:sai|lo sai|è)|als je het niet weet|weet je het niet",
    ),
  },
  {
    feature: "directives",
    pattern: wordsAtStart("usa|utilizza|evita|sii|non|gebruik|vermijd|wees|geen|nooit|altijd"),
  },
  {
    feature: "interface",
    pattern: wordsAtStart(
      "inserisci (?:la|il) (?:tua|tuo)|sei sicuro|clicca|benvenut|voer (?:je|uw)|weet je zeker|klik|welkom|je (?:hebt|bent (?:niet|nu))|log in",
    ),
  },

  {
    feature: "limits",
    pattern: asWords(
      "(?:in|massimo|al massimo|meno di|fino a|non più di|maximaal|hooguit|minder dan) (?:\\d+|\\{\\{\\w+\\}\\}|una?|due|tre|quattro|cinque|poche|een|één|twee|drie|vier|vijf) (?:parole|parola|frasi|frase|caratteri|righe|punti|woorden|zinnen|zin|tekens|regels|punten)",
    ),
  },
  {
    feature: "answerOnly",
    pattern: asWords(
      "(?:senza|nessuna?|zonder|geen) (?:altr\\p{L}+ |verdere |extra )?(?:spiegazion\\p{L}+|comment\\p{L}+|introduzione|virgolette|testo|markdown|uitleg|toelichting|inleiding|aanhalingstekens)|nient'altro|niets anders|(?:solo|soltanto|alleen) (?:con|il|la|i|le|un|una|in|met|de|het|een|json)",
    ),
  },
  { feature: "json", pattern: asWords("(?:in|come|un oggetto|formato|als|een) json(?:-\\p{L}+)?") },
];

/** Languages in the Latin script, each with words that stand in nearly every sentence of it. */
export const LATIN_LANGUAGES: readonly {
  readonly common: ReadonlySet<string>;
  readonly phrases: readonly Phrase[];
}[] = [
  {
    common: wordSet(
      "der die das und ist nicht ein eine einen einer mit auf für du den dem von zu im als oder sie bist nur dich wie aus keine folgende folgenden auf deutsch",
    ),
    phrases: GERMAN,
  },
  {
    common: wordSet(
      "le la les des du et est un une pour dans tu vous ne pas sur que qui en français l ce cette avec ou êtes es aux seulement uniquement suivant",
    ),
    phrases: FRENCH,
  },
  {
    common: wordSet(
      "el la los las y es un una para en que no con por del al tu su eres solo o siguiente texto se lo español como",
    ),
    phrases: SPANISH,
  },
  {
    common: wordSet(
      "o a os as e é um uma para em que não com do da no na você seu sua ao por português se apenas texto seguinte como",
    ),
    phrases: PORTUGUESE,
  },
  {
    common: wordSet(
      "il lo la i gli le e è un una per in che non con del di sei al nel questo o solo italiano testo seguente de het een en van je niet voor met op dit volgende alleen tekst bent u nederlands",
    ),
    phrases: ITALIAN_AND_DUTCH,
  },
];

function wordSet(words: string): ReadonlySet<string> {
  return new Set(words.split(" "));
}
