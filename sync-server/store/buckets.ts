/** The bucket of a whole company. The only one so far; rows and readers already ask by list. */
export function tenantBucket(tenant: string): string {
  return `tenant:${tenant}`;
}

/** Every reason to see a row. */
export function bucketsOfRow(tenant: string): readonly string[] {
  return [tenantBucket(tenant)];
}
