/** The learning room: proposes texts; what becomes of them is decided by people, and released by delivery. */
export { candidateNumber } from "./candidate-number.ts";
export { type CandidateCommand, type CandidateDecided, decideCandidate } from "./decide-candidate.ts";
export { decidePromotion, type Promoted, type PromotionCommand } from "./decide-promotion.ts";
export { parentVersion } from "./parent-version.ts";
