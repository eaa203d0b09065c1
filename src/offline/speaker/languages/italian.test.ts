// Italian: what is written and what is said.
import { expect, test } from 'vitest';

import { readScript } from '../read-script.ts';

test.each([
  ['Il Sig. Rossi, p. es. domani', 'Il signor Rossi per esempio domani'],
  ['Sig.ra Bianchi, Dott. Neri e Prof.ssa Verdi', 'signora Bianchi dottor Neri e professoressa Verdi'],
  ['1º maggio, 1° maggio, 5° piano, 20°', 'primo maggio primo maggio quinto piano venti gradi'],
  ['3a e 4ª', 'terza e quarta'],
  ['8 marzo 2024', 'otto marzo duemila ventiquattro'],
  [
    '03/10/1990 e 2024-11-24',
    'tre ottobre mille novecento novanta e ventiquattro novembre duemila ventiquattro',
  ],
  ['alle 14:30', 'alle quattordici e trenta'],
  ['ore 9:00', 'ore nove'],
  ['€ 12,50 e 3 milioni di euro', 'dodici euro e cinquanta e tre milioni di euro'],
  ['0,99 € e 1 €', 'novantanove centesimi e un euro'],
  ['5 mln di euro', 'cinque milioni di euro'],
  ['5 mln €', 'cinque milioni di euro'],
  ['$5', 'cinque dollari'],
  ['21 euro e 1 000 €', 'ventuno euro e mille euro'],
  ['1.234.567', 'un milione duecento trentaquattromila cinquecento sessantasette'],
  ['28, 23, 121, 1999', 'ventotto ventitré cento ventuno mille novecento novantanove'],
  ['23 anni e 33', 'ventitré anni e trentatré'],
  ['1 ora e 1 km', 'una ora e un chilometro'],
  ['10% di 5 kg', 'dieci per cento di cinque chilogrammi'],
  ['50 % e 3‰', 'cinquanta per cento e tre per mille'],
  ['3,14 e 0,05', 'tre virgola quattordici e zero virgola zero cinque'],
  ['-4 °C', 'meno quattro gradi Celsius'],
  ['100 km/h', 'cento chilometri orari'],
  ['20 mq', 'venti metri quadrati'],
  ['XIX secolo, Luigi XIV, Elisabetta II', 'diciannovesimo secolo Luigi quattordicesimo Elisabetta seconda'],
  ['XX secolo', 'ventesimo secolo'],
  ['Papa Giovanni XXIII', 'Papa Giovanni ventitreesimo'],
  ['capitolo V', 'capitolo quinto'],
  ['S.p.A. e S.r.l.', 'esse pi a e erre esse elle'],
  ['ad es. oggi', 'ad esempio oggi'],
  ['ecc. Poi', 'eccetera | Poi'],
  ['a.C. fu', 'avanti Cristo fu'],
  ['la BMW, un CD, l’IVA', "la bi emme doppia vu un ci di l'iva"],
  ["l'ONU dell'UE", "l'onu dell'u e"],
  ['USA, CGIL e la RAI', 'usa cgil e la rai'],
  ['n. 5 e n° 6', 'numero cinque e numero sei'],
  ['1939-1945', 'mille novecento trentanove a mille novecento quarantacinque'],
  ['007', 'zero zero sette'],
  ['16:9', 'sedici a nove'],
  ['1/2', 'mezzo'],
  ['un COVID-19', 'un covid diciannove'],
  ['info@casa.it e www.rai.it', 'info chiocciola casa punto it e rai punto it'],
])('%s', (written, spoken) => {
  const { sentences, unspoken } = readScript(written, 'it');
  expect(sentences.map((pieces) => pieces.map(({ text }) => text).join(' ')).join(' | ')).toBe(spoken);
  expect(unspoken).toEqual([]);
});
