// Plain and striking words of the languages that plain-words.ts does not hold itself. As said there; data only.
export const morePlainWords: Record<string, string> = {
  pt: `
    o a os as um uma uns umas de do da dos das e ou mas nem que quem qual onde quando como ao à em no na nos nas por pelo pela
    para com sem sobre é são era ser está estão havia não sim mais menos muito tudo todo toda todos todas seu sua seus suas meu
    minha nosso se lhe me te nos este esta isto esse essa isso aquele já também ainda depois antes entre até mesmo cada
  `,
  nl: `
    de het een en of maar want dat die dit deze wie wat waar wanneer hoe is zijn was waren ben heeft hebben had wordt werd niet
    geen ik jij hij zij wij jullie mijn jouw haar hun ons onze in op aan van voor met bij naar over onder uit door tegen zonder
    tot om nog ook al alleen zeer meer zoals dan daar hier elke iedere alle toen omdat terwijl tussen binnen buiten
  `,
  sv: `
    en ett den det de och eller men för att som vem vad var när hur är vara varit blev bli har hade inte ingen jag du han hon vi
    ni min din hans hennes deras sin sitt sina i på av från med till vid över under genom mot utan om också redan bara mycket mer
    så då där här varje alla medan mellan innan efter kunde skulle ville denna dessa
  `,
  pl: `
    i a o w z na do od za po przez przed przy pod nad dla bez ale lub oraz że który która które kto co gdzie kiedy jak jest są był
    była było były być ma mają nie tak ja ty on ona ono my wy oni ich jego jej się to ten ta te tego tej jeszcze już tylko bardzo
    więcej każdy wszystkie gdy aby żeby między potem także
  `,
  tr: `
    ve veya ama fakat bir bu şu o ki de da ile için gibi kadar daha çok en ne kim nerede nasıl mı mi mu mü değil var yok ben sen
    biz siz onlar benim senin onun bizim her bütün tüm sonra önce ancak çünkü olarak olan oldu idi ise hem ya
  `,
  ru: `
    и а но или да не ни в во на с со к ко по из у о об от до за для без над под при через между что кто который которая которое
    которые где когда как это этот эта эти тот та те то был была было были быть есть он она оно они мы вы ты я его её их ему ей им
    мой твой свой наш ваш себя уже ещё только очень более так там тут здесь потом если чтобы каждый каждая свою своей которых
  `,
  uk: `
    і й та а але або не ні в у на з із зі до по від за для без над під при через між що хто який яка яке які де коли як це цей ця ці
    той то був була було були бути є він вона воно вони ми ви ти я його її їх йому їй їм мій твій свій наш ваш себе вже ще тільки
    дуже більш так там тут потім якщо щоб кожен кожна
  `,
  ar: `
    في من إلى على عن مع ب ل ك و أو ثم لكن بل أن إن أنه كان كانت يكون هذا هذه ذلك تلك الذي التي الذين ما لا لم لن قد هو هي هم نحن أنت
    أنا كل بعض غير بين عند حتى منذ بعد قبل فوق تحت أي كما حيث إذا لأن
  `,
  he: `
    של את על אל עם בין כל לא כן הוא היא הם הן אני אתה אנחנו זה זאת זו אלה אשר כי אם או אבל גם רק עוד כבר מאוד יותר כמו אחרי לפני
    תחת ליד היה הייתה היו להיות יש אין מה מי איפה מתי איך שלו שלה שלהם
  `,
  hi: `
    का के की को से में पर ने और या लेकिन कि जो वह वे यह ये इस उस हम तुम आप मैं मेरा तेरा उसका उनका अपना है हैं था थी थे होना हो हुआ नहीं
    भी ही तो तक साथ बाद पहले कौन क्या कब कहाँ कैसे बहुत सब हर एक लिए गया गई रहा रही
  `,
  zh: `的 了 在 是 我 你 他 她 它 我们 你们 他们 这 那 这个 那个 一个 和 或 但 但是 而 也 都 就 不 没有 有 很 最 会 能 可以 什么 谁 哪里 怎么 因为 所以 如果 从 到 对 把 被`,
  ja: `は が を に で と も の へ から まで より これ それ あれ この その あの ここ そこ です ます した して いる ある ない こと もの ため よう という そして しかし また 私 彼 彼女`,
  ko: `그 이 저 것 수 등 및 또는 그리고 그러나 하지만 나는 너는 그는 그녀는 우리 있다 있는 없다 하는 하고 했다 한다 된다 위해 대한 모든 때`,
};

export const moreStrikingWords: Record<string, string> = {
  pt: 'nunca sempre só sozinho nada tudo primeiro primeira último última melhor pior mais impossível incrível segredo verdade agora',
  nl: 'nooit altijd enkel niets alles eerste laatste beste grootste kleinste oudste snelste onmogelijk ongelooflijk geheim waarheid nu',
  sv: 'aldrig alltid endast inget allt första sista bästa största minsta äldsta snabbaste omöjligt otrolig hemlighet sanning nu',
  pl: 'nigdy zawsze jedyny nic wszystko pierwszy pierwsza ostatni ostatnia najlepszy największy niemożliwe niesamowite tajemnica prawda teraz',
  tr: 'asla daima hep yalnız hiç hiçbir ilk son en imkansız inanılmaz sır gerçek şimdi',
  ru: 'никогда всегда единственный ничего всё все первый первая первое последний последняя лучший худший самый самая самое невозможно невероятно тайна правда сейчас',
  uk: 'ніколи завжди єдиний нічого все перший перша останній остання найкращий найбільший неможливо неймовірно таємниця правда зараз',
  ar: 'أبدا دائما فقط وحيد كل أول آخر أفضل أكبر أعظم أعمق أعلى مستحيل سر حقيقة الآن',
  he: 'לעולם תמיד רק כלום הכול הראשון הראשונה האחרון האחרונה ביותר בלתי סוד אמת עכשיו',
  hi: 'कभी हमेशा केवल सिर्फ कुछ सबसे पहला पहली आखिरी अंतिम असंभव अद्भुत रहस्य सच अब',
  zh: '从不 从未 永远 总是 唯一 一切 第一 最后 最好 最大 不可能 秘密 真相 现在',
  ja: '決して いつも 唯一 すべて 全て 最初 最後 最高 最大 不可能 秘密 真実 今',
  ko: '결코 절대 항상 언제나 유일한 모든 첫 처음 마지막 최고 최대 불가능 비밀 진실 지금 가장',
};
