/** Reads options written in words, as on the command line: drift, new names, retirements, latency, rates of faults. */

import { HarnessError } from "@colophon/kernel";
import type { ModelDrift, ModelRetirement } from "./model-line-up.ts";
import { type FaultRates, type LatencyRange, RATES } from "./simulator-options.ts";

/** UTC or with an offset, so that it means the same on every machine. */
const MOMENT = /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/;

function refuse(text: string, form: string): never {
  throw new HarnessError("usage", `The simulator cannot read "${text}"; write ${form}.`);
}

function readMoment(text: string): number {
  const at = MOMENT.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at)
    ? refuse(text, "a time such as 2026-04-16T14:32:00Z, or a day such as 2026-04-16")
    : at;
}

const DRIFT = /^([^@=]+)@([^=]+)=([^;]+)(?:;fingerprint=(changes|stays|absent))?$/;

/** `gpt-5-mini@2026-04-16T14:32:00Z=gpt-5-nano;fingerprint=stays`. @throws HarnessError `usage`. */
export function readDrift(text: string): ModelDrift {
  const [, model, at, profile, fingerprint] = DRIFT.exec(text) ?? [];
  if (model === undefined || at === undefined || profile === undefined)
    return refuse(text, "MODEL@TIME=PROFILE, then perhaps ;fingerprint=changes, stays or absent");
  const told = fingerprint as ModelDrift["fingerprint"];
  return { model, at: readMoment(at), profile, ...(told !== undefined && { fingerprint: told }) };
}

/** `gpt-5-mini@2026-04-16T14:32:00Z`. @throws HarnessError `usage`. */
export function readRetirement(text: string): ModelRetirement {
  const [, model, at] = /^([^@=]+)@([^=]+)$/.exec(text) ?? [];
  return model === undefined || at === undefined ? refuse(text, "MODEL@TIME") : { model, at: readMoment(at) };
}

/** `gpt-6-mini=gpt-5`: a new name and the profile behind it. @throws HarnessError `usage`. */
export function readNewModel(text: string): readonly [name: string, profile: string] {
  const [, name, profile] = /^([^=]+)=([^=]+)$/.exec(text) ?? [];
  return name === undefined || profile === undefined ? refuse(text, "NAME=PROFILE") : [name, profile];
}

/** `0`, `5-20`, or `median=400,per-token=8`, in milliseconds. @throws HarnessError `usage`. */
export function readLatency(text: string): LatencyRange {
  const figure = "(\\d+(?:\\.\\d+)?)";
  const [, median, perToken] = new RegExp(`^median=${figure}(?:,per-token=${figure})?$`).exec(text) ?? [];
  if (median !== undefined) return { median: Number(median), perToken: Number(perToken ?? 0) };
  const [, min, max] = new RegExp(`^${figure}(?:-${figure})?$`).exec(text) ?? [];
  if (min === undefined) return refuse(text, "milliseconds as 0, 5-20 or median=400,per-token=8");
  return max === undefined ? Number(min) : { min: Number(min), max: Number(max) };
}

/** `429=0.1`: the share of attempts that meet a fault. @throws HarnessError `usage`. */
export function readFaultRate(text: string): FaultRates {
  const [, kind, share] = /^(\w+)=(\d(?:\.\d+)?)$/.exec(text) ?? [];
  const option = RATES.find((rate) => rate.kind === kind)?.option;
  const kinds = RATES.map((rate) => rate.kind).join(", ");
  return option === undefined
    ? refuse(text, `FAULT=SHARE with one of ${kinds}`)
    : { [option]: Number(share) };
}
