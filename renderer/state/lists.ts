/** Forgets what lists remembered of filters, orders and places. */
export function forgetLists(): void {
  remembered.clear();
}

const remembered = new Map<string, unknown>();
