import { mkdirSync } from 'node:fs';
import type { Report } from '../lib/figure.ts';
import type { Pages } from '../lib/pages.ts';
import { PASSWORD, people, type Server } from '../lib/server.ts';

export interface Scene {
  readonly server: Server;
  readonly folder: string;
  /** All that a first sync fetches. */
  readonly pages: Pages;
  readonly report: Report;
  /** Contacts on the server. */
  readonly rows: number;
  readonly runs: number;
  readonly seed: number;
}

/** What a device is told to begin with. */
export function begin(server: Server, folder: string, person: keyof typeof people) {
  mkdirSync(folder, { recursive: true });
  return { folder, url: server.url, email: people[person].email, password: PASSWORD };
}
