import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** One measured figure beside what it is measured against. `name` never changes, so that runs can be compared. */
export interface Figure {
  readonly name: string;
  /** Median over the runs, unless the name says p95 or max. */
  readonly value: number;
  readonly unit: string;
  readonly better: 'lower' | 'higher';
  /** The same figure of the yardstick, in the same unit, measured in the same run. */
  readonly yardstick: number;
  readonly yardstickName: string;
  /** value / yardstick, whatever is better; null beside a yardstick of 0. */
  readonly ratio: number | null;
  /** Samples (or whole runs) on each side. */
  readonly runs: number;
}

/** What is expected of a figure: a bound on the value or on the ratio to the yardstick. Never decides a test. */
export interface Target {
  readonly of: 'value' | 'ratio';
  readonly atLeast?: number;
  readonly atMost?: number;
}

export interface Measured {
  readonly figure: Figure;
  readonly target: Target | undefined;
}

export class Report {
  readonly #suite: string;
  readonly #measured: Measured[] = [];

  constructor(suite: string) {
    this.#suite = suite;
  }

  /** Keeps a figure and prints it at once, because a suite takes minutes. */
  add(figure: Omit<Figure, 'ratio'>, target?: Target): Figure {
    const ratio = figure.yardstick === 0 ? null : figure.value / figure.yardstick;
    const { name, value, unit, better, yardstick, yardstickName, runs } = figure;
    const whole: Figure = {
      name,
      value: rounded(value),
      unit,
      better,
      yardstick: rounded(yardstick),
      yardstickName,
      ratio: ratio === null ? null : rounded(ratio),
      runs,
    };
    this.#measured.push({ figure: whole, target });
    console.log(line({ figure: whole, target }));
    return whole;
  }

  /**
   * Writes `<folder>/<suite>.json` and prints what missed its target.
   * @throws Error when nothing was measured: that meets nothing
   */
  finish(folder: string): void {
    if (this.#measured.length === 0) throw new Error(`${this.#suite}: no figure was measured.`);
    mkdirSync(folder, { recursive: true });
    const file = join(folder, `${this.#suite}.json`);
    const figures = this.#measured.map((measured) => measured.figure);
    writeFileSync(file, `${JSON.stringify(figures, null, 2)}\n`);
    const missed = this.#measured.filter((measured) => meets(measured) === false);
    const targets = this.#measured.filter((measured) => measured.target !== undefined).length;
    console.log(`${this.#suite}: ${figures.length} figures, ${verdictOf(targets, missed.length)}`);
  }
}

function verdictOf(targets: number, missed: number): string {
  if (targets === 0) return 'none of them has a target';
  return missed === 0 ? `${targets} targets, every one is met` : `${missed} of ${targets} targets are missed`;
}

/** undefined where the figure has no target. */
export function meets({ figure, target }: Measured): boolean | undefined {
  if (!target) return undefined;
  const got = target.of === 'value' ? figure.value : figure.ratio;
  if (got === null) return undefined;
  return got >= (target.atLeast ?? -Infinity) && got <= (target.atMost ?? Infinity);
}

function line(measured: Measured): string {
  const { figure, target } = measured;
  const own = `${show(figure.value)} ${figure.unit}`;
  const beside = `${show(figure.yardstick)} ${figure.unit} ${figure.yardstickName}`;
  const ratio = figure.ratio === null ? '' : `${show(figure.ratio)}x`;
  const met = meets(measured);
  const mark = met === undefined ? '' : met ? 'ok' : 'MISSED';
  const bound = target ? `target ${expectation(target)}  ${mark}` : '';
  return `  ${figure.name.padEnd(38)} ${own.padStart(18)}   ${beside.padEnd(58)} ${ratio.padStart(8)}  ${bound}`;
}

function expectation(target: Target): string {
  const unit = target.of === 'ratio' ? 'x' : '';
  const low = target.atLeast === undefined ? '' : `>= ${show(target.atLeast)}${unit}`;
  const high = target.atMost === undefined ? '' : `<= ${show(target.atMost)}${unit}`;
  return [low, high].filter(Boolean).join(' and ');
}

function show(value: number): string {
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 1 ? 2 : 4;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

function rounded(value: number): number {
  return Number(value.toPrecision(6));
}
