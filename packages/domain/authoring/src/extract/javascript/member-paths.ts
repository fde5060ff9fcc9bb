/** Follows a path such as `PROMPTS.triage`, `texts.SYSTEM` or `this.system` to what declares it, in any file. */
import type { Node } from "@babel/types";
import { type ClassPlace, classOfThis, isClass, memberName, memberOfClass } from "./class-members.ts";
import { isChangedAnywhere } from "./held-constants.ts";
import { importedName, keyOf, propertyOfPattern, requiredModule } from "./imported-name.ts";
import { type Binding, bare, type Program } from "./program.ts";
import type { Definition, ProgramSet } from "./program-set.ts";

/** What a path leads to, with every declaration that was named on the way. */
export interface FollowedPath {
  readonly definition: Definition;
  readonly passed: readonly Binding[];
  /** Whether it is a member of what `this` is. */
  readonly isOfThis: boolean;
}

type Place =
  | ({ readonly kind: "definition" } & FollowedPath)
  | { readonly kind: "module"; readonly program: Program; readonly passed: readonly Binding[] }
  | {
      readonly kind: "class";
      readonly place: ClassPlace;
      readonly passed: readonly Binding[];
      readonly isOfThis: boolean;
    };

const MAX_STEPS = 20;

/** Undefined for what no declaration says once and for all. */
export function followPath(
  programs: ProgramSet,
  program: Program,
  expression: Node,
): FollowedPath | undefined {
  const place = new Follower(programs).place(program, expression, 0);
  return place?.kind === "definition" ? place : undefined;
}

class Follower {
  readonly #programs: ProgramSet;

  constructor(programs: ProgramSet) {
    this.#programs = programs;
  }

  place(program: Program, expression: Node, steps: number): Place | undefined {
    const node = bare(expression);
    if (steps > MAX_STEPS) return undefined;
    const required = requiredModule(node);
    if (required !== undefined) return this.#module(program, required, []);
    switch (node.type) {
      case "Identifier": {
        const binding = program.bindingOf(node);
        return binding && this.#named({ program, binding }, steps);
      }
      case "ThisExpression": {
        const place = classOfThis(program, node);
        return place && { kind: "class", place, passed: [], isOfThis: true };
      }
      case "MemberExpression": {
        const name = memberName(node.property, node.computed);
        const base = name === undefined ? undefined : this.place(program, node.object, steps + 1);
        return base && name !== undefined ? this.#member(base, name, steps + 1) : undefined;
      }
      default:
        return undefined;
    }
  }

  #named(from: Definition, steps: number): Place | undefined {
    const definition = this.#programs.follow(from);
    const { program, binding } = definition;
    if (program !== from.program && this.#programs.isPatched(program)) return undefined;
    const passed = [...new Set([from.binding, binding])];
    const imported = importedName(program, binding);
    if (imported?.name === "*") return this.#module(program, imported.specifier, passed);
    if (imported !== undefined) return undefined;
    const { declaration } = binding;
    if (isClass(declaration)) {
      return {
        kind: "class",
        place: { program, node: declaration, isStatic: true },
        passed,
        isOfThis: false,
      };
    }
    if (declaration.type === "VariableDeclarator" && declaration.id.type === "ObjectPattern") {
      const property = propertyOfPattern(declaration.id, binding.name);
      const name = property && keyOf(property.key);
      const init = binding.kind === "constant" && !binding.isChanged ? declaration.init : null;
      const base = name !== undefined && init ? this.place(program, init, steps + 1) : undefined;
      const found = base && name !== undefined ? this.#member(base, name, steps + 1) : undefined;
      return found && joined(passed, found);
    }
    return { kind: "definition", definition, passed, isOfThis: false };
  }

  #module(program: Program, specifier: string, passed: readonly Binding[]): Place | undefined {
    const other = this.#programs.imported(program, specifier);
    return other && { kind: "module", program: other, passed };
  }

  #member(base: Place, name: string, steps: number): Place | undefined {
    const { passed } = base;
    if (steps > MAX_STEPS) return undefined;
    if (base.kind === "module") {
      if (this.#programs.isPatched(base.program)) return undefined;
      const found = this.#programs.exported(base.program, name);
      return found && joined(passed, this.#named(found, steps));
    }
    if (base.kind === "class") {
      const found = memberOfClass(this.#programs, base.place, name);
      if (found === undefined) return undefined;
      const definition = this.#programs.member(found.program, found.node, name);
      return {
        kind: "definition",
        definition,
        passed: [...passed, definition.binding],
        isOfThis: base.isOfThis,
      };
    }
    return this.#memberOfValue(base, name, steps);
  }

  #memberOfValue(
    base: Place & { readonly kind: "definition" },
    name: string,
    steps: number,
  ): Place | undefined {
    const { definition, passed } = base;
    const { program, binding } = definition;
    if (isChangedAnywhere(this.#programs, definition)) return undefined;
    const declared = this.#programs.memberOf(definition, name);
    if (declared !== undefined) {
      return {
        kind: "definition",
        definition: declared,
        passed: [...passed, declared.binding],
        isOfThis: base.isOfThis,
      };
    }
    const value = this.#programs.valueOf(definition);
    const alias = value && bare(value);
    if (isClass(alias)) {
      return joined(
        passed,
        this.#member(
          { kind: "class", place: { program, node: alias, isStatic: true }, passed: [], isOfThis: false },
          name,
          steps,
        ),
      );
    }
    const isPath = alias?.type === "Identifier" || alias?.type === "MemberExpression";
    if (!isPath || binding.isChanged) return undefined;
    const other = this.place(program, alias, steps + 1);
    return other && joined(passed, this.#member(other, name, steps + 1));
  }
}

function joined(before: readonly Binding[], place: Place | undefined): Place | undefined {
  return place && { ...place, passed: [...before, ...place.passed] };
}
