/** French, as the rules that read words know it. */
import { asWords } from "../../scan/classify/phrase.ts";
import { type ReviewLanguage, wordSet } from "./review-language.ts";

const LANGUAGES = {
  français: "french",
  anglais: "english",
  allemand: "german",
  espagnol: "spanish",
  italien: "italian",
  portugais: "portuguese",
  néerlandais: "dutch",
  polonais: "polish",
  russe: "russian",
  japonais: "japanese",
  chinois: "chinese",
  arabe: "arabic",
};
const NAMED = Object.keys(LANGUAGES).join("|");
const UNIT = "mots?|phrases?|caractères?|paragraphes?|puces?";
const RULES = "règles|instructions|consignes|directives|restrictions|limites|filtres|garde-fous|politiques";

export const FRENCH: ReviewLanguage = {
  name: "French",
  common: wordSet(
    "le la les des du de et est un une pour dans tu vous ne pas sur que qui quoi en l d c s n ce cet cette ces avec ou où êtes es aux au seulement uniquement suivant suivante par plus si son sa ses leur votre vos ton ta tes il elle nous je se à réponds répondez réponse jamais toujours sans tout toute tous",
  ),
  script: null,
  defensive: asWords(
    "ne|n['’]\\p{L}+|jamais|pas|refuse\\p{L}*|décline\\p{L}*|si|lorsque|quand|même|sauf|tente\\p{L}*|essaie\\p{L}*|demande de|plutôt que|au lieu",
  ),
  privileges: {
    "ignores rules": new RegExp(
      `^(?:maintenant,?\\s+|désormais,?\\s+)?(?:(?:tu\\s+peux|vous\\s+pouvez|tu\\s+dois|vous\\s+devez)\\s+)?(?:ignor(?:e|ez|er)|oubli(?:e|ez|er)|contourn(?:e|ez|er)|outrepass(?:e|ez|er))\\s+(?:(?:toutes?|tous|les|tes|vos|ces|autres)\\s+){1,4}(?:${RULES})(?=\\s*(?:$|[^\\s\\p{L}]|(?:et|précédentes?|antérieures?|ci-dessus|de\\s+sécurité)(?!\\p{L})))(?!.*(?:contenue?s?|dans|figurant|présentes?)(?!\\p{L}))`,
      "iu",
    ),
    "no limits":
      /(?:tu\s+peux|vous\s+pouvez)\s+tout\s+faire(?=\s*(?:$|[.!?,;]))|(?:tu\s+n['’]as|vous\s+n['’]avez)\s+aucune?\s+(?:restriction|limite|limitation|règle)|(?:réponds|répondez|agis|agissez|parle|parlez).{0,60}sans\s+aucune?\s+(?:restriction|limite|limitation|filtre|censure)/iu,
    "obeys anybody":
      /(?:fais|faites|obéis|obéissez)\s+(?:à\s+)?tout\s+ce\s+que\s+(?:(?:l['’]|le\s+|la\s+|les\s+)?(?:utilisateur|utilisatrice|client|cliente|usager)s?)\s+(?:dit|demande|veut|souhaite|exige|disent|demandent|veulent)/iu,
    "full access":
      /(?:tu\s+as|vous\s+avez|tu\s+disposes|vous\s+disposez)\s+(?:d['’])?(?:un\s+|du\s+|tous\s+les\s+|de\s+tous\s+les\s+)?(?:accès\s+(?:complet|total|illimité|administrateur)|contrôle\s+(?:total|complet)|droits?\s+(?:d['’])?(?:administrateur|complets?|illimités?))(?!\s+(?:à|au|aux)\s+(?:l['’]|la\s+|le\s+)?(?:documentation|document|texte|conversation|contexte|article|historique))/iu,
  },
  ofAttacks:
    /(?:exemples?|attaques?|injections?|tentatives?|motifs|formules|tels?\s+que|comme|jamais|refuse\p{L}*|détecte\p{L}*|signale\p{L}*).*:\s*$/iu,
  acting: asWords(
    "supprime[rz]?|efface[rz]?|envoie|envoyez|envoyer|paie|payez|payer|transfère|transférez|transférer|rembourse[rz]?|achète|achetez|acheter|réserve[rz]?|annule[rz]?|exécute[rz]?|lance[rz]?|publie[rz]?|accorde[rz]?|approuve[rz]?|modifie[rz]?|remplace[rz]?",
  ),
  unasked:
    /sans\s+(?:d['’]abord\s+)?(?:demander(?!.{0,20}nouveau)|confirmation|confirmer|approbation|autorisation|accord|consentement|validation)|aucune\s+(?:confirmation|approbation|autorisation)\s+(?:n['’]est\s+)?(?:nécessaire|requise)|ne\s+demand(?:e|ez)\s+pas\s+(?:de\s+)?(?:confirmation|autorisation)/iu,
  forbidsUnasked: /jamais|ne\s+(?!demand)\p{L}+\s+pas/iu,
  conditional: asWords(
    "si|s['’]ils?|lorsque|quand|sauf|sinon|pour chaque|par exemple|p\\. ex\\.|tels? que|peux|pouvez|en cas|uniquement pour|le cas échéant",
  ),
  inField: /champ|clé|propriété|attribut|colonne|silencieusement|intérieurement|["`'«]/iu,
  opposites: {
    "only json, explained": [
      /(?:uniquement|seulement|exclusivement|rien\s+d['’]autre\s+que|que\s+du)[^.]{0,40}\bjson\b|\bjson\b[^.]{0,30}(?:uniquement|seulement|et\s+rien\s+d['’]autre)/iu,
      /(?:expliqu|justifi|décri|détaill)\p{L}*[^.]{0,50}(?:en\s+détail|longuement|étape\s+par\s+étape|en\s+profondeur)|(?:commenc|termin|fini)\p{L}*[^.]{0,30}par\s+(?:une?|votre|ton|ta)\s+(?:\p{L}+\s+)?(?:explication|résumé|salutation|introduction)/iu,
    ],
    "one word, explained": [
      /(?:réponds|répondez|renvoie|renvoyez)[^.]{0,30}(?:(?:avec|en|par)\s+(?:exactement\s+|seulement\s+)?un\s+seul\s+mot|uniquement\s+(?:par\s+)?(?:l['’]étiquette|oui\s+ou\s+non))/iu,
      /(?:expliqu|justifi)(?:e|ez)\s+(?:ta|ton|votre|la|le|pourquoi|comment|chaque)|donn(?:e|ez)\s+(?:tes|vos)\s+raisons/iu,
    ],
    "language of the user, another": [
      /(?:réponds|répondez|écris|écrivez)[^.]{0,30}dans\s+la\s+(?:même\s+)?langue\s+(?:de|du|que|dans)/iu,
      new RegExp(
        `(?:réponds|répondez|écris|écrivez)\\s+(?:toujours|uniquement|seulement)[^.]{0,20}en\\s+(?:${NAMED})`,
        "iu",
      ),
    ],
  },
  answersIn: new RegExp(
    `^(?:veuillez\\s+)?(?:réponds|répondez|répondre)\\s+(?:(?:toujours|uniquement|seulement|au\\s+\\p{L}+)\\s+)*en\\s+(?<language>${NAMED})(?!\\p{L})`,
    "iu",
  ),
  languages: LANGUAGES,
  most: asWords(
    `(?:au plus|au maximum|pas plus de|maximum|max\\.?|jusqu['’]à|moins de) (?<count>\\d{1,6}) (?<unit>${UNIT})`,
  ),
  least: asWords(`(?:au moins|au minimum|pas moins de|minimum|plus de) (?<count>\\d{1,6}) (?<unit>${UNIT})`),
  units: { mot: "word", phrase: "sentence", carac: "character", parag: "paragraph", puce: "bullet" },
  brief:
    /(?:sois|soyez|reste|restez)\s+(?:très\s+)?(?:bref|brève|concis\p{L}*)|(?:réponds|répondez)\s+(?:brièvement|en\s+une\s+(?:seule\s+)?phrase)/iu,
  partOfAnswer:
    /(?:titre|objet|résumé|section|chaque|par\s+|champ|introduction|conclusion|citation|nom|description|premi|derni|second|entrée|question|document|ticket)/iu,
  never: /^ne\s+(\p{L}+)\s+jamais\s+(.+)$/iu,
  always: /^(\p{L}+)\s+toujours\s+(.+)$/iu,
  notice:
    /données|pas\s+(?:comme\s+)?des\s+instructions|(?:ne\s+sui(?:s|vez)|n['’]exécut\p{L}*|n['’]obéi\p{L}*)\s+(?:aucune?|pas|jamais)|ignor(?:e|ez)[^.\n]{0,60}(?:instruction|ordre|consigne)|non\s+fiable/iu,
  asksJson:
    /(?:répond\p{L}*|renvo\p{L}*|retourn\p{L}*|donn\p{L}*|génèr\p{L}*|produi\p{L}*|écri\p{L}*)[^.]{0,60}\bjson\b|objet\s+json\s+(?:avec|contenant)/iu,
  aboutInput:
    /entrée|donnée?s?\s|suivant|reçois|recevez|ci-dessous|contient|(?:pas|jamais)\s+(?:\p{L}+\s+){0,3}json/iu,
};
