/** Users with many requests and habits of their own: why a unit is counted once. */
import {
  addBadUnit,
  type BinaryGuard,
  type Draws,
  rejects,
  seededDraws,
  startBinaryGuard,
} from "@colophon/methods";
import { type GuardTable, share, shareWithin } from "./guard-table.ts";
import type { Scale } from "./scale.ts";

const ALPHA = 0.01;
const SHARE = 0.05;
const USERS = 4000;

interface Crowd {
  /** Sums of the users' activity up to each. */
  readonly activity: Float64Array;
  /** How often each one's requests are bad. */
  readonly rate: Float64Array;
  readonly isChallenger: Uint8Array;
  readonly wasBad: Uint8Array;
}

/** Activity with a tail of Pareto at 1.2; most users seldom see anything bad, one in ten does at every fifth request. */
function drawCrowd(random: Draws): Crowd {
  const crowd = {
    activity: new Float64Array(USERS),
    rate: new Float64Array(USERS),
    isChallenger: new Uint8Array(USERS),
    wasBad: new Uint8Array(USERS),
  };
  let sum = 0;
  for (let user = 0; user < USERS; user += 1) {
    sum += Math.min(200, (1 - random.next()) ** (-1 / 1.2));
    crowd.activity[user] = sum;
    crowd.rate[user] = random.next() < 0.1 ? 0.2 : 0.01;
    crowd.isChallenger[user] = random.next() < SHARE ? 1 : 0;
  }
  return crowd;
}

function drawUser({ activity }: Crowd, random: Draws): number {
  const target = random.next() * (activity[USERS - 1] ?? 0);
  let [low, high] = [0, USERS - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((activity[middle] ?? 0) > target) high = middle;
    else low = middle + 1;
  }
  return low;
}

export function heavyUserAlarms({ alarms, length, seed }: Scale): GuardTable {
  const random = seededDraws(seed + 3000);
  const streams = Math.ceil(alarms / 2);
  const requests = 100_000 * length;
  let [perUnit, perRequest] = [0, 0];
  for (let stream = 0; stream < streams; stream += 1) {
    const crowd = drawCrowd(random);
    let once: BinaryGuard = startBinaryGuard({ side: "rollback", ratio: 1 });
    let always = once;
    for (let request = 0; request < requests; request += 1) {
      const user = drawUser(crowd, random);
      if (random.next() >= (crowd.rate[user] ?? 0)) continue;
      const unit = { arm: crowd.isChallenger[user] === 1 ? "challenger" : "control", share: SHARE } as const;
      always = addBadUnit(always, unit);
      if (crowd.wasBad[user] === 1) continue;
      crowd.wasBad[user] = 1;
      once = addBadUnit(once, unit);
    }
    if (rejects(once.eValue, ALPHA)) perUnit += 1;
    if (rejects(always.eValue, ALPHA)) perRequest += 1;
  }
  return {
    title: "Bad units, heavy users",
    method: `${streams} streams of ${requests} requests by ${USERS} users, assigned for good; alpha ${100 * ALPHA} %.`,
    claim: "counted once, false rollbacks are at most alpha (and chance)",
    rows: [
      {
        cell: "5 % share, ratio 1",
        figures: [
          shareWithin("false, each unit once", perUnit / streams, { level: ALPHA, streams }),
          share("false, each request", perRequest / streams),
        ],
      },
    ],
  };
}
