import { describe, expect, it } from 'vitest';

import { chooseLanguage } from './choose-language.ts';

describe('chooseLanguage', () => {
  it.each([
    ['en', 'The light was the only thing that the ships could see from the water.'],
    ['fr', 'Le boulanger se lève à trois heures et il allume le four dans la nuit.'],
    ['es', 'El faro estaba lejos de la costa y los barcos no podían ver la luz.'],
    ['de', 'Der Mond ist über dem Wald aufgegangen und die Vögel schlafen nicht.'],
    ['it', 'Il mare è calmo e la luna si alza sopra gli alberi della collina.'],
    ['pt', 'O mar é calmo e a lua não se vê da praia, mas os barcos voltam com as redes.'],
    ['nl', 'Het licht van de toren is niet meer te zien, maar de schepen zijn er nog.'],
    ['pl', 'Księżyc wzeszedł nad lasem i nie było już słychać żadnego ptaka.'],
    ['tr', 'Bu gece deniz çok sakin ve gemiler için ışık var.'],
    ['sv', 'Fyren stod på klippan och skeppen såg dess ljus från havet när natten föll.'],
    [
      'da',
      'Fyret stod på klippen, og skibene så dets lys fra havet, da natten faldt på; jeg skyndte mig ud.',
    ],
    ['no', 'Fyret sto på klippen, og skipene så lyset fra havet da natten falt på; jeg skyndte meg ut.'],
    ['fi', 'Majakka seisoi kalliolla, ja laivat näkivät sen valon, mutta hän ei tullut enää takaisin.'],
    ['cs', 'Maják stál na skále a lodě viděly jeho světlo, když přišla noc.'],
    ['sk', 'Maják stál na skale a lode videli jeho svetlo, keď prišla noc, ktorá bola tichá ako more.'],
    ['hu', 'A világítótorony a sziklán állt, és a hajók látták a fényét, de már nem volt ott senki.'],
    ['ro', 'Farul stătea pe stâncă și corăbiile vedeau lumina lui când venea noaptea.'],
    ['id', 'Mercusuar itu berdiri di atas batu dan kapal-kapal melihat cahayanya dari laut.'],
    ['vi', 'Ngọn hải đăng đứng trên vách đá và những con tàu nhìn thấy ánh sáng của nó.'],
    ['bg', 'Фарът стоеше на скалата и корабите виждаха светлината му през нощта.'],
    ['sr', 'Светионик је стајао на стени и бродови су видели његово светло.'],
    ['ru', 'Он объявил подъём на корабле и съел обед.'],
    ['ru', 'Маяк стоял на скале, и корабли видели его свет.'],
    ['uk', 'Маяк стояв на скелі, і кораблі бачили його світло.'],
    ['el', 'Ο φάρος στεκόταν στον βράχο.'],
    ['ar', 'كانت المنارة فوق الصخرة والسفن ترى نورها.'],
    ['he', 'המגדלור עמד על הסלע והאוניות ראו את אורו.'],
    ['hi', 'समुद्र शांत है और चाँद निकल आया है।'],
    ['th', 'ทะเลสงบและพระจันทร์ขึ้นแล้ว'],
    ['ja', '海は静かで、月が出ています。'],
    ['zh', '大海很平静，月亮升起来了，用 iPhone 拍照吧。'],
    ['ko', '바다는 고요하고 달이 떴습니다.'],
    ['en', '1969: 42!'],
  ])('detects %s', (language, text) => {
    expect(chooseLanguage(undefined, text)).toBe(language);
  });

  it('believes a given tag and reduces it to its primary', () => {
    expect(chooseLanguage('pt-BR', 'The sea.')).toBe('pt');
    expect(chooseLanguage('zh-Hant-TW', 'The sea.')).toBe('zh');
    expect(chooseLanguage('EN-gb', 'La mer.')).toBe('en');
  });

  it('detects when the tag says undetermined', () => {
    expect(chooseLanguage('und', 'Le chat dort sur le lit et il rêve.')).toBe('fr');
  });

  it.each(['', 'english language', 'e', 'en_', '../etc', '🎉'])('refuses the malformed tag "%s"', (tag) => {
    expect(() => chooseLanguage(tag, 'The sea.')).toThrow(
      expect.objectContaining({ code: 'language_unsupported', hint: expect.stringContaining('BCP 47') }),
    );
  });
});
