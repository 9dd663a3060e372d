/** Invented names for the demo company. Nobody and no firm is meant. */
export const firstNames = [
  ...[
    'Ada',
    'Alma',
    'Anton',
    'Bela',
    'Bruno',
    'Carla',
    'Cem',
    'Clara',
    'Dario',
    'Dina',
    'Edda',
    'Emil',
    'Enya',
  ],
  ...[
    'Farid',
    'Finn',
    'Freya',
    'Gita',
    'Hanna',
    'Hugo',
    'Ida',
    'Ilias',
    'Imran',
    'Ines',
    'Ivo',
    'Jana',
    'Jonas',
  ],
  ...[
    'Joy',
    'Kaja',
    'Kofi',
    'Lars',
    'Leila',
    'Lena',
    'Levi',
    'Lucia',
    'Malik',
    'Marta',
    'Mei',
    'Milo',
    'Nadia',
  ],
  ...[
    'Nils',
    'Noor',
    'Odile',
    'Omar',
    'Oskar',
    'Paula',
    'Petra',
    'Rafi',
    'Rosa',
    'Ruben',
    'Sana',
    'Selma',
    'Sora',
  ],
  ...['Tariq', 'Thea', 'Timo', 'Uma', 'Vera', 'Viktor', 'Wanda', 'Yara', 'Yusuf', 'Zora'],
];

export const lastNames = [
  ...[
    'Abernath',
    'Albrekt',
    'Arden',
    'Bachorn',
    'Bellweg',
    'Berrin',
    'Blaskov',
    'Brandell',
    'Calder',
    'Castorn',
  ],
  ...[
    'Dahlgren',
    'Delmar',
    'Dorwin',
    'Eklas',
    'Elsworth',
    'Farrow',
    'Fenwick',
    'Galvan',
    'Gerritsen',
    'Hadley',
  ],
  ...[
    'Halloran',
    'Hartvig',
    'Iversen',
    'Jandor',
    'Karsten',
    'Kellner',
    'Kovar',
    'Lanfear',
    'Lindahl',
    'Lorenz',
  ],
  ...[
    'Madsen',
    'Marchetti',
    'Mirza',
    'Navarro',
    'Nygaard',
    'Okonjo',
    'Orlov',
    'Paxton',
    'Pellegrin',
    'Quist',
  ],
  ...['Radley', 'Rasmus', 'Renner', 'Rowan', 'Sandoval', 'Sayeed', 'Selwyn', 'Tallis', 'Thorne', 'Ulrik'],
  ...['Vandel', 'Varga', 'Wexford', 'Whitlow', 'Yilmaz', 'Zeller'],
];

export const firmStems = [
  ...['Harrowgate', 'Pikestone', 'Ashmere', 'Bluefell', 'Castlebridge', 'Dunmore', 'Eastvale', 'Fairlight'],
  ...['Glenford', 'Hollowell', 'Ironbeck', 'Juniper Hill', 'Kestrel', 'Larkfield', 'Marlow', 'Netherby'],
  ...['Oakhurst', 'Penrose', 'Quayside', 'Ridgeway', 'Silverdale', 'Thornbury', 'Underwood', 'Vantage'],
  ...['Westmark', 'Yarrow', 'Brightwater', 'Copperfield', 'Dalesman', 'Elmstead'],
];

export const firmKinds: readonly { readonly word: string; readonly industry: string }[] = [
  { word: 'Joinery', industry: 'Construction' },
  { word: 'Builders', industry: 'Construction' },
  { word: 'Clinics', industry: 'Health' },
  { word: 'Foods', industry: 'Food' },
  { word: 'Brewing', industry: 'Food' },
  { word: 'Hotels', industry: 'Hospitality' },
  { word: 'Logistics', industry: 'Logistics' },
  { word: 'Precision', industry: 'Manufacturing' },
  { word: 'Plastics', industry: 'Manufacturing' },
  { word: 'Retail', industry: 'Retail' },
  { word: 'Schools', industry: 'Education' },
  { word: 'Energy', industry: 'Energy' },
];

export const cities: readonly {
  readonly city: string;
  readonly country: string;
  readonly at: [number, number];
}[] = [
  { city: 'Leeds', country: 'United Kingdom', at: [53.8, -1.55] },
  { city: 'York', country: 'United Kingdom', at: [53.96, -1.08] },
  { city: 'Newcastle', country: 'United Kingdom', at: [54.98, -1.61] },
  { city: 'Carlisle', country: 'United Kingdom', at: [54.89, -2.93] },
  { city: 'Derby', country: 'United Kingdom', at: [52.92, -1.48] },
  { city: 'Bristol', country: 'United Kingdom', at: [51.45, -2.59] },
  { city: 'Exeter', country: 'United Kingdom', at: [50.72, -3.53] },
  { city: 'Brighton', country: 'United Kingdom', at: [50.82, -0.14] },
  { city: 'Dublin', country: 'Ireland', at: [53.35, -6.26] },
  { city: 'Cork', country: 'Ireland', at: [51.9, -8.47] },
];

export const jobTitles = [
  ...['Head of purchasing', 'Buyer', 'Site manager', 'Operations manager', 'Managing director'],
  ...['Facilities lead', 'Plant manager', 'Office manager', 'Finance manager', 'Maintenance planner'],
];

/** Prices in minor units of USD. */
export const catalogueOfProducts: readonly {
  readonly code: string;
  readonly name: string;
  readonly family: string;
  readonly minor: number;
}[] = [
  { code: 'RS-100', name: 'Racking start kit', family: 'Racking', minor: 184_000 },
  { code: 'RS-240', name: 'Racking bay, heavy', family: 'Racking', minor: 312_500 },
  { code: 'PT-20', name: 'Pallet truck', family: 'Handling', minor: 62_900 },
  { code: 'ST-75', name: 'Stacker, electric', family: 'Handling', minor: 748_000 },
  { code: 'LF-10', name: 'Lift table', family: 'Handling', minor: 229_000 },
  { code: 'WB-30', name: 'Workbench system', family: 'Workshop', minor: 96_400 },
  { code: 'SC-05', name: 'Safety cabinet', family: 'Safety', minor: 131_000 },
  { code: 'SV-12', name: 'Service plan, one year', family: 'Service', minor: 240_000 },
];

export const nextSteps = [
  ...[
    'Send the revised quote',
    'Call after the board meeting',
    'Measure the second hall',
    'Agree on delivery dates',
  ],
  ...[
    'Bring the sample next visit',
    'Wait for the purchase order',
    'Show the service plan',
    'Check the floor load',
  ],
];

export const subjects = {
  call: ['Called about the quote', 'Asked for the delivery date', 'Followed up after the visit'],
  meeting: ['Went through the layout', 'Agreed on the scope', 'Met the new buyer'],
  visit: ['Visited the site', 'Measured the hall', 'Checked the installation'],
  task: ['Send the price list', 'Prepare the quote', 'Book the fitter', 'Ask for references'],
  note: [
    'Wants delivery before the season',
    'Budget is set in spring',
    'Prefers one supplier for everything',
  ],
} as const;
