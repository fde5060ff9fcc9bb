/** Measures every claim about the guards, table by table. */
import { binaryAlarms, binaryPromotions, binaryRollbacks } from "./binary-claims.ts";
import type { GuardTable } from "./guard-table.ts";
import { heavyAlarms, heavySpeed } from "./heavy-claims.ts";
import { heavyUserAlarms } from "./heavy-users.ts";
import { standingRuns, tailAlarms } from "./level-claims.ts";
import { mismatchAlarms } from "./mismatch-claims.ts";
import { pairedBlocks, pairedShips } from "./paired-claims.ts";
import type { Scale } from "./scale.ts";
import { driftingScores, scoreAlarms, scoreRollbacks } from "./score-claims.ts";

/** One at a time, since the large tables take a while. */
export function* measureGuards(scale: Scale): Generator<GuardTable> {
  yield binaryAlarms(scale);
  yield binaryRollbacks(scale);
  yield binaryPromotions(scale);
  yield heavyUserAlarms(scale);
  yield scoreAlarms(scale);
  yield driftingScores(scale);
  yield scoreRollbacks(scale);
  yield heavyAlarms(scale);
  yield heavySpeed(scale);
  yield tailAlarms(scale);
  yield standingRuns(scale);
  yield pairedBlocks(scale);
  yield pairedShips(scale);
  yield mismatchAlarms(scale);
}
