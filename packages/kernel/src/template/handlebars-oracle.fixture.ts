/** Handlebars itself, as the judge of what a template must render to. */
import Handlebars from "handlebars";

export interface OracleInput {
  readonly source: string;
  readonly variables: unknown;
  readonly partials?: Readonly<Record<string, string>>;
}

/**
 * Without escaping Handlebars adds neighbouring numbers up: `{{n}}{{n}}` of 2 becomes 4. Here each
 * value passes through a helper that gives it as text.
 */
function readAsText(oracle: typeof Handlebars, source: string): hbs.AST.Program {
  const program = oracle.parse(source);
  class Rewriter extends Handlebars.Visitor {
    override MustacheStatement(mustache: hbs.AST.MustacheStatement): void {
      const { path } = mustache;
      if (path.type !== "PathExpression" || mustache.params.length > 0) return;
      const name = (path as hbs.AST.PathExpression).original;
      if (Object.hasOwn(oracle.helpers, name)) return;
      mustache.params = [path];
      mustache.path = {
        ...path,
        data: false,
        depth: 0,
        parts: ["text"],
        original: "text",
      } as hbs.AST.PathExpression;
    }
  }
  new Rewriter().accept(program);
  return program;
}

/** Throws what Handlebars throws. */
export function renderWithHandlebars({ source, variables, partials = {} }: OracleInput): string {
  const oracle = Handlebars.create();
  oracle.registerHelper("json", (value: unknown) => JSON.stringify(value));
  const compile = (template: string) => oracle.compile(readAsText(oracle, template), { noEscape: true });
  oracle.registerHelper("text", (value: unknown) =>
    value === null || value === undefined ? "" : String(value),
  );
  for (const [name, template] of Object.entries(partials)) oracle.registerPartial(name, compile(template));
  return compile(source)(variables);
}
