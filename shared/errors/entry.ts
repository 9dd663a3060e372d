/** One error of the catalogue (errors.ts). */
export interface ErrorEntry {
  readonly status: number;
  readonly message: string;
  readonly hint: string;
}
