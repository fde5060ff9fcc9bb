/** Rules about placeholders and the contract of the variables. */
import {
  type Body,
  bodiesOf,
  bodyMisfits,
  contractVariables,
  templateVariables,
  unusedVariables,
} from "@colophon/kernel";
import type { ReviewRule } from "../review-rule.ts";
import type { ReviewedText } from "../reviewed-text.ts";

function bodiesByRef({ partials }: ReviewedText): ReadonlyMap<string, Body> {
  return new Map(Array.from(partials, ([ref, { body }]) => [ref, body]));
}

export const UNDECLARED_PLACEHOLDER: ReviewRule = {
  id: "undeclared-placeholder",
  severity: "high",
  summary: "A placeholder reads what the contract does not have.",
  advice: "Add it to `input`, or correct the body.",
  find: (reviewed) => {
    const { text } = reviewed;
    const misfits = new Set(bodyMisfits(bodiesOf(text), text.input, bodiesByRef(reviewed)));
    return [...misfits].map((misfit) => ({
      message: `The body does not fit its contract: ${misfit}. It cannot be rendered, and is no version.`,
      about: misfit,
      spot: { field: "input" },
    }));
  },
};

export const UNUSED_VARIABLE: ReviewRule = {
  id: "unused-variable",
  severity: "low",
  summary: "The contract has a variable that no placeholder reads.",
  advice: "Read it in the body, or take it out of `input`.",
  find: (reviewed) => {
    const { text } = reviewed;
    const partials = bodiesByRef(reviewed);
    const required = new Set(unusedVariables(bodiesOf(text), text.input, partials));
    const read = new Set(
      bodiesOf(text).flatMap((body) =>
        templateVariables(body, { partials }).map(({ path }) => path.split(/[.[]/)[0]),
      ),
    );
    return contractVariables(text.input)
      .all.filter((name) => !read.has(name))
      .map((name) => ({
        severity: required.has(name) ? "high" : "low",
        message: required.has(name)
          ? `${name} is required, and no placeholder reads it: callers would pass what is lost.`
          : `${name} may be passed, and no placeholder reads it.`,
        about: name,
        spot: { field: "input", words: `input.${name}` },
      }));
  },
};
