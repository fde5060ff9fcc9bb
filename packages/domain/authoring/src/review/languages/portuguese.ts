/** Portuguese, as the rules that read words know it. */
import { asWords } from "../../scan/classify/phrase.ts";
import { type ReviewLanguage, wordSet } from "./review-language.ts";

const LANGUAGES = {
  português: "portuguese",
  inglês: "english",
  alemão: "german",
  francês: "french",
  espanhol: "spanish",
  italiano: "italian",
  holandês: "dutch",
  polonês: "polish",
  russo: "russian",
  japonês: "japanese",
  chinês: "chinese",
  árabe: "arabic",
};
const NAMED = Object.keys(LANGUAGES).join("|");
const UNIT = "palavras?|frases?|caracteres|parágrafos?|tópicos?";
const RULES = "regras|instruções|diretrizes|restrições|limites|limitações|filtros|políticas";

export const PORTUGUESE: ReviewLanguage = {
  name: "Portuguese",
  common: wordSet(
    "o a os as e é um uma para em que não com de do da dos das no na nos nas você seu sua seus suas ao à por português se apenas só texto seguinte como mais sem quando este esta isso ser responda responde resposta nunca sempre tudo todo toda todos todas mas muito cada ou lhe",
  ),
  script: null,
  defensive: asWords(
    "nunca|jamais|não|nenhum\\p{L}*|ninguém|recus\\p{L}*|se|quando|salvo|exceto|mesmo|tent\\p{L}*|em vez de|ao invés",
  ),
  privileges: {
    "ignores rules": new RegExp(
      `^(?:agora\\s+|a\\s+partir\\s+de\\s+agora,?\\s+)?(?:(?:você\\s+)?(?:pode|deve)\\s+)?(?:ignor(?:e|a|ar)|esqueç[ao]|esquecer|desconsider(?:e|ar)|contorn(?:e|ar))\\s+(?:(?:todas|todos|as|os|suas|seus|estas|outras|quaisquer)\\s+){1,4}(?:${RULES})(?=\\s*(?:$|[^\\s\\p{L}]|(?:e|anteriores|prévias|de\\s+segurança|acima)(?!\\p{L})))(?!.*(?:contid[oa]s|dentro|incluíd[oa]s|que\\s+aparec\\p{L}*)(?!\\p{L}))`,
      "iu",
    ),
    "no limits":
      /(?:você\s+)?pode\s+fazer\s+(?:qualquer\s+coisa|o\s+que\s+quiser)(?=\s*(?:$|[.!?,;]))|(?:você\s+)?não\s+tem\s+(?:nenhuma?\s+)?(?:restrição|restrições|limites?|limitações|regras)(?=\s*(?:$|[.!?,;]|e\s))|(?:responda|responde|aja|fale).{0,60}sem\s+(?:nenhuma?|qualquer)\s+(?:restrição|limite|limitação|filtro|censura)/iu,
    "obeys anybody":
      /(?:faça|obedeça)\s+(?:a\s+)?(?:tudo\s+)?o\s+que\s+(?:(?:o|a|os|as)\s+)?(?:usuári[oa]|utilizador|cliente)\p{L}*\s+(?:disser|disserem|pedir|pedirem|quiser|quiserem|mandar|solicitar)/iu,
    "full access":
      /(?:você\s+)?tem\s+(?:acesso\s+(?:completo|total|ilimitado|irrestrito|de\s+administrador)|controle\s+(?:total|completo)|(?:permissões|direitos)\s+(?:de\s+administrador|complet[ao]s|ilimitad[ao]s|totais))(?!\s+(?:ao?|à|aos)\s+(?:documentação|documentos?|texto|conversa|contexto|artigo|histórico))/iu,
  },
  ofAttacks:
    /(?:exemplos?|ataques?|injeç|tentativas?|padrões|frases|como|nunca|recuse|detecte|sinalize).*:\s*$/iu,
  acting: asWords(
    "exclua|excluir|apague|apagar|delete|envie|enviar|pague|pagar|transfira|transferir|reembolse|reembolsar|compre|comprar|reserve|reservar|cancele|cancelar|execute|executar|publique|publicar|conceda|conceder|aprove|aprovar|modifique|modificar|sobrescreva",
  ),
  unasked:
    /sem\s+(?:antes\s+)?(?:perguntar(?!.{0,20}novamente)|pedir\s+(?:permissão|confirmação)|confirmar|confirmação|aprovação|autorização|permissão|consentimento)|não\s+(?:é|são)\s+necessári[oa]s?\s+(?:confirmação|aprovação|autorização)|não\s+peça\s+(?:confirmação|permissão|autorização)/iu,
  forbidsUnasked: /nunca|jamais|não\s+(?:deve|pode)/iu,
  conditional: asWords(
    "se|quando|salvo|exceto|onde|caso|em caso|caso contrário|para cada|por exemplo|p\\. ex\\.|tais como|pode|apenas para|opcionalmente",
  ),
  inField: /campo|chave|propriedade|atributo|coluna|em\s+silêncio|internamente|["`'«]/iu,
  opposites: {
    "only json, explained": [
      /(?:apenas|somente|só|exclusivamente|nada\s+além\s+de)[^.]{0,40}\bjson\b|\bjson\b[^.]{0,30}(?:apenas|somente|e\s+nada\s+mais)/iu,
      /(?:expliqu|justifiqu|descrev|detalh)\p{L}*[^.]{0,50}(?:em\s+detalhes?|detalhadamente|longamente|passo\s+a\s+passo|a\s+fundo)|(?:comece|termine|inicie|finalize)[^.]{0,30}com\s+(?:uma?|sua|seu)\s+(?:\p{L}+\s+)?(?:explicação|resumo|saudação|introdução)/iu,
    ],
    "one word, explained": [
      /(?:responda|responde|retorne)[^.]{0,30}(?:(?:com|em)\s+(?:exatamente\s+|apenas\s+)?uma\s+(?:única|só)\s+palavra|(?:apenas|somente)\s+(?:com\s+)?(?:o\s+rótulo|sim\s+ou\s+não))/iu,
      /(?:explique|justifique)\s+(?:sua|seu|a|o|por\s+que|como|cada)|dê\s+(?:suas\s+)?razões/iu,
    ],
    "language of the user, another": [
      /(?:responda|responde|escreva)[^.]{0,30}n[oa]\s+(?:mesm[oa]\s+)?(?:idioma|língua)\s+(?:d[oae]|que|em)/iu,
      new RegExp(
        `(?:responda|responde|escreva)\\s+(?:sempre|apenas|somente)[^.]{0,20}em\\s+(?:${NAMED})`,
        "iu",
      ),
    ],
  },
  answersIn: new RegExp(
    `^(?:por\\s+favor,?\\s+)?(?:responda|responde)\\s+(?:(?:sempre|apenas|somente|só|ao\\s+\\p{L}+)\\s+)*em\\s+(?<language>${NAMED})(?!\\p{L})`,
    "iu",
  ),
  languages: LANGUAGES,
  most: asWords(
    `(?:no máximo|um máximo de|máximo(?: de)?|não mais (?:de|que|do que)|até|menos de) (?<count>\\d{1,6}) (?<unit>${UNIT})`,
  ),
  least: asWords(
    `(?:pelo menos|ao menos|no mínimo|um mínimo de|mínimo(?: de)?|mais de) (?<count>\\d{1,6}) (?<unit>${UNIT})`,
  ),
  units: { palav: "word", frase: "sentence", carac: "character", parág: "paragraph", tópic: "bullet" },
  brief:
    /seja\s+(?:muito\s+)?(?:breve|concis[oa])|(?:responda|responde)\s+(?:brevemente|em\s+uma\s+(?:única\s+|só\s+)?frase)/iu,
  partOfAnswer:
    /(?:título|assunto|resumo|seção|cada|por\s+|campo|introdução|conclusão|citação|nome|descrição|primeir|últim|segund|entrada|pergunta|documento|ticket)/iu,
  never: /^(?:nunca|jamais|não)\s+(.+)$/iu,
  always: /^sempre\s+(.+)$/iu,
  notice:
    /dados|não\s+(?:como\s+)?instruções|não\s+(?:siga|obedeça|execute)\s+(?:nenhuma?|as|os)?|(?:ignore|desconsidere)[^.\n]{0,60}(?:instruç|ordens|ordem|comando)|não\s+confiáv/iu,
  asksJson:
    /(?:respond|retorn|devolv|ger[ea]|produz|escrev|forneç)\p{L}*[^.]{0,60}\bjson\b|objeto\s+json\s+(?:com|que)/iu,
  aboutInput: /entrada|dado\s|seguinte|receb|abaixo|contém|(?:não|nunca)\s+(?:\p{L}+\s+){0,3}json/iu,
};
