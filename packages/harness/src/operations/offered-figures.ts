/** Use cases of figures, on any house. */
import type { House } from "../house.ts";
import {
  estimatePoliciesOperation,
  explainCostChangeOperation,
  listCostsOperation,
  listMetricsOperation,
  listPriceTablesOperation,
  setPricesOperation,
  showPricesOperation,
} from "./figures-operations.ts";
import { offer } from "./offer.ts";

/**
 * What was spent in a window. Models without a price and calls without tokens are counted apart, and never
 * as nothing.
 *
 * @throws HarnessError `usage`, `environment-unknown` where no row and no record knows it, `input-malformed`
 * or `time-invalid` for a price file.
 * @example
 * const { rows, total } = await listCosts(house, { by: ["prompt", "model"] });
 */
export const listCosts = offer(listCostsOperation);

/**
 * Splits the change of cost exactly among its causes, and says in words which of them it is.
 *
 * @throws HarnessError `usage`, `key-unknown` or `environment-unknown` where no row and no record knows
 * the name, `input-malformed` or `time-invalid` for a price file.
 * @example
 * const { changes } = await explainCostChange(house, {
 *   key: "support.triage",
 *   before: { since: Date.parse("2026-01-09"), until: Date.parse("2026-01-10") },
 *   after: { since: Date.parse("2026-01-16"), until: Date.parse("2026-01-17") },
 * });
 * console.log(changes[0]?.headline);
 */
export const explainCostChange = offer(explainCostChangeOperation);

/**
 * What prices come from, in the order in which it is asked.
 *
 * @throws HarnessError `input-malformed` or `time-invalid` for the file beside the store.
 * @example
 * const [first] = await listPriceTables(house);
 */
export const listPriceTables = (house: House) => offer(listPriceTablesOperation)(house, {});

/**
 * One row for each size of input that has a price of its own.
 *
 * @throws HarnessError `prompt-invalid` for a model that is none, `input-malformed` or `time-invalid` for a
 * price file.
 * @example
 * const [price] = await showPrices(house, { model: "openai/gpt-5-mini" });
 */
export const showPrices = offer(showPricesOperation);

/**
 * Records a price table that is in force from a time on, until a later record says otherwise.
 *
 * @throws HarnessError `input-malformed`, `time-invalid` or `reason-missing`.
 * @example
 * await setPrices(house, {
 *   prices: { file: "prices.yaml", text: "prices: [{ model: openai/*, factor: 0.85 }]" },
 *   reason: "contract of 2026",
 * });
 */
export const setPrices = offer(setPricesOperation);

/**
 * Only calls of the purpose `serve` count, unless shadowed ones are asked for. What nobody said is null with
 * its reason, and neither 0 nor good.
 *
 * @throws HarnessError `key-unknown`, `environment-unknown` where no row and no record knows it, `usage`,
 * `input-malformed` or `time-invalid` for a price file.
 * @example
 * const { rows } = await listMetrics(house, { key: "support.triage", environment: "production" });
 * console.log(rows.map(({ version, metrics }) => [version, metrics.errors?.value]));
 */
export const listMetrics = offer(listMetricsOperation);

/**
 * What other shares would have earned, by inverse propensity scores over the calls that a rollout drew.
 *
 * @throws HarnessError `key-unknown`, `environment-unknown`, `usage` for shares that do not add up to 1, and
 * for an amount without a scale.
 * @example
 * const { rows } = await estimatePolicies(house, { key: "support.triage", environment: "production" });
 */
export const estimatePolicies = offer(estimatePoliciesOperation);
