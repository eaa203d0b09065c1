// English readings, word by word: what is written and what is said.
import { describe, expect, test } from 'vitest';

import { readScript } from '../read-script.ts';

const said = (text: string) =>
  readScript(text, 'en')
    .sentences.map((sentence) => sentence.map((piece) => piece.text).join(' '))
    .join(' | ');

function reads(name: string, table: [string, string][]): void {
  test.each(table)(`${name}: %s`, (written, spoken) => expect(said(written)).toBe(spoken));
}

reads('numbers', [
  ['0', 'zero'],
  ['42 cats', 'forty two cats'],
  ['105', 'one hundred and five'],
  ['1,234,567', 'one million two hundred and thirty four thousand five hundred and sixty seven'],
  ['3.14', 'three point one four'],
  ['.5 and 0.05', 'point five and zero point zero five'],
  ['-4 or −4', 'minus four or minus four'],
  ['1st 2nd 3rd 12th 21st 100th', 'first second third twelfth twenty first one hundredth'],
  ['007', 'zero zero seven'],
  [
    '12345678901234567',
    'one two three four five six seven eight nine zero one two three four five six seven',
  ],
  ['1/2, 3/4, 2/3', 'one half three quarters two thirds'],
  ['2½ hours', 'two and a half hours'],
  ['9/11 and 24/7', 'nine eleven and twenty four seven'],
  ['16:9 or 3:1', 'sixteen to nine or three to one'],
  ['1.2.3 and v2.0', 'one point two point three and vee two point zero'],
  ['10x, 5+', 'ten times five plus'],
  ['555-123-4567', 'five five five one two three four five six seven'],
]);

reads('years', [
  ['In 1998', 'in nineteen ninety eight'],
  [
    '1900 1905 2000 2005 2010',
    'nineteen hundred nineteen oh five two thousand two thousand and five twenty ten',
  ],
  ['1990s, ’80s, 80s', 'nineteen nineties eighties eighties'],
  ['1939–1945', 'nineteen thirty nine to nineteen forty five'],
  ['2024/25', 'twenty twenty four twenty five'],
  ['mid-1990s', 'mid nineteen nineties'],
  ['1500 meters', 'one thousand five hundred meters'],
]);

reads('money and percent', [
  ['$1 $3.50 $0.01', 'one dollar three dollars and fifty cents one cent'],
  ['$1,200.00', 'one thousand two hundred dollars'],
  ['€5 20€ £2.99', 'five euros twenty euros two pounds and ninety nine pence'],
  ['$3.5 million, $2bn', 'three point five million dollars two billion dollars'],
  ['$100k–$200k', 'one hundred thousand dollars to two hundred thousand dollars'],
  ['-$5', 'minus five dollars'],
  ['12.5% or 5 %', 'twelve point five percent or five percent'],
  ['5–10%', 'five to ten percent'],
]);

reads('dates and times', [
  ['2024-11-24', 'november twenty fourth twenty twenty four'],
  [
    '11/24/2024 24/11/2024',
    'november twenty fourth twenty twenty four november twenty fourth twenty twenty four',
  ],
  ['November 24, 2024', 'november twenty fourth twenty twenty four'],
  ['24 November 1998', 'the twenty fourth of november nineteen ninety eight'],
  ['the 3 Oct. event', 'the third of october event'],
  ['10:30 10:05 10:00', "ten thirty ten oh five ten o'clock"],
  ['10 am, 10:30pm', 'ten ay em ten thirty pee em'],
  ['at 5 p.m. The end', 'at five pee em | the end'],
  ['15:00', 'fifteen hundred'],
]);

reads('units', [
  ['5 km, 1 km, 10kg', 'five kilometers one kilometer ten kilograms'],
  ['20°C at 100 km/h', 'twenty degrees celsius at one hundred kilometers per hour'],
  ['12 km² 60fps 16GB', 'twelve square kilometers sixty frames per second sixteen gigabytes'],
  ['5G, 4K, 1080p', 'five gee four kay one thousand and eighty pee'],
  ['approx. 30 ft. High', 'approximately thirty feet | high'],
]);

reads('abbreviations', [
  ['Dr. Smith met Mrs. Jones', 'doctor smith met missus jones'],
  ['St. John St. near Main St. today', 'saint john street near main street today'],
  ['fruit, e.g. apples, i.e. food', 'fruit for example apples that is food'],
  ['apples, etc. They', 'apples et cetera | they'],
  ['J. R. Tolkien', 'jay are tolkien'],
  ['the U.S. Army. In the U.S. The law', 'the you ess army | in the you ess | the law'],
  ['No. 7 said: No. Never', 'number seven said no | never'],
  ['I am. He is.', 'i am | he is'],
  ['Plan B. Then', 'plan bee | then'],
]);

reads('acronyms', [
  ['NASA and the FBI', 'nasa and the eff bee eye'],
  ['CEOs of the UK’s AT&T', "see ee oh's of the you kay's ay tee and tee"],
  ['COVID-19, mp3, B2B', 'covid nineteen em pee three bee two bee'],
  ['ChatGPT, YouTube, McDonald', 'chat gee pee tee you tube mcdonald'],
  ['World War II, Henry VIII, Act I', 'world war two henry the eighth act one'],
  ['A dog took vitamin A', 'a dog took vitamin ay'],
  ['STOP THE WAR AND GO HOME', 'stop the war and go home'],
]);

reads('addresses and symbols', [
  ['https://www.example.com/path/to-page?x=1', 'example dot com slash path slash to dash page'],
  ['www.aiprod.dev', 'aiprod dot dev'],
  ['jane.doe@mail-box.org.', 'jane dot doe at mail dash box dot org'],
  ['#AmazingDay @john #1', 'hashtag amazing day at john number one'],
  ['R&D & 1 + 2 = 3', 'are and dee and one plus two equals three'],
  ['in main.ts or index.html', 'in main tee ess or index aitch tee em el'],
  ['he/she, well-known C++', 'he she well known see plus plus'],
]);

describe('what is not said', () => {
  test.each([
    ['Hello 😀 world 👩‍👩‍👧🏽 🇫🇷', 'hello world'],
    ['**bold** _and_ `code` — “quoted” (so)', 'bold and code quoted so'],
    ['Café Zürich Łódź', 'cafe zurich lodz'],
    ['don’t ’tis dogs’', "don't tis dogs"],
  ])('%s', (written, spoken) => expect(said(written)).toBe(spoken));
});
