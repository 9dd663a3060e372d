/** What ties an input to its label and its error; from `Field`, or made by an editor in place. */
export interface ControlProps {
  readonly id?: string | undefined;
  readonly 'aria-label'?: string | undefined;
  readonly 'aria-describedby'?: string | undefined;
  readonly 'aria-invalid'?: boolean | undefined;
  readonly 'aria-required'?: boolean | undefined;
  readonly autoFocus?: boolean | undefined;
}
