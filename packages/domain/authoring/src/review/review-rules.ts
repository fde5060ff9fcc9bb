/** The built-in rules, and the number of their edition. */
import type { ReviewRule } from "./review-rule.ts";
import { MISSING_OUTPUT, SHORT_LIMIT, WARM_CONTRACT } from "./rules/answer-rules.ts";
import { UNDECLARED_PLACEHOLDER, UNUSED_VARIABLE } from "./rules/contract-rules.ts";
import { CONTRADICTION } from "./rules/contradiction.ts";
import { COPIED_CASE } from "./rules/copied-case.ts";
import { HIDDEN_CHARACTERS, MIXED_SCRIPTS } from "./rules/hidden-text.ts";
import { OVER_PRIVILEGED } from "./rules/over-privileged.ts";
import { PERSONAL_DATA } from "./rules/personal-data.ts";
import { FLOATING_MODEL, LATEST, UNPINNED_PARTIAL } from "./rules/pinning-rules.ts";
import { SECRET } from "./rules/secret.ts";
import { CHAT_MARKUP, LATE_STATIC_TEXT, LATE_SYSTEM, LONG_BODY } from "./rules/shape-rules.ts";
import { SUSPICIOUS_URL } from "./rules/suspicious-url.ts";
import { UNREAD_LANGUAGE } from "./rules/unread-language.ts";
import {
  FENCE_WITHOUT_NOTICE,
  UNBOUNDED_JSON,
  UNFENCED_VALUE,
  UNTRUSTED_IN_SYSTEM,
} from "./rules/variable-rules.ts";

/** Grows whenever a rule comes or finds something else: texts are then reviewed anew before they are let out. */
export const RULES_EDITION = 2;

/** In the order of the documents. */
export const REVIEW_RULES: readonly ReviewRule[] = [
  UNTRUSTED_IN_SYSTEM,
  UNFENCED_VALUE,
  FENCE_WITHOUT_NOTICE,
  UNBOUNDED_JSON,
  HIDDEN_CHARACTERS,
  MIXED_SCRIPTS,
  SUSPICIOUS_URL,
  OVER_PRIVILEGED,
  CONTRADICTION,
  SECRET,
  PERSONAL_DATA,
  MISSING_OUTPUT,
  SHORT_LIMIT,
  WARM_CONTRACT,
  FLOATING_MODEL,
  LATEST,
  UNPINNED_PARTIAL,
  UNDECLARED_PLACEHOLDER,
  UNUSED_VARIABLE,
  COPIED_CASE,
  LATE_STATIC_TEXT,
  LONG_BODY,
  CHAT_MARKUP,
  LATE_SYSTEM,
  UNREAD_LANGUAGE,
];
