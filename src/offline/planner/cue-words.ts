// Which words call for which thing in the picture, or which sound, per language: lines of `name: words`. Data only;
// forms are found by word-forms.ts.

/** Things that a painter may put into a picture, by their English names. */
export const propWords: Record<string, string> = {
  en: `
    lighthouse: lighthouse
    ship: ship boat vessel sailboat
    moon: moon moonlight
    bird: bird gull seagull eagle
    tree: tree oak pine
    whale: whale
    train: train locomotive
    fire: fire flame campfire bonfire
    rocket: rocket spaceship spacecraft
    star: star starlight
    bridge: bridge
    house: house cottage cabin
    car: car taxi
    clock: clock
    book: book
    cup: coffee tea cup mug espresso
    robot: robot
    cat: cat kitten
    dog: dog puppy
    horse: horse
    fish: fish
    flower: flower tulip sunflower
    umbrella: umbrella
    balloon: balloon
    plane: plane airplane
    fox: fox
    owl: owl
    bee: bee
  `,
  fr: `
    lighthouse: phare
    ship: navire bateau voilier
    moon: lune
    bird: oiseau mouette aigle
    tree: arbre chêne sapin
    whale: baleine
    train: train
    fire: feu flamme
    rocket: fusée
    star: étoile
    bridge: pont
    house: maison cabane
    car: voiture
    clock: horloge
    book: livre
    cup: café thé tasse
    robot: robot
    cat: chat
    dog: chien
    horse: cheval
    fish: poisson
    flower: fleur
    umbrella: parapluie
    plane: avion
  `,
  es: `
    lighthouse: faro
    ship: barco buque velero
    moon: luna
    bird: pájaro ave gaviota águila
    tree: árbol árbole pino
    whale: ballena
    train: tren
    fire: fuego llama hoguera
    rocket: cohete
    star: estrella
    bridge: puente
    house: casa
    car: coche carro
    clock: reloj
    book: libro
    cup: café té taza
    robot: robot
    cat: gato
    dog: perro
    horse: caballo
    fish: pez
    flower: flor
    umbrella: paraguas
    plane: avión
  `,
  de: `
    lighthouse: leuchtturm
    ship: schiff boot
    moon: mond
    bird: vogel vögel möwe adler
    tree: baum bäume tanne eiche
    whale: wal wale
    train: zug züge
    fire: feuer flamme
    rocket: rakete
    star: stern
    bridge: brücke
    house: haus häuser hütte
    car: auto
    clock: uhr
    book: buch bücher
    cup: kaffee tee tasse
    robot: roboter
    cat: katze
    dog: hund
    horse: pferd
    fish: fisch
    flower: blume
    umbrella: regenschirm
    plane: flugzeug
  `,
  it: `
    lighthouse: faro
    ship: nave barca
    moon: luna
    bird: uccello gabbiano aquila
    tree: albero pino
    whale: balena
    train: treno
    fire: fuoco fiamma
    rocket: razzo
    star: stella
    bridge: ponte
    house: casa
    car: macchina
    clock: orologio
    book: libro
    cup: caffè tè tazza
    robot: robot
    cat: gatto
    dog: cane
    horse: cavallo
    fish: pesce
    flower: fiore
    umbrella: ombrello
    plane: aereo
  `,
};

/** Sounds at the moment a word is said. */
export const hitWords: Record<string, string> = {
  en: `
    thunder: thunder lightning
    heartbeat: heartbeat heart pulse
    clock: clock tick midnight alarm
    chime: bell chime notification
    typing: typing typed keyboard typewriter
    click: click button switch camera
    footsteps: footstep steps walk walked climb climbed stairs
    engine: engine motor motorcycle rocket
    applause: applause applaud clapped cheer ovation
    impact: crash explosion explode slam boom smash collapse shatter
    sparkle: magic sparkle glitter miracle
    whoosh: suddenly flew rush swept
  `,
  fr: `
    thunder: tonnerre éclair
    heartbeat: cœur
    clock: horloge minuit réveil
    chime: cloche sonnette
    typing: clavier
    click: bouton
    footsteps: marche marchait escalier
    engine: moteur fusée
    applause: applaudissement
    impact: explosion fracas
    sparkle: magie magique miracle
    whoosh: soudain soudainement
  `,
  es: `
    thunder: trueno relámpago
    heartbeat: corazón latido
    clock: reloj medianoche despertador
    chime: campana timbre
    typing: teclado
    click: botón
    footsteps: pasos caminaba escalera
    engine: motor cohete
    applause: aplauso
    impact: explosión
    sparkle: magia milagro
    whoosh: repente
  `,
  de: `
    thunder: donner blitz
    heartbeat: herz herzschlag
    clock: uhr mitternacht wecker
    chime: glocke klingel
    typing: tastatur
    click: knopf
    footsteps: schritte treppe
    engine: motor rakete
    applause: applaus beifall
    impact: knall explosion
    sparkle: zauber magie wunder
    whoosh: plötzlich
  `,
  it: `
    thunder: tuono fulmine
    heartbeat: cuore battito
    clock: orologio mezzanotte sveglia
    chime: campana campanello
    typing: tastiera
    click: pulsante
    footsteps: passi scale
    engine: motore razzo
    applause: applauso
    impact: esplosione
    sparkle: magia miracolo
    whoosh: improvvisamente
  `,
};

/** Sounds under a whole scene that speaks of these. */
export const bedWords: Record<string, string> = {
  en: `
    rain: rain rainy drizzle raindrop
    waves: sea ocean wave waves shore beach coast tide surf
    wind: wind storm gale blizzard desert summit hurricane
    birds: bird forest meadow garden dawn birdsong
    city: city street traffic downtown
    crowd: crowd restaurant cafe café market stadium party
    fire: fire flame campfire fireplace bonfire
    drone: space universe galaxy void cave abyss
  `,
  fr: `
    rain: pluie averse
    waves: mer océan vague plage
    wind: vent tempête désert sommet
    birds: oiseau forêt jardin aube
    city: ville rue boulevard
    crowd: foule marché restaurant
    fire: feu flamme
    drone: espace univers abîme
  `,
  es: `
    rain: lluvia
    waves: mar océano ola playa
    wind: viento tormenta desierto cumbre
    birds: pájaro bosque jardín amanecer
    city: ciudad calle
    crowd: multitud mercado restaurante
    fire: fuego llama hoguera
    drone: espacio universo abismo
  `,
  de: `
    rain: regen
    waves: meer ozean welle strand küste
    wind: wind sturm wüste gipfel
    birds: vogel vögel wald garten
    city: stadt straße
    crowd: menge markt restaurant
    fire: feuer flamme
    drone: weltraum universum abgrund
  `,
  it: `
    rain: pioggia
    waves: mare oceano onda spiaggia
    wind: vento tempesta deserto vetta
    birds: uccello foresta giardino alba
    city: città strada
    crowd: folla mercato ristorante
    fire: fuoco fiamma
    drone: spazio universo abisso
  `,
};
