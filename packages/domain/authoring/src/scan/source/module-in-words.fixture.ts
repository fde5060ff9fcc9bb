/** What a reader says of a module, in lines that a test can compare. */
import type { ContextStep, SourceModule } from "./source-module.ts";
import type { SourceValue } from "./source-value.ts";

/** `"…"` a text with `${…}` for its holes, `(a + b)`, `format(… | name=…)`, `[…]`, `{…}`, `<a | b>` a choice, `@call`. */
export function valueInWords(value: SourceValue): string {
  const through = (value.through ?? []).map((call) => `~${call}`).join("");
  return wordsOf(value) + through;
}

function wordsOf(value: SourceValue): string {
  switch (value.kind) {
    case "text": {
      const pieces = value.pieces.map((piece) =>
        typeof piece === "string" ? JSON.stringify(piece).slice(1, -1) : `\${${valueInWords(piece)}}`,
      );
      return `${value.isBytes ? "bytes" : ""}${value.tag ?? ""}"${pieces.join("")}"`;
    }
    case "name":
      return value.name;
    case "member":
      return `${valueInWords(value.object)}.${value.property}`;
    case "concatenation": {
      const separator = value.separator ? ` by ${valueInWords(value.separator)}` : "";
      return `(${value.parts.map(valueInWords).join(" + ")}${separator})`;
    }
    case "format": {
      const values = value.values.map((filled) => `${filled.name}=${valueInWords(filled.value)}`);
      return `${value.style}(${valueInWords(value.template)} | ${values.join(", ")})`;
    }
    case "list":
      return `${value.isRepeated ? "many" : ""}[${value.items.map(valueInWords).join(", ")}]`;
    case "spread":
      return `...${valueInWords(value.value)}`;
    case "object":
      return `{${value.entries.map((entry) => `${entry.key}: ${valueInWords(entry.value)}`).join(", ")}}`;
    case "call":
      return `@${value.call}`;
    case "choice":
      return `<${value.options.map(valueInWords).join(" | ")}>`;
    case "function":
      return `scope${value.scope}`;
    case "plain":
      return String(value.value);
    case "unknown":
      return "?";
  }
}

/** `name = value`, `name += value`, `name << value` for what is appended; `const` in front of constants. */
export function bindingsInWords(module: SourceModule): readonly string[] {
  const signs = { set: "=", add: "+=", append: "<<" };
  return module.scopes.flatMap((scope, index) =>
    scope.bindings.map(({ name, operator, value, isConstant }) => {
      const where = index === 0 ? "" : `${index}: `;
      return `${where}${isConstant ? "const " : ""}${name} ${signs[operator]} ${valueInWords(value)}`;
    }),
  );
}

/** `await new client.chat(value, name=value)`. */
export function callsInWords(module: SourceModule): readonly string[] {
  return module.calls.map((call) => {
    const given = call.arguments.map(
      ({ name, value }) => `${name === null ? "" : `${name}=`}${valueInWords(value)}`,
    );
    return `${call.isAwaited ? "await " : ""}${call.isNew ? "new " : ""}${call.callee.join(".")}(${given.join(", ")})`;
  });
}

/** `value < step < step`, innermost first. */
export function textsInWords(module: SourceModule): readonly string[] {
  return module.texts.map(({ value, context }) =>
    [valueInWords(value), ...context.map(stepInWords)].join(" < "),
  );
}

function stepInWords(step: ContextStep): string {
  switch (step.kind) {
    case "argument":
      return `argument ${step.name ?? step.position} of @${step.call}`;
    case "item":
      return `item ${step.index}`;
    case "return":
      return `return of ${step.function}`;
    case "default":
      return `default of ${step.parameter}`;
    case "binding":
    case "property":
    case "tag":
    case "decorator":
      return `${step.kind} ${step.name}`;
    default:
      return step.kind;
  }
}

/** `exported = local`, `exported = "value"`, `exported from module.imported`. */
export function exportsInWords(module: SourceModule): readonly string[] {
  return module.exports.map(({ exported, local, value, from }) => {
    if (from) return `${exported} from ${from.module} ${from.imported}`;
    return `${exported} = ${local ?? (value ? valueInWords(value) : "?")}`;
  });
}

export function importsInWords(module: SourceModule): readonly string[] {
  return module.imports.map(({ local, module: from, imported }) => `${local} = ${from} ${imported}`);
}

/** `position name: type = fallback`, with the property that a destructured one is taken from. */
export function parametersInWords(module: SourceModule): readonly string[] {
  return module.scopes.flatMap(({ parameters }) =>
    parameters.map(({ name, position, property, type, fallback }) => {
      const taken = property === null ? "" : ` of .${property}`;
      const given = fallback === null ? "" : ` = ${valueInWords(fallback)}`;
      return `${position} ${name}${taken}${type === null ? "" : `: ${type}`}${given}`;
    }),
  );
}

/** Places where something stands outside of what it is a part of; none if the spans nest. */
export function spansThatDoNotNest(module: SourceModule): readonly string[] {
  const found: string[] = [];
  const visit = (value: SourceValue, around: { readonly from: number; readonly to: number }): void => {
    if (value.from < around.from || value.to > around.to || value.from > value.to) {
      found.push(`${value.kind} ${value.from}-${value.to} in ${around.from}-${around.to}`);
    }
    for (const part of partsOf(value)) visit(part, value);
  };
  for (const { value } of module.texts) visit(value, { from: 0, to: module.source.length });
  for (const binding of module.scopes.flatMap(({ bindings }) => bindings)) visit(binding.value, binding);
  for (const argument of module.calls.flatMap((call) => call.arguments)) visit(argument.value, argument);
  return found;
}

function partsOf(value: SourceValue): readonly SourceValue[] {
  switch (value.kind) {
    case "text":
      return value.pieces.filter((piece) => typeof piece !== "string");
    case "concatenation":
      return value.separator ? [...value.parts, value.separator] : value.parts;
    case "format":
      return [value.template, ...value.values.map((filled) => filled.value)];
    case "list":
      return value.items;
    case "object":
      return value.entries.map((entry) => entry.value);
    case "choice":
      return value.options;
    case "spread":
      return [value.value];
    case "member":
      return [value.object];
    default:
      return [];
  }
}
