import { builtinModules } from 'node:module';
import { parseSync } from 'vite';

export interface Import {
  readonly from: string;
  /** Whether it is erased before the code runs. */
  readonly typeOnly: boolean;
  readonly line: number;
}

export interface Module {
  readonly imports: readonly Import[];
  /** Free names: used, and not declared in the file. The first line of each. */
  readonly names: ReadonlyMap<string, number>;
  /** Every name that occurs, also as an imported one. */
  readonly spoken: ReadonlyMap<string, number>;
}

interface Node {
  readonly type: string;
  readonly start: number;
  readonly [key: string]: unknown;
}

const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && typeof (value as Node).type === 'string';

const DECLARING = new Set([
  'VariableDeclarator',
  'ClassDeclaration',
  'TSTypeAliasDeclaration',
  'TSInterfaceDeclaration',
]);
const FUNCTIONS = /Function|TSMethodSignature|TSCallSignature|TSConstructSignature|TSDeclareFunction/;

/** Whether an identifier under this key of its parent is a mere label: a property, a key, a foreign name. */
function isLabel(parent: Node | undefined, key: string): boolean {
  if (!parent) return false;
  if (parent.type === 'MemberExpression' && key === 'property') return parent.computed !== true;
  if (key === 'key') return parent.computed !== true && parent.shorthand !== true;
  return key === 'label' || key === 'imported' || key === 'exported' || parent.type.startsWith('TSQualified');
}

function declares(parent: Node | undefined, key: string): boolean {
  if (!parent) return false;
  if (key === 'local') return true;
  if (key === 'id') return DECLARING.has(parent.type) || FUNCTIONS.test(parent.type);
  if (key === 'param') return parent.type === 'CatchClause';
  return key === 'params' && FUNCTIONS.test(parent.type);
}

const isBuiltin = (name: string) =>
  name.startsWith('node:') || builtinModules.includes(name.split('/', 1)[0] ?? name);

/** The package that an import names: `@scope/name/file` → `@scope/name`, `fs/promises` → `node:`. */
export function packageOf(from: string): string {
  if (isBuiltin(from)) return 'node:';
  const [first = from, second] = from.split('/');
  return first.startsWith('@') && second ? `${first}/${second}` : first;
}

/** Reads what a source file imports and which names it uses. Throws when it is not valid TypeScript. */
export function readModule(file: string, source: string): Module {
  const parsed = parseSync(file, source);
  if (parsed.errors.length > 0) throw new Error(`${file}: ${parsed.errors[0]?.message}`);
  const imports: Import[] = [];
  const used = new Map<string, number>();
  const spoken = new Map<string, number>();
  const declared = new Set<string>();
  const lineOf = (at: number) => source.slice(0, at).split('\n').length;
  const note = (map: Map<string, number>, name: string, at: number) =>
    map.has(name) || map.set(name, lineOf(at));

  const noteImport = (node: Node) => {
    const target = isNode(node.source) ? node.source : isNode(node.argument) ? node.argument : undefined;
    if (typeof target?.value !== 'string') return;
    const typeOnly = node.importKind === 'type' || node.exportKind === 'type' || node.type === 'TSImportType';
    imports.push({ from: target.value, typeOnly, line: lineOf(node.start) });
  };

  const visit = (node: Node, parent: Node | undefined, key: string, declaring: boolean) => {
    const binds = declaring || declares(parent, key);
    if (/^(Import|Export)(Named|All)?(Declaration|Expression)$|^TSImportType$/.test(node.type))
      noteImport(node);
    if ((node.type === 'Identifier' || node.type === 'JSXIdentifier') && typeof node.name === 'string') {
      note(spoken, node.name, node.start);
      if (binds) declared.add(node.name);
      else if (!isLabel(parent, key)) note(used, node.name, node.start);
    }
    // Inside a pattern every name is declared, but its default values and types are ordinary code.
    const pattern = binds && node.type !== 'Identifier' && node.type !== 'FunctionExpression';
    for (const [childKey, child] of Object.entries(node)) {
      const keeps = pattern && childKey !== 'right' && childKey !== 'typeAnnotation' && childKey !== 'key';
      for (const one of Array.isArray(child) ? child : [child]) {
        if (isNode(one)) visit(one, node, childKey, keeps);
      }
    }
  };
  visit(parsed.program as unknown as Node, undefined, '', false);
  const names = new Map([...used].filter(([name]) => !declared.has(name)));
  return { imports, names, spoken };
}
