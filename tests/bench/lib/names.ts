/** Words that people, companies and places are made of. Accents are there because folding them is part of the work. */
export const firstNames =
  'Maria James Anna Robert Sofia Michael Emma David Laura Thomas Julia Daniel Sarah Peter Eva Martin Ana Paul Elena Mark Nina Stefan Clara Lukas Isabel Jonas Marta Simon Lena Andreas Zoë Niels Chloé Björn Inés Søren Renée Jürgen Łucja Tomáš Aoife Ciarán Priya Arjun Mei Wei Yuki Haruto Fatima Omar Leila Hassan Amara Kwame Thandiwe Nia Diego Camila Mateo Valentina Oliver Charlotte George Amelia Harry Isla Jack Poppy Noah Mia Elias Hannah Felix Greta Anton Ida Viktor Astrid Henrik Maja Aleksander Zofia Piotr Katarzyna Pavel Tereza Dimitri Irina Nikolai Olga Giulia Marco Francesca Luca Pierre Camille Hugo Manon'.split(
    ' ',
  );

export const lastNames =
  'Smith Müller García Johnson Rossi Martin Nowak Jensen Brown Schmidt Silva Williams Dubois Andersson Jones Fischer López Miller Bianchi Bernard Kowalski Nielsen Davis Weber Pereira Wilson Laurent Johansson Taylor Wagner Hernández Moore Ferrari Petit Wiśniewski Hansen Thomas Becker Costa Jackson Moreau Karlsson White Hoffmann Gómez Harris Russo Simon Wójcik Pedersen Clark Schulz Santos Lewis Michel Nilsson Robinson Koch Díaz Walker Colombo Leroy Zieliński Christensen Young Bauer Oliveira King Roux Eriksson Wright Richter Pérez Scott Ricci Fournier Lewandowski Larsen Green Klein Ferreira Baker Girard Larsson Adams Wolf Sánchez Nelson Marino Bonnet Szymański Sørensen Carter Schröder Almeida Mitchell Dupont Olsson Roberts Neumann Ramírez Turner Greco Lambert Dąbrowski Rasmussen Phillips Schwarz Ribeiro Campbell Fontaine Persson Parker Zimmermann Torres Evans Bruno Rousseau Kozłowski Jørgensen Edwards Braun Carvalho Collins Vincent Svensson Stewart Krüger Flores Morris Gallo Müllner Jankowski Petersen Rogers Hartmann Gomes Reed Faure Gustafsson Cook Lange Rivera Morgan Conti Blanc Mazur Madsen Bell Krause Martins Murphy Guérin Pettersson Bailey Meier Vargas Cooper DeLuca Garnier Krawczyk Kristensen Richardson Lehmann Araújo Cox Chevalier Jonsson Howard Köhler Castillo Ward Mancini Muller Piotrowski Olsen Okafor Mensah Nguyen Tran Patel Sharma Singh Khan Ahmed Tanaka Suzuki Kim Park Chen Zhang Novák Svoboda Horváth Kovács Popescu Ionescu Ivanov Petrov O’Brien Byrne Kelly Walsh'.split(
    ' ',
  );

export const cities =
  'London Berlin Paris Madrid Rome Warsaw Chicago Houston Munich Lyon Milan Porto Dublin Leeds Hamburg Vienna Zürich Prague Copenhagen Stockholm Oslo Helsinki Göteborg Århus Kraków Gdańsk Brno Budapest Bucharest Sofia Athens Lisbon Seville Valencia Bilbao Turin Naples Marseille Toulouse Nantes Lille Antwerp Ghent Rotterdam Utrecht Eindhoven Cologne Düsseldorf Stuttgart Leipzig Nürnberg Bristol Glasgow Edinburgh Cardiff Belfast Cork Boston Denver Seattle Austin Atlanta Phoenix Toronto Montréal Vancouver'.split(
    ' ',
  );

export const titles = [
  'Sales manager',
  'Head of purchasing',
  'Buyer',
  'Managing director',
  'Plant manager',
  'Operations lead',
  'Chief financial officer',
  'Procurement specialist',
  'Office manager',
  'Regional director',
  'Technical buyer',
  'Quality engineer',
  'Owner',
  'Head of logistics',
  'IT manager',
  'Project manager',
  'Maintenance planner',
  'Store manager',
];

export const companyWords =
  'Nordwind Atlas Harbour Meridian Kestrel Alder Beacon Cobalt Delta Ember Falcon Granite Helix Ironbridge Juniper Keystone Lakeside Monarch Northgate Orchard Pinnacle Quarry Ridgeway Summit Tidewater Union Valley Westfield Zenith Brightwell'.split(
    ' ',
  );

export const companyKinds = [
  'Foods',
  'Logistics',
  'Systems',
  'Medical',
  'Energy',
  'Tools',
  'Retail',
  'Works',
];

export const tags = [
  'key',
  'newsletter',
  'fair 2025',
  'decision maker',
  'referral',
  'service contract',
  'cold',
];

/** What a rep writes down after a call, in parts that are strung together. */
export const remarks = [
  'Met at the spring fair.',
  'Prefers a call before nine.',
  'Asks for the new price list.',
  'Budget is decided in October.',
  'Knows our service team well.',
  'Wants samples of the larger size.',
  'Visits only after an appointment.',
  'Speaks for three sites.',
];
