/** Waits for a condition; the failure says what never came true. */
export async function until(
  what: string,
  holds: () => boolean | Promise<boolean>,
  millis = 60_000,
): Promise<void> {
  const end = Date.now() + millis;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`it never came true that ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
