/** Spanish, as the rules that read words know it. */
import { asWords } from "../../scan/classify/phrase.ts";
import { type ReviewLanguage, wordSet } from "./review-language.ts";

const LANGUAGES = {
  español: "spanish",
  castellano: "spanish",
  inglés: "english",
  alemán: "german",
  francés: "french",
  italiano: "italian",
  portugués: "portuguese",
  neerlandés: "dutch",
  polaco: "polish",
  ruso: "russian",
  japonés: "japanese",
  chino: "chinese",
  árabe: "arabic",
};
const NAMED = Object.keys(LANGUAGES).join("|");
const UNIT = "palabras?|frases?|oraciones|caracteres|párrafos?|viñetas?";
const RULES = "reglas|normas|instrucciones|directrices|restricciones|límites|limitaciones|filtros|políticas";

export const SPANISH: ReviewLanguage = {
  name: "Spanish",
  common: wordSet(
    "el la los las lo y es un una unos unas para en que qué no con por de del al a tu tus su sus eres solo sólo o siguiente siguientes texto se español como si más sin cuando este esta esto estos ser responde responda respuesta nunca siempre todo toda todos todas le les pero muy cada",
  ),
  script: null,
  defensive: asWords(
    "nunca|jamás|no|ningun[oa]s?|nadie|rechaza\\p{L}*|niégate|si|cuando|salvo|excepto|incluso|intent\\p{L}*|pide\\p{L}*|en lugar de|en vez de",
  ),
  privileges: {
    "ignores rules": new RegExp(
      `^(?:ahora\\s+|a\\s+partir\\s+de\\s+ahora,?\\s+)?(?:(?:puedes|puede|debes|debe)\\s+)?(?:ignor(?:a|e|ar)|olvid(?:a|e|ar)|omit(?:e|a|ir)|salt(?:arte|a|ar)|elud(?:e|a|ir))\\s+(?:(?:todas|todos|las|los|tus|sus|estas|otras|cualquier)\\s+){1,4}(?:${RULES})(?=\\s*(?:$|[^\\s\\p{L}]|(?:y|anteriores|previas|de\\s+seguridad|de\\s+arriba)(?!\\p{L})))(?!.*(?:contenid[oa]s|dentro|incluid[oa]s|que\\s+(?:aparezcan|contenga))(?!\\p{L}))`,
      "iu",
    ),
    "no limits":
      /(?:puedes|puede)\s+hacer\s+(?:cualquier\s+cosa|lo\s+que\s+quieras)(?=\s*(?:$|[.!?,;]))|no\s+(?:tienes|tiene)\s+(?:ninguna?\s+)?(?:restricción|restricciones|límites?|limitaciones|reglas)(?=\s*(?:$|[.!?,;]|y\s))|(?:responde|responda|actúa|actúe|habla).{0,60}sin\s+(?:ninguna?|ningún)\s+(?:restricción|límite|limitación|filtro|censura)/iu,
    "obeys anybody":
      /(?:haz|haga|obedece|obedezca)\s+(?:a\s+)?(?:todo\s+)?lo\s+que\s+(?:(?:el|la|los|las)\s+)?(?:usuari[oa]|cliente|clienta)s?\s+(?:diga|digan|pida|pidan|quiera|quieran|ordene|solicite)/iu,
    "full access":
      /(?:tienes|tiene|dispones\s+de)\s+(?:acceso\s+(?:completo|total|ilimitado|sin\s+restricciones|de\s+administrador)|control\s+(?:total|completo)|(?:permisos|derechos)\s+(?:de\s+administrador|completos|ilimitados))(?!\s+(?:al?|a\s+la|a\s+los)\s+(?:documentación|documentos?|texto|conversación|contexto|artículo|historial))/iu,
  },
  ofAttacks:
    /(?:ejemplos?|ataques?|inyecci|intentos?|patrones|frases|como|nunca|rechaza|detecta|señala).*:\s*$/iu,
  acting: asWords(
    "elimina|eliminar|borra|borrar|envía|enviar|paga|pagar|transfiere|transferir|reembolsa|reembolsar|compra|comprar|reserva|reservar|cancela|cancelar|ejecuta|ejecutar|publica|publicar|concede|conceder|aprueba|aprobar|modifica|modificar|sobrescribe|sobrescribir",
  ),
  unasked:
    /sin\s+(?:antes\s+)?(?:preguntar(?!.{0,20}(?:de\s+nuevo|otra\s+vez))|pedir\s+(?:permiso|confirmación)|confirmar|confirmación|aprobación|autorización|permiso|consentimiento)|no\s+(?:hace\s+falta|es\s+necesaria|se\s+necesita)\s+(?:confirmación|aprobación|autorización)|no\s+pidas\s+(?:confirmación|permiso|autorización)/iu,
  forbidsUnasked: /nunca|jamás|no\s+(?:debes|puedes|debe|puede)/iu,
  conditional: asWords(
    "si|cuando|salvo|excepto|donde|en caso|de lo contrario|para cada|por ejemplo|p\\. ej\\.|tales como|puedes|puede|solo para|opcionalmente",
  ),
  inField: /campo|clave|propiedad|atributo|columna|en\s+silencio|internamente|["`'«]/iu,
  opposites: {
    "only json, explained": [
      /(?:solo|sólo|solamente|únicamente|exclusivamente|nada\s+más\s+que)[^.]{0,40}\bjson\b|\bjson\b[^.]{0,30}(?:solamente|únicamente|y\s+nada\s+más)/iu,
      /(?:explica|justifica|describe|detalla)\p{L}*[^.]{0,50}(?:en\s+detalle|detalladamente|extensamente|paso\s+a\s+paso|a\s+fondo)|(?:comienza|empieza|termina|acaba)[^.]{0,30}con\s+(?:una?|tu|su)\s+(?:\p{L}+\s+)?(?:explicación|resumen|saludo|introducción)/iu,
    ],
    "one word, explained": [
      /(?:responde|responda|devuelve|contesta)[^.]{0,30}(?:(?:con|en)\s+(?:exactamente\s+|solo\s+)?una\s+sola\s+palabra|(?:solo|únicamente)\s+(?:con\s+)?(?:la\s+etiqueta|sí\s+o\s+no))/iu,
      /(?:explica|justifica|explique|justifique)\s+(?:tu|su|la|el|por\s+qué|cómo|cada)|da\s+(?:tus\s+)?razones/iu,
    ],
    "language of the user, another": [
      /(?:responde|responda|escribe|contesta)[^.]{0,30}en\s+el\s+(?:mismo\s+)?idioma\s+(?:de|del|que|en)/iu,
      new RegExp(
        `(?:responde|responda|escribe|contesta)\\s+(?:siempre|solo|únicamente)[^.]{0,20}en\\s+(?:${NAMED})`,
        "iu",
      ),
    ],
  },
  answersIn: new RegExp(
    `^(?:por\\s+favor,?\\s+)?(?:responde|responda|contesta|conteste)\\s+(?:(?:siempre|solo|sólo|únicamente|al\\s+\\p{L}+)\\s+)*en\\s+(?<language>${NAMED})(?!\\p{L})`,
    "iu",
  ),
  languages: LANGUAGES,
  most: asWords(
    `(?:como máximo|un máximo de|máximo(?: de)?|no más de|hasta|menos de) (?<count>\\d{1,6}) (?<unit>${UNIT})`,
  ),
  least: asWords(
    `(?:al menos|como mínimo|un mínimo de|mínimo(?: de)?|no menos de|más de) (?<count>\\d{1,6}) (?<unit>${UNIT})`,
  ),
  units: {
    palab: "word",
    frase: "sentence",
    oraci: "sentence",
    carac: "character",
    párra: "paragraph",
    viñet: "bullet",
  },
  brief:
    /(?:sé|sea)\s+(?:muy\s+)?(?:breve|concis[oa])|(?:responde|responda|contesta)\s+(?:brevemente|en\s+una\s+(?:sola\s+)?frase)/iu,
  partOfAnswer:
    /(?:título|asunto|resumen|sección|cada|por\s+|campo|introducción|conclusión|cita|nombre|descripción|primer|últim|segund|entrada|pregunta|documento|ticket)/iu,
  never: /^(?:nunca|jamás|no)\s+(.+)$/iu,
  always: /^siempre\s+(.+)$/iu,
  notice:
    /datos|no\s+(?:como\s+)?instrucciones|no\s+(?:sigas|siga|obedezcas|ejecutes)\s+(?:ninguna?|ningún|las)?|ignor(?:a|e)[^.\n]{0,60}(?:instrucci|órdenes|orden)|no\s+(?:es\s+)?(?:de\s+)?confia/iu,
  asksJson:
    /(?:respond|contest|devuelv|devolv|gener|produ|escrib|entreg)\p{L}*[^.]{0,60}\bjson\b|objeto\s+json\s+(?:con|que)/iu,
  aboutInput: /entrada|dado|siguiente|recib|abajo|contiene|(?:no|nunca)\s+(?:\p{L}+\s+){0,3}json/iu,
};
