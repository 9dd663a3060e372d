import { pad, type Scene, usd } from './scene.ts';
import { firsts, heads, jobs, lasts, sectors, tails } from './words.ts';

/** Accounts, contacts and leads. */
export function addParties({ add, pick, whole, day, owner }: Scene): void {
  for (let index = 0; index < 96; index += 1) {
    const name = `${heads[index % heads.length]} ${tails[Math.floor(index / heads.length)] ?? 'Trade'}`;
    add(
      'accounts',
      `account-${pad(index)}`,
      {
        name,
        type: pick(['customer', 'customer', 'prospect', 'partner', 'supplier']),
        industry: pick(sectors),
        country: pick(['United States', 'Canada', 'Germany', 'Kenya']),
        employees: whole(20, 9_000),
        revenue: usd(whole(1, 3_200) * 1_000_000),
        website: `https://www.${name.toLowerCase().replace(/ /g, '-')}.example`,
      },
      { owner: owner() },
    );
  }
  for (let index = 0; index < 180; index += 1) {
    const [first, last] = [firsts[index % 20] ?? '', pick(lasts)];
    add(
      'contacts',
      `contact-${pad(index)}`,
      {
        firstName: first,
        lastName: last,
        title: pick(jobs),
        account: `account-${pad(whole(0, 95))}`,
        emails: [{ id: 'e', type: 'work', address: `${first}.${last}@example.com`.toLowerCase() }],
        phones: [{ id: 'p', type: 'work', number: `+1 312 555 ${whole(1000, 9999)}` }],
      },
      { owner: owner(), mark: index === 4 ? 'waiting' : 'in-step' },
    );
  }
  for (let index = 0; index < 90; index += 1) {
    add(
      'leads',
      `lead-${pad(index)}`,
      {
        firstName: pick(firsts),
        lastName: pick(lasts),
        company: `${pick(heads)} ${pick(tails)}`,
        status: pick(['new', 'assigned', 'working', 'nurturing', 'converted', 'dead']),
        rating: pick(['hot', 'warm', 'cold']),
        source: pick(['Trade show', 'Web', 'Referral']),
        amount: usd(whole(1, 90) * 500),
        nextFollowUp: day(whole(-9, 30)),
      },
      { owner: owner() },
    );
  }
}
