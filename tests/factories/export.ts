/** A small export of the same form, with one fault of each kind. */
export const smallExport = {
  'accounts.csv': `account,sector,year_established,revenue,employees,office_location,subsidiary_of
Cancity,technolgy,2001,718.62,2448,United States,
Isdom,medical,2002,not much,4540,Philipines,Cancity
,retail,2000,1,1,Nowhere,
Cancity,retail,2001,1,1,Twice,
`,
  'products.csv': 'product,series,sales_price\nGTX Plus Basic,GTX,1096\nGTX Pro,GTX,4821\n',
  'sales_teams.csv': 'sales_agent,manager,regional_office\nMoses Frase,Dustin Brinkmann,Central\n',
  'sales_pipeline.csv': `opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value
1C1I7A6R,Moses Frase,GTX Plus Basic,Cancity,Won,20-10-16,01-03-17,1054
Z063OYW0,Nobody Known,GTXPro,Isdom,Lost,25-10-16,11-03-17,0
EC4QE1BX,Moses Frase,GTX Plus Basic,,Engaging,31-02-17,,
LIB4KUZJ,Moses Frase,Unknown Thing,Cancity,Prospecting,,,
ODDSTAGE,Moses Frase,GTX Pro,Cancity,Dreaming,,,
`,
};
