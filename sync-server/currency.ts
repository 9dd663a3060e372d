/** Digits behind the point of a currency: 2 for USD, 0 for JPY, 3 for KWD. A code that is not known counts as 2. */
export function fractionDigits(currency: string): number {
  return (
    new Intl.NumberFormat('en-US', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ??
    2
  );
}
