/** The features by which a text is taken for a prompt or not, and what each weighs. */

interface FeatureWeight {
  /** In log odds: what it adds to the score where it holds fully. */
  readonly weight: number;
  /** Ends the sentence "taken for a prompt: it …". */
  readonly words: string;
}

/** The log odds of a text of which nothing is known: most texts of a program are no prompts. */
export const BIAS = -3;

/**
 * Set by reason, not fitted: what hardly stands anywhere else (a role for the reader, a form of answer)
 * carries a text over the threshold with a little help, what a name says decides only together with the
 * words, and what is typical of another kind of text outweighs any single sign.
 */
export const FEATURES = {
  // What it says.
  role: { weight: 4.4, words: "gives the reader a role" },
  address: { weight: 2.6, words: "says who the reader is" },
  task: { weight: 3, words: "gives the reader a task" },
  conduct: { weight: 2.1, words: "says how the reader behaves" },
  answerForm: { weight: 2.2, words: "asks for a form of answer" },
  answerOnly: { weight: 2.4, words: "forbids words around the answer" },
  json: { weight: 1.8, words: "asks for JSON" },
  given: { weight: 1.9, words: "points to a given text" },
  honesty: { weight: 2.1, words: "says what to answer when it is not known" },
  directives: { weight: 0.8, words: "is a list of directions" },
  verb: { weight: 1.8, words: "orders what a model does" },
  commonVerb: { weight: 0.7, words: "is an order" },
  verbOnVariable: { weight: 1.6, words: "has it done to a variable" },
  turns: { weight: 2, words: "shows turns or examples to be continued" },
  examples: { weight: 0.9, words: "gives examples" },
  openEnd: { weight: 1.8, words: "ends where the answer begins" },
  slots: { weight: 1.4, words: "has labelled slots for texts" },
  tags: { weight: 2.2, words: "marks its parts with tags" },
  fences: { weight: 1.3, words: "fences a variable" },
  headings: { weight: 1.7, words: "has headings of instructions" },
  reasoning: { weight: 2, words: "asks for reasoning" },
  modelTalk: { weight: 1.5, words: "speaks of models or their users" },
  scale: { weight: 1.4, words: "sets a scale" },
  choice: { weight: 1, words: "sets the choices" },
  limits: { weight: 1.6, words: "limits the length of the answer" },
  tone: { weight: 1.3, words: "sets a tone" },
  imageStyle: { weight: 1.8, words: "describes the style of an image" },
  image: { weight: 2.2, words: "describes an image to be made" },
  length: { weight: 1, words: "is as long as prompts are" },
  // Where it stands.
  promptName: { weight: 2.6, words: "is named as a prompt" },
  systemName: { weight: 3.3, words: "is named as a system prompt" },
  instructionName: { weight: 1.6, words: "is named as instructions" },
  templateName: { weight: 0.5, words: "is named as a template" },
  modelCall: { weight: 1.5, words: "is handed to something that asks a model" },
  roleBeside: { weight: 4.2, words: "stands beside a message's role" },
  modelBeside: { weight: 2.6, words: "stands beside a model's name or parameters" },
  promptFile: { weight: 1.3, words: "stands in a file of prompts" },
  modelLibrary: { weight: 0.8, words: "stands beside a library for models" },
  // What speaks against it.
  fewWords: { weight: -1.6, words: "has few words" },
  sql: { weight: -7, words: "is SQL" },
  graphql: { weight: -7, words: "is GraphQL" },
  markup: { weight: -5, words: "is markup" },
  code: { weight: -4, words: "is code or data" },
  commands: { weight: -4.5, words: "is a script or configuration" },
  licence: { weight: -7, words: "is a licence" },
  lorem: { weight: -7, words: "is filler" },
  letter: { weight: -3.6, words: "is a letter" },
  error: { weight: -2.2, words: "tells an error" },
  status: { weight: -2, words: "tells a state" },
  interface: { weight: -3, words: "speaks to people at a screen" },
  reply: { weight: -2.6, words: "is an answer to people" },
  marketing: { weight: -2.6, words: "praises a product" },
  legal: { weight: -3, words: "is a contract" },
  usage: { weight: -4, words: "explains a program" },
  deeds: { weight: -1.8, words: "tells people what to do with their hands" },
  manual: { weight: -4, words: "is a manual" },
  reference: { weight: -2.6, words: "documents code" },
  otherName: { weight: -2.4, words: "is named as something else" },
  fieldName: { weight: -4, words: "is named as what is shown beside a field" },
  dataRow: { weight: -2.6, words: "stands in rows of data" },
  toolName: { weight: -5, words: "describes a tool or a field" },
  otherCall: { weight: -5, words: "is handed to something that asks no model" },
  catalogue: { weight: -2.6, words: "is one of many short texts in a table" },
  otherFile: { weight: -1.6, words: "stands in a file of other texts" },
  fragment: { weight: -1.5, words: "is a piece of another text" },
} as const satisfies Readonly<Record<string, FeatureWeight>>;

export type FeatureName = keyof typeof FEATURES;

/** A feature that holds, and how much: 1 is fully. */
export interface FeatureFound {
  readonly feature: FeatureName;
  readonly strength: number;
  /** What shows it; null where nothing can be quoted. */
  readonly shown: string | null;
}
