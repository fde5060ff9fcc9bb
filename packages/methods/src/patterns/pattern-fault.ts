/** Why a pattern cannot be matched in linear time: the rest of a sentence about it. */

export class PatternFault extends Error {}
