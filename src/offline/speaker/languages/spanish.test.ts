// Spanish: what is written and what is said.
import { expect, test } from 'vitest';

import { readScript } from '../read-script.ts';

test.each([
  ['El Sr. López vive en EE. UU. con ella. Fin', 'El señor López vive en Estados Unidos con ella | Fin'],
  ['D. Juan y Dña. Ana', 'don Juan y doña Ana'],
  ['Sra. Gil y Srta. Paz', 'señora Gil y señorita Paz'],
  ['1º de mayo, 1.º y 2ª', 'primero de mayo primero y segunda'],
  ['1 de mayo y 31 de diciembre', 'uno de mayo y treinta y uno de diciembre'],
  [
    'el 3/10/1990 y 2024-11-24',
    'el tres de octubre de mil novecientos noventa y veinticuatro de noviembre de dos mil veinticuatro',
  ],
  ['las 14:30 h y 15:00', 'las catorce horas treinta y quince horas'],
  ['a las 9:05', 'a las nueve y cinco'],
  ['12,50 € o $5', 'doce euros con cincuenta o cinco dólares'],
  ['0,50 € y £500', 'cincuenta céntimos y quinientas libras'],
  ['3,5 millones de euros', 'tres coma cinco millones de euros'],
  ['5 millones €', 'cinco millones de euros'],
  ['1.234.567 personas', 'un millón doscientas treinta y cuatro mil quinientas sesenta y siete personas'],
  ['1 000 000', 'un millón'],
  ['21 páginas y 31 días', 'veintiuna páginas y treinta y un días'],
  ['200 páginas, 500 libras', 'doscientas páginas quinientas libras'],
  ['1 hora, 2 h y 1 km', 'una hora dos horas y un kilómetro'],
  ['siglo XXI, Felipe VI, Luis XIV', 'siglo veintiuno Felipe sexto Luis catorce'],
  ['capítulo IV', 'capítulo cuarto'],
  ['Juan Carlos I abdicó', 'Juan Carlos primero abdicó'],
  ['10% y 3,5 %', 'diez por ciento y tres coma cinco por ciento'],
  ['20 °C y 20ºC', 'veinte grados Celsius y veinte grados Celsius'],
  ['-3', 'menos tres'],
  ['1.500 m a 25 km/h', 'mil quinientos metros a veinticinco kilómetros por hora'],
  ['1,234.56', 'mil doscientos treinta y cuatro punto cincuenta y seis'],
  ['1939–1945', 'mil novecientos treinta y nueve a mil novecientos cuarenta y cinco'],
  ['p. ej. la ONU', 'por ejemplo la onu'],
  ['a. C. y d. C. Luego', 'antes de Cristo y después de Cristo | Luego'],
  ['a las 5 p. m. Fin', 'a las cinco pe eme | Fin'],
  ['núm. 3, pág. 5', 'número tres página cinco'],
  ['n.º 5 y nº 6', 'número cinco y número seis'],
  ['3er piso y 1.ª vez', 'tercer piso y primera vez'],
  ['100 101 116 999', 'cien mil ciento un millones ciento dieciséis mil novecientos noventa y nueve'],
  ['007', 'cero cero siete'],
  ['16:9', 'dieciséis a nueve'],
  ['½', 'medio'],
  ['3x', 'tres veces'],
  ['la BBC y el DNI de la UNESCO', 'la be be ce y el de ene i de la unesco'],
  ['info@casa.es', 'info arroba casa punto es'],
  ['#HolaMundo', 'hashtag Hola Mundo'],
  ['un COVID-19 y R&D', 'un covid diecinueve y R y D'],
  ['Ud. sabe', 'usted sabe'],
])('%s', (written, spoken) => {
  const { sentences, unspoken } = readScript(written, 'es');
  expect(sentences.map((pieces) => pieces.map(({ text }) => text).join(' ')).join(' | ')).toBe(spoken);
  expect(unspoken).toEqual([]);
});
