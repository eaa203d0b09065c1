// Sounds at the moment a word is said, in the languages that cue-words.ts does not hold itself. As said there; data only.
export const moreHitWords: Record<string, string> = {
  pt: `
    thunder: trovão relâmpago
    heartbeat: coração
    clock: relógio meia-noite despertador
    chime: sino campainha
    footsteps: passos escada
    engine: motor foguete
    applause: aplauso
    impact: explosão
    sparkle: magia milagre
    whoosh: repente
  `,
  nl: `
    thunder: donder bliksem
    heartbeat: hart hartslag
    clock: klok middernacht wekker
    chime: bel klokje
    footsteps: voetstappen trap
    engine: motor raket
    applause: applaus
    impact: knal explosie
    sparkle: magie wonder
    whoosh: plotseling plots
  `,
  sv: `
    thunder: åska blixt
    heartbeat: hjärta hjärtslag
    clock: klocka midnatt väckarklocka
    chime: ringklocka
    footsteps: steg trappa
    engine: motor raket
    applause: applåd
    impact: smäll explosion
    sparkle: magi mirakel
    whoosh: plötsligt
  `,
  pl: `
    thunder: grzmot piorun błyskawica
    heartbeat: serce
    clock: zegar północ budzik
    chime: dzwon dzwonek
    footsteps: kroki schody
    engine: silnik rakieta
    applause: oklaski brawa
    impact: wybuch eksplozja
    sparkle: magia cud
    whoosh: nagle
  `,
  tr: `
    thunder: şimşek yıldırım
    heartbeat: kalp
    clock: saat çalar
    chime: çan zil
    footsteps: adım merdiven
    engine: motor roket
    applause: alkış
    impact: patlama
    sparkle: sihir mucize
    whoosh: aniden birdenbire
  `,
  ru: `
    thunder: гром молния
    heartbeat: сердце
    clock: часы полночь будильник
    chime: колокол звонок
    footsteps: шаги лестница
    engine: двигатель мотор ракета
    applause: аплодисменты
    impact: взрыв грохот
    sparkle: волшебство чудо магия
    whoosh: вдруг внезапно
  `,
  uk: `
    thunder: грім грому блискавка
    heartbeat: серце
    clock: годинник північ будильник
    chime: дзвін дзвінок
    footsteps: кроки сходи
    engine: двигун ракета
    applause: оплески
    impact: вибух
    sparkle: диво магія
    whoosh: раптом
  `,
  ar: `
    thunder: رعد برق
    heartbeat: قلب نبض
    clock: ساعة منبه
    chime: جرس
    footsteps: خطوات درج
    engine: محرك صاروخ
    applause: تصفيق
    impact: انفجار
    sparkle: سحر معجزة
    whoosh: فجأة
  `,
  he: `
    thunder: רעם ברק
    heartbeat: לב
    clock: שעון חצות
    chime: פעמון
    footsteps: צעדים מדרגות
    engine: מנוע רקטה
    applause: מחיאות
    impact: פיצוץ
    sparkle: קסם נס
    whoosh: פתאום
  `,
  hi: `
    thunder: गरज बिजली
    heartbeat: दिल धड़कन
    clock: घड़ी
    chime: घंटी
    footsteps: कदम सीढ़ी
    engine: इंजन रॉकेट
    applause: तालियाँ
    impact: धमाका विस्फोट
    sparkle: जादू चमत्कार
    whoosh: अचानक
  `,
  zh: `
    thunder: 雷 闪电 雷声
    heartbeat: 心跳 心脏
    clock: 时钟 闹钟 午夜
    chime: 铃声 钟声
    typing: 键盘
    footsteps: 脚步 脚步声 楼梯
    engine: 引擎 发动机 火箭
    applause: 掌声
    impact: 爆炸
    sparkle: 魔法 奇迹
    whoosh: 突然 忽然
  `,
  ja: `
    thunder: 雷 稲妻
    heartbeat: 心臓 鼓動
    clock: 時計 真夜中 目覚まし
    chime: 鐘 ベル
    typing: キーボード
    footsteps: 足音 階段
    engine: エンジン ロケット
    applause: 拍手
    impact: 爆発
    sparkle: 魔法 奇跡
    whoosh: 突然 急に
  `,
  ko: `
    thunder: 천둥 번개
    heartbeat: 심장
    clock: 시계 자정 알람
    chime: 종소리 벨
    typing: 키보드
    footsteps: 발걸음 계단
    engine: 엔진 로켓
    applause: 박수
    impact: 폭발
    sparkle: 마법 기적
    whoosh: 갑자기
  `,
};
