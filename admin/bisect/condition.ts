// Conditions on the state of a room or an account: expressions of CEL (https://cel.dev) over the fields that `admin show --json` prints.
// The library parses and evaluates them itself: no text becomes a program of this process.
import {
  type ASTNode,
  Environment,
  EvaluationError,
  ParseError,
  TypeError as CelTypeError,
} from '@marcbachmann/cel-js';
import { OperatorError } from '../../core/errors.js';
import type { SubjectKind } from '../subject/subject.js';

export interface Condition {
  /**
   * Whether the condition holds for the output of `show`. Null if it has no value there, for example the field of a topic that is not set.
   * Throws an `OperatorError` if its value is not true or false.
   */
  isMet(shown: object): boolean | null;
}

const words = (text: string): readonly string[] => text.split(' ');

const FIELDS: Readonly<Record<SubjectKind, readonly string[]>> = {
  room: words(
    'kind id name at state version lastEvent created isPrivate topic unattended members admins next banned invited',
  ),
  account: words('kind id name nameNow at state version registered throttled disabled names devices rooms'),
};
/** The fields of the values and entries in the fields of `FIELDS`. */
const INNER: ReadonlySet<string> = new Set(
  words(
    'position time type by account name nameNow text deadline since isAdmin event after because rule reason from until device enrolled id joined',
  ),
);

/** Throws an `OperatorError` that names the place of the first mistake. */
export function parseCondition(text: string, kind: SubjectKind): Condition {
  const environment = new Environment();
  for (const field of FIELDS[kind]) environment.registerVariable(field, 'dyn');
  try {
    const parsed = environment.parse(text);
    checkFields(parsed.ast, kind);
    const { error, type } = parsed.check();
    if (error !== undefined) throw error;
    if (type !== 'bool' && type !== 'dyn') throw notCondition(`its value is of the type ${type}`);
    return {
      isMet(shown) {
        const value = valueOf(() => parsed(celOf(shown)));
        if (value === null || typeof value === 'boolean') return value;
        throw notCondition('its value is neither true nor false');
      },
    };
  } catch (thrown) {
    if (
      !(thrown instanceof ParseError || thrown instanceof CelTypeError || thrown instanceof EvaluationError)
    ) {
      throw thrown;
    }
    throw mistake(thrown.summary, (thrown.range?.start ?? 0) + 1, kind, thrown);
  }
}

function valueOf(evaluate: () => unknown): unknown {
  try {
    return evaluate();
  } catch (thrown) {
    // All field names are valid, so a missing field belongs to an entry or value that does not exist at this moment.
    if (thrown instanceof EvaluationError) return null;
    throw thrown;
  }
}

/** A mistyped field must not look like one that is not set. */
function checkFields(node: ASTNode, kind: SubjectKind): void {
  const { op, args } = node;
  if ((op === '.' || op === '.?') && !INNER.has(args[1])) {
    throw mistake(`unknown field: ${args[1]}`, node.range.end - args[1].length + 1, kind);
  }
  for (const child of childrenOf(args)) checkFields(child, kind);
}

const isNode = (value: unknown): value is ASTNode =>
  typeof value === 'object' && value !== null && 'op' in value && 'args' in value;

function childrenOf(args: unknown): readonly ASTNode[] {
  if (isNode(args)) return [args];
  return Array.isArray(args) ? args.flatMap(childrenOf) : [];
}

/** CEL has its own type for whole numbers. */
function celOf(value: unknown): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value), (_, field: unknown) =>
    typeof field === 'number' && Number.isSafeInteger(field) ? BigInt(field) : field,
  ) as Record<string, unknown>;
}

const mistake = (reason: string, place: number, kind: SubjectKind, cause?: unknown): OperatorError =>
  new OperatorError(
    `the condition is not valid at character ${place}: ${reason}`,
    `Use the fields that \`admin show --json\` prints: ${FIELDS[kind].join(', ')}.`,
    { cause },
  );

const notCondition = (reason: string): OperatorError =>
  new OperatorError(
    `the expression is not a condition: ${reason}`,
    "Give an expression that is true or false, such as 'size(members) > 2'.",
  );
