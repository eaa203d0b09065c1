// Things that a painter may put into a picture, in the languages that cue-words.ts does not hold itself. As said there;
// data only.
import { lines } from './word-forms.ts';

const columns = ['pt', 'nl', 'sv', 'pl', 'tr', 'ru', 'uk', 'ar', 'he', 'hi', 'zh', 'ja', 'ko'];

/** `name: ` and a cell for each of the columns; singular and lower-case. */
const table = `
  lighthouse: farol / vuurtoren / fyr / latarnia / fener / маяк / маяк / منارة / מגדלור / प्रकाशस्तंभ / 灯塔 / 灯台 / 등대
  ship: navio barco veleiro / schip schepen boot / skepp båt / statek statki łódź / gemi tekne / корабль лодка / корабель корабля човен / سفينة سفن قارب / ספינה אונייה סירה / जहाज नाव / 船 轮船 帆船 / 船 / 배
  moon: lua / maan / måne / księżyc / ay / луна / місяць місяця / قمر / ירח / चाँद चंद्रमा / 月亮 月光 / 月 月光 / 달
  bird: pássaro ave gaivota / vogel meeuw / fågel mås / ptak mewa / kuş martı / птица чайка / птах чайка / طائر طيور نورس / ציפור שחף / पक्षी चिड़िया / 小鸟 鸟 海鸥 / 鳥 / 새들
  tree: árvore / boom bomen / träd / drzewo / ağaç / дерево деревья / дерево / شجرة أشجار / עץ / पेड़ वृक्ष / 树 大树 树木 / 樹 木々 / 나무
  whale: baleia / walvis / val / wieloryb / balina / кит / кит / حوت / לווייתן / व्हेल / 鲸鱼 / 鯨 クジラ / 고래
  train: trem comboio / trein / tåg / pociąg / tren / поезд / потяг поїзд / قطار / רכבת / ट्रेन रेलगाड़ी / 火车 / 電車 列車 / 기차
  fire: fogo chama fogueira / vuur vlam / eld låga / ogień ognisko / ateş alev / огонь огня костёр / вогонь вогню / نار لهب / אש להבה / आग / 火 火焰 / 火 炎 / 불
  rocket: foguete / raket / raket / rakieta / roket / ракета / ракета / صاروخ / רקטה / रॉकेट / 火箭 / ロケット / 로켓
  star: estrela / ster sterren / stjärna / gwiazda / yıldız / звезда / зірка / نجم نجمة نجوم / כוכב / तारा सितारा / 星星 / 星 / 별
  bridge: ponte / brug / bro / most / köprü / мост / міст моста / جسر / גשר / पुल / 桥 / 橋 / 다리
  house: casa / huis huizen / hus stuga / dom chata / ev kulübe / дом / дім будинок / بيت منزل / בית / घर मकान / 房子 / 家 / 집
  car: carro / auto / bil / samochód / araba / машина автомобиль / машина автомобіль / سيارة / מכונית / गाड़ी कार / 汽车 / 車 / 자동차
  clock: relógio / klok / klocka / zegar / saat / часы / годинник / ساعة / שעון / घड़ी / 时钟 钟 / 時計 / 시계
  book: livro / boek boeken / bok böcker / książka / kitap / книга / книга книжка / كتاب كتب / ספר / किताब पुस्तक / 书 / 本 / 책
  cup: café chá xícara / koffie thee kopje / kaffe te kopp / kawa herbata filiżanka / kahve çay fincan / кофе чай чашка / кава чай чашка / قهوة شاي فنجان / קפה תה ספל / चाय कॉफी प्याला / 咖啡 茶 杯子 / コーヒー お茶 / 커피 찻잔
  robot: robô / robot / robot / robot / robot / робот / робот / روبوت / רובוט / रोबोट / 机器人 / ロボット / 로봇
  cat: gato / kat / katt / kot / kedi / кот кошка / кіт кота кішка / قطة / חתול / बिल्ली / 猫 / 猫 / 고양이
  dog: cão cachorro / hond / hund / pies psa / köpek / собака пёс / собака пес / كلب / כלב / कुत्ता / 狗 / 犬 / 강아지
  horse: cavalo / paard / häst / koń konia / at / лошадь конь / кінь коня / حصان / סוס / घोड़ा / 马 / 馬 / 말들
  fish: peixe / vis vissen / fisk / ryba / balık / рыба / риба / سمك سمكة / דג / मछली / 鱼 / 魚 / 물고기
  flower: flor / bloem bloemen / blomma / kwiat / çiçek / цветок цветы / квітка / زهرة زهور / פרח / फूल / 花朵 花 / 花 / 꽃
  umbrella: guarda-chuva / paraplu / paraply / parasol / şemsiye / зонт / парасолька / مظلة / מטרייה מטריה / छाता / 雨伞 / 傘 / 우산
  plane: avião / vliegtuig / flygplan / samolot / uçak / самолёт / літак / طائرة / מטוס / हवाईजहाज / 飞机 / 飛行機 / 비행기
`;

/** The words of things in this language as lines of `name: words`; empty for a language that the table does not know. */
export function morePropWordsOf(language: string): string {
  const column = columns.indexOf(language);
  if (column < 0) return '';
  return lines(table)
    .map((line) => {
      const [name, cells] = line.split(': ') as [string, string];
      return `${name}: ${cells.split(' / ')[column]}`;
    })
    .join('\n');
}
