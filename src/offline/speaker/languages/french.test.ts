// French: what is written and what is said.
import { expect, test } from 'vitest';

import { readScript } from '../read-script.ts';

test.each([
  ['M. Dupont et Mme Petit', 'monsieur Dupont et madame Petit'],
  ['Mme. Roux et Mlle Roy', 'madame Roux et mademoiselle Roy'],
  ['le 1er mai à 14h30 ou 14 h 30', 'le premier mai à quatorze heures trente ou quatorze heures trente'],
  ['8h, 20 h et 12:05', 'huit heures vingt heures et douze heures cinq'],
  ['12,50 € et 1 000 €', 'douze euros cinquante et mille euros'],
  ['1,50 € et 0,99 €', 'un euro cinquante et quatre-vingt-dix-neuf centimes'],
  ['$3, £3,50', 'trois dollars trois livres cinquante'],
  ['5 M€, 5 k€ et 2,5 Md€', "cinq millions d'euros cinq mille euros et deux virgule cinq milliards d'euros"],
  ["5 millions d'euros", "cinq millions d'euros"],
  ['1 200 000 habitants', 'un million deux cent mille habitants'],
  ['1 001 nuits', 'mille une nuits'],
  ['XIXe siècle, Louis XIV, François Ier', 'dix-neuvième siècle Louis quatorze François premier'],
  ['IVe République, chapitre II', 'quatrième République chapitre deux'],
  ['2e, 3ème, 1re, 9e, 5e', 'deuxième troisième première neuvième cinquième'],
  ['21 pages, 71 et 80 %', 'vingt et une pages soixante et onze et quatre-vingts pour cent'],
  [
    '81, 91, 99, 200, 201, 80 000',
    'quatre-vingt-un quatre-vingt-onze quatre-vingt-dix-neuf deux cents deux cent un quatre-vingt mille',
  ],
  ['3,14 et 0,05', 'trois virgule quatorze et zéro virgule zéro cinq'],
  ['03/10/1990', 'trois octobre mille neuf cent quatre-vingt-dix'],
  ['2024-11-24', 'vingt-quatre novembre deux mille vingt-quatre'],
  ['1939-1945', 'mille neuf cent trente-neuf à mille neuf cent quarante-cinq'],
  ['20% ou 3,5 %', 'vingt pour cent ou trois virgule cinq pour cent'],
  ['-5 °C et +3', 'moins cinq degrés Celsius et plus trois'],
  ['100 km/h, 50 m²', 'cent kilomètres heure cinquante mètres carrés'],
  ['1 heure, 1 h et 1 fois', 'une heure une heure et une fois'],
  ['p. ex. la SNCF, l’ONU, le TGV', "par exemple la esse enne cé effe l'onu le té gé vé"],
  ['av. J.-C. et etc. Puis', 'avant Jésus-Christ et et cetera | Puis'],
  ['c.-à-d. rien', "c'est-à-dire rien"],
  ['n° 5, 20 °C', 'numéro cinq vingt degrés Celsius'],
  ['16:9 et 7/7', 'seize à neuf et sept sept'],
  ['06 12 34 56 78', 'zéro six douze trente-quatre cinquante-six soixante-dix-huit'],
  ['Bd. Voltaire', 'boulevard Voltaire'],
  ["aujourd'hui l'EDF", "aujourd'hui l'e dé effe"],
  ['le PDG, UNESCO, OTAN', 'le pé dé gé unesco otan'],
  ['www.exemple.fr et a.b@c.fr', 'exemple point fr et a point b arobase c point fr'],
  ['A4 et Covid-19', 'a quatre et Covid dix-neuf'],
  ['CO2 et H2O là', 'cé o deux et ache deux o là'],
  ['3 + 4 = 7', 'trois plus quatre égale sept'],
  ['1/2 et 3/4', 'un demi et trois quarts'],
  ['M. K. dit', 'monsieur K dit'],
  ['Le 3. Puis', 'Le trois | Puis'],
  ['constructor 5 constructor', 'constructor cinq constructor'],
])('%s', (written, spoken) => {
  const { sentences, unspoken } = readScript(written, 'fr');
  expect(sentences.map((pieces) => pieces.map(({ text }) => text).join(' ')).join(' | ')).toBe(spoken);
  expect(unspoken).toEqual([]);
});
