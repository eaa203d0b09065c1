// German: what is written and what is said.
import { expect, test } from 'vitest';

import { readScript } from '../read-script.ts';

test.each([
  [
    'Am 3. Oktober 1990 kamen 1.234 Gäste, z. B. Dr. Meier.',
    'Am dritten Oktober neunzehnhundert neunzig kamen eintausend zweihundert vierunddreißig Gäste zum Beispiel Doktor Meier',
  ],
  ['Der 3. Oktober', 'Der dritte Oktober'],
  ['3. Oktober', 'dritter Oktober'],
  ['Es waren 12. Dann gingen sie.', 'Es waren zwölf | Dann gingen sie'],
  ['Er kam am 5. Danach ging er.', 'Er kam am fünften | Danach ging er'],
  ['der 21. und der 30. August', 'der einundzwanzigste und der dreißigste August'],
  ['um 14:30 Uhr oder 8 Uhr', 'um vierzehn Uhr dreißig oder acht Uhr'],
  ['14.30 Uhr', 'vierzehn Uhr dreißig'],
  ['12:05', 'zwölf Uhr fünf'],
  ['12,50 €', 'zwölf Euro fünfzig'],
  ['€ 5', 'fünf Euro'],
  ['$5,50', 'fünf Dollar fünfzig'],
  ['0,99 € und 1 €', 'neunundneunzig Cent und ein Euro'],
  ['5,2 Mio. € und 3 Mrd. Euro', 'fünf Komma zwei Millionen Euro und drei Milliarden Euro'],
  ['20 %, 5–10 % und 3‰', 'zwanzig Prozent fünf bis zehn Prozent und drei Promille'],
  ['−5 °C, +5 °C', 'minus fünf Grad Celsius plus fünf Grad Celsius'],
  [
    '1 km, 21 km/h, 100 m², 5 m2',
    'ein Kilometer einundzwanzig Kilometer pro Stunde einhundert Quadratmeter fünf Quadratmeter',
  ],
  ['2 Std. später', 'zwei Stunden später'],
  ['2,5 kg und 3–4 m', 'zwei Komma fünf Kilogramm und drei bis vier Meter'],
  ['1 Frau und 1 Mann', 'eine Frau und ein Mann'],
  ['101 Nächte', 'einhundert eins Nächte'],
  ['1.000.000 und 1 000 000', 'eine Million und eine Million'],
  ['1905, 2005, 1100, 800', 'neunzehnhundert fünf zweitausend fünf elfhundert achthundert'],
  ['vom 1. bis 3. Mai', 'vom ersten bis dritten Mai'],
  ['am 24.12. und am 1.1.2000', 'am vierundzwanzigsten Dezember und am ersten Januar zweitausend'],
  ['im 19. Jahrhundert', 'im neunzehnten Jahrhundert'],
  ['im II. Weltkrieg', 'im zweiten Weltkrieg'],
  ['Ludwig XIV. starb 1715.', 'Ludwig der vierzehnte starb siebzehnhundert fünfzehn'],
  ['1990er Jahre, die 80er', 'neunzehnhundert neunziger Jahre die achtziger'],
  ['Die ARD und das ZDF, PCs, NATO, EU', 'Die a err de und das zett de eff pe ze nato e u'],
  ['Nr. 5, Str. usw. Dann', 'Nummer fünf Straße und so weiter | Dann'],
  ['v. Chr. war', 'vor Christus war'],
  ['d. h. jetzt, u. a. hier', 'das heißt jetzt unter anderem hier'],
  ['½ kg und 3/4', 'ein halb Kilogramm und drei Viertel'],
  ['16:9 oder 3:1', 'sechzehn zu neun oder drei zu eins'],
  ['007 und 0800 123', 'null null sieben und null acht null null einhundert dreiundzwanzig'],
  ['info@beispiel.de', 'info ät beispiel Punkt de'],
  ['#WirSind @hans', 'Hashtag Wir Sind ät hans'],
  ['U-Bahn A4 B2B COVID-19', 'U-Bahn a vier be zwei be covid neunzehn'],
  ['mp3 und 5G hier', 'emm pe drei und fünf ge hier'],
  ['DAS IST EIN TEST', 'das ist ein test'],
  ['C&A kam', 'C und A kam'],
])('%s', (written, spoken) => {
  const { sentences, unspoken } = readScript(written, 'de');
  expect(sentences.map((pieces) => pieces.map(({ text }) => text).join(' ')).join(' | ')).toBe(spoken);
  expect(unspoken).toEqual([]);
});
