/** Who asks, from where. Every repository is made for one of these and can see nothing outside its company. */
export interface Principal {
  readonly tenant: string;
  readonly tenantName: string;
  readonly user: string;
  readonly userName: string;
  readonly email: string;
  readonly role: string;
  readonly team: string;
  readonly territory: string;
  readonly device: string;
  readonly deviceName: string;
  readonly app: string;
}

/** The server itself: imports, set-up, the command line. */
export function system(tenant: string, name: string): Principal {
  return {
    tenant,
    tenantName: '',
    user: '',
    userName: name,
    email: '',
    role: 'admin',
    team: '',
    territory: '',
    device: '',
    deviceName: name,
    app: '',
  };
}
