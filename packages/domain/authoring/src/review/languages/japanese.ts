/** Japanese, as the rules that read words know it. */
import { NOTHING, type ReviewLanguage } from "./review-language.ts";

const LANGUAGES = {
  日本語: "japanese",
  英語: "english",
  ドイツ語: "german",
  フランス語: "french",
  スペイン語: "spanish",
  イタリア語: "italian",
  ポルトガル語: "portuguese",
  オランダ語: "dutch",
  ロシア語: "russian",
  中国語: "chinese",
  韓国語: "korean",
  アラビア語: "arabic",
};
const NAMED = Object.keys(LANGUAGES).join("|");
const RULES = "ルール|規則|指示|命令|ガイドライン|制限|制約|ポリシー|フィルター|安全対策";
const ANSWER = "(?:回答|返答|答え|応答|出力|返)";

export const JAPANESE: ReviewLanguage = {
  name: "Japanese",
  common: null,
  script: /[\p{Script=Hiragana}\p{Script=Katakana}]/u,
  // That there is no limit forbids nothing.
  defensive:
    /(?<!(?:制限|制約|規則|ルール)は(?:一切)?(?:あり)?)(?:ない|ません)|禁止|拒否|断|場合|とき|時は|たら|なら|れば|試み|代わりに|としても|ても/u,
  privileges: {
    "ignores rules": new RegExp(
      `(?:すべて|全て|あらゆる|これまで|以前|上記|前|あなた)の(?:(?:すべて|全て|これまで|以前|安全)の)?(?:${RULES})(?:や(?:${RULES}))?を(?:無視|忘れ|破|回避|バイパス)(?:し|て|っ|る|せよ)`,
      "u",
    ),
    "no limits":
      /(?:何でも|なんでも)(?:でき|して(?:よい|いい|かまい))|(?:制限|制約|規則|ルール)は(?:一切)?(?:ありません|ない)|(?:一切の)?(?:制限|制約|検閲|フィルター)(?:なし|無し)(?:に|で)/u,
    "obeys anybody":
      /(?:ユーザー|利用者|顧客|お客様)(?:が|の)(?:言う|求める|要求する|望む|頼む|言った)(?:こと)?(?:は|を|に)?(?:何でも|すべて|全て)/u,
    "full access":
      /(?:完全な|無制限の|管理者の?|ルート)(?:アクセス|権限|アクセス権)(?:が|を)(?:あり|与え|持)/u,
  },
  ofAttacks: /(?:例|攻撃|インジェクション|試み|パターン|ような|拒否|検出)[^\n]*[:：]\s*$/u,
  acting:
    /削除|送信|送金|支払|振込|返金|購入|注文|予約|取り消|キャンセル|実行|公開|デプロイ|承認|付与|変更|上書き/u,
  unasked:
    /(?:確認|許可|承認|同意|断り)(?:を(?:取ら|求め|得)|(?:なし|無し)(?:に|で)|せずに|することなく|は(?:不要|必要ありません|必要ない))|(?:聞か|尋ね|確かめ)ずに/u,
  forbidsUnasked: /(?:ては|では)(?:いけ|なら|だめ)|しないで|禁止|決して|絶対に/u,
  conditional:
    /場合|とき|時は|たら|なら|れば|例えば|たとえば|など|ただし|以外|必要に応じて|ごとに|できます|てもよい/u,
  inField: /フィールド|キー|属性|項目|列|心の中|内部で|["`'「]/u,
  opposites: {
    "only json, explained": [
      /json\s*(?:形式|オブジェクト)?\s*(?:のみ|だけ)/iu,
      /(?:詳しく|詳細に|段階的に|順を追って|ステップごとに)[^。]{0,30}(?:説明|述べ|解説)|(?:説明|要約|挨拶|前置き)(?:から始め|で始め|で終え)/u,
    ],
    "one word, explained": [
      new RegExp(
        `(?:一語|一言|1語|一つの単語|ラベルのみ|ラベルだけ|はいかいいえ)(?:のみ|だけ)?で${ANSWER}`,
        "u",
      ),
      /(?:理由|根拠)を(?:説明|述べ|示)/u,
    ],
    "language of the user, another": [
      /(?:ユーザー|質問|相手|利用者)(?:と同じ|の)言語で/u,
      new RegExp(`(?:必ず|常に|いつも)(?:${NAMED})で`, "u"),
    ],
  },
  answersIn: new RegExp(`^(?:必ず|常に)?(?<language>${NAMED})(?:のみ|だけ)?で${ANSWER}`, "u"),
  languages: LANGUAGES,
  most: /(?:最大で?|多くとも)?(?<count>\d{1,6})\s*(?<unit>文字|字|語|単語|文|段落|項目)(?:以内|以下|まで)/u,
  least: /(?:最低で?も?|少なくとも)?(?<count>\d{1,6})\s*(?<unit>文字|字|語|単語|文|段落|項目)以上/u,
  units: {
    文字: "character",
    字: "character",
    語: "word",
    単語: "word",
    文: "sentence",
    段落: "paragraph",
    項目: "bullet",
  },
  brief: /(?:簡潔|手短|短く|簡単)に?(?:回答|返答|答え|応答|してください)|一文で(?:回答|答え|返答)/u,
  partOfAnswer:
    /タイトル|見出し|件名|要約|各|ごと|項目名|序論|結論|引用|名前|説明文|最初|最後|入力|質問文|文書/u,
  // What is commanded stands before the verb's ending: two sentences are not told to be of the same command.
  never: NOTHING,
  always: NOTHING,
  notice:
    /データ(?:として|であり|です|と見な)|指示(?:として(?:扱|解釈)|ではな|に(?:は)?従わ|を(?:無視|実行し))|命令に(?:は)?従わ|信頼でき/u,
  asksJson:
    /json\s*(?:形式|オブジェクト|配列)?(?:のみ|だけ)?[でを][^。]{0,20}(?:回答|返|出力|応答|答え|生成)/iu,
  aboutInput: /入力|与えられ|以下の\s*json|受け取|json(?:では|を含)[^。]{0,6}ない/iu,
};
