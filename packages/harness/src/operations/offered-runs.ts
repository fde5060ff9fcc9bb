/** Use cases that ask models, on any house: runs, gates, the matrix, judges and scores. */
import type { House } from "../house.ts";
import { calibrateJudgeOperation, listJudgesOperation } from "./judge-operations.ts";
import {
  listMatrixOperation,
  planMatrixOperation,
  runMatrixOperation,
  upgradeModelOperation,
} from "./matrix-operations.ts";
import { offer, offerJob } from "./offer.ts";
import { evaluateOperation, gateOperation, noiseOperation } from "./run-operations.ts";
import { onlineRatesOperation, scoreCallsOperation } from "./score-operations.ts";

/**
 * Asks, scores, and appends a `run` record.
 *
 * @throws HarnessError `usage`, `eval-set-unknown`, `key-unknown`, `version-unknown`, `withdrawn`, `input-malformed`
 * (cases or scorers that do not fit), `store-unsupported`, `store-busy`; of a server `not-allowed` for scorers of
 * one's own.
 * @example
 * const { scores } = await evaluate(
 *   harness,
 *   { key: "support.triage", version: 7, set: "tickets", environment: "development" },
 *   parts,
 * );
 */
export const evaluate = offerJob(evaluateOperation);

/**
 * @throws HarnessError as `evaluate` does; `usage` where the challenger is what it would be compared with.
 * @example
 * const { verdict, evidenceId } = await gateChallenger(
 *   harness,
 *   { key: "support.triage", version: 8, environment: "production" },
 *   parts,
 * );
 */
export const gateChallenger = offerJob(gateOperation);

/**
 * @throws HarnessError as `evaluate` does.
 * @example
 * const { noise } = await measureVersionNoise(
 *   harness,
 *   { key: "support.triage", version: 7, environment: "development" },
 *   parts,
 * );
 */
export const measureVersionNoise = offerJob(noiseOperation);

/**
 * @throws HarnessError `environment-unknown` or `key-unknown`.
 * @example
 * const { cells } = await listMatrix(harness, { environment: "production" });
 */
export const listMatrix = offer(listMatrixOperation);

/**
 * @throws HarnessError as `listMatrix` does.
 * @example
 * const { run } = await planCells(harness, { environment: "production", budget: { amount: 5, currency: "USD" } });
 */
export const planCells = offer(planMatrixOperation);

/**
 * @throws HarnessError as `gateChallenger` does for what concerns the run as a whole.
 * @example
 * const { ran, left } = await runCells(harness, { environment: "production" }, parts);
 */
export const runCells = offerJob(runMatrixOperation);

/**
 * @throws HarnessError `usage` for the same model twice; `environment-unknown`, `store-unsupported`.
 * @example
 * const [from, to] = [{ provider: "openai", id: "gpt-5-mini" }, { provider: "openai", id: "gpt-6-mini" }];
 * const { safe, reasons } = await upgradeModel(harness, { from, to, environment: "production" }, parts);
 */
export const upgradeModel = offerJob(upgradeModelOperation);

/**
 * The judges that come with the house, and those of one's own that were calibrated.
 *
 * @example
 * const uncalibrated = (await listJudges(harness)).filter(({ state }) => state === "uncalibrated");
 */
export const listJudges = (house: House) => offer(listJudgesOperation)(house, {});

/**
 * @throws HarnessError what `findJudge` throws, and `usage` for labels of the other kind of judge.
 * @example
 * import { openModels, readLabelledAnswers } from "@colophon/harness";
 * const text = '{"answer": "Thank you!", "rubric": "polite", "label": true}';
 * const labelled = readLabelledAnswers({ file: "labels.jsonl", text });
 * const { kappa } = await runCalibration(
 *   harness,
 *   { judge: "colophon.judge.rubric", labelled, environment: "development" },
 *   { ...openModels({ clock: harness.clock }), onNotice: console.warn },
 * );
 */
export const runCalibration = offerJob(calibrateJudgeOperation);

/**
 * @throws HarnessError `key-unknown`, `environment-unknown`, or `usage` for scorers that cannot score such calls.
 * @example
 * const report = await scoreOnline(
 *   harness,
 *   { key: "support.triage", environment: "production", scorers: [{ scorer: "json-valid" }] },
 *   parts,
 * );
 */
export const scoreOnline = offerJob(scoreCallsOperation);

/**
 * @throws HarnessError `key-unknown`, `environment-unknown`.
 * @example
 * const rates = await onlineRates(harness, { key: "support.triage", environment: "production" });
 * console.log(rates.map(({ version, judged }) => [version, judged?.corrected]));
 */
export const onlineRates = offer(onlineRatesOperation);
