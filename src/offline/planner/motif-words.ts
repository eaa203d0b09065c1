// Which words call for which picture. Data only; motif.ts weighs it.
import { asianMotifWords } from './motif-words-asian.ts';
import { cyrillicMotifWords } from './motif-words-cyrillic.ts';
import { europeanMotifWords } from './motif-words-european.ts';
import { semiticMotifWords } from './motif-words-semitic.ts';

/**
 * Per language, a line for each motif: words that name the thing itself, a slash, words that only hint at it.
 * Singular and lower-case; forms are found by word-forms.ts.
 */
export const motifWords: Record<string, string> = {
  ...europeanMotifWords,
  ...cyrillicMotifWords,
  ...semiticMotifWords,
  ...asianMotifWords,
  en: `
    mountains: mountain peak summit alps himalaya everest cliff glacier / hill climb ridge valley rock high altitude stone avalanche hike eagle
    forest: forest wood woods jungle rainforest tree woodland / leaf leaves branch root moss deer wolf fox owl bear wild pine oak bird trail nest
    sea: sea ocean wave lighthouse ship whale coast shore beach sailor harbor harbour tide island coral / boat sail fish shark dolphin captain port water deep anchor salt reef blue octopus gull rocks
    river: river stream waterfall lake creek canal pond brook / bridge flow water bank flood dam ferry swim delta
    desert: desert dune sahara oasis camel cactus sand / dry heat thirst drought pyramid mirage nomad caravan
    fields: field meadow farm farmer harvest wheat barn prairie countryside village / grass flower crop soil seed cow sheep horse bee garden tractor corn plant spring
    city: city skyline skyscraper downtown metropolis urban tower / building crowd million people capital mayor traffic neon roof population architecture
    street: street road avenue alley sidewalk pavement detective corner / car bus taxi traffic shop market lamp walk drive bicycle door cafe café bar
    home: home house kitchen bedroom sofa fireplace room / family door window living bed lamp mother father grandmother sleep cozy table chair cat dog blanket
    space: space planet galaxy universe rocket astronaut mars orbit satellite nasa comet asteroid jupiter saturn / earth gravity alien telescope cosmos cosmic launch spacecraft sun solar light-year
    night_sky: night moon star midnight constellation starlight moonlight aurora / dark sky dream sleep owl shadow lantern darkness
    rain: rain umbrella drizzle puddle rainy raindrop / cloud wet grey gray cry tear drop gloomy
    storm: storm thunder lightning hurricane tornado tempest gale typhoon / wind wreck fear danger rage crash violent fury disaster
    snow: snow winter ice blizzard arctic frost antarctica snowflake / cold freeze frozen white ski christmas penguin polar sled
    sunrise: sunrise dawn morning daybreak / begin beginning wake new hope start first early tomorrow rise coffee birth
    sunset: sunset dusk evening twilight nightfall / end goodbye farewell memory last golden horizon gone remember
    people: people crowd team friend family community children audience together everyone / we us our they group human society world child party meet share
    portrait: face eye portrait smile woman man girl boy / she he her him his i me my you person heart hand old young alone voice
    technology: technology computer robot software code internet phone app algorithm chip engineer machine digital ai / screen device network electric engine battery program data build keyboard laptop invention
    data: data chart percent statistics graph number percentage average analytics / million billion growth increase rate measure report record figure total result half double
    business: business company market customer startup money bank office sales investor profit boss / product price team work job plan deal growth success brand sell buy pay strategy meeting career
    science: science scientist laboratory lab experiment atom molecule physics chemistry dna cell biology / discover discovery research theory test formula energy reaction microscope proof gene evolution
    health: health doctor hospital medicine heart exercise yoga nurse patient disease fitness / body blood brain sleep breathe breath healthy run diet vitamin pain heal stress muscle
    education: school student teacher university book lesson classroom library education learn / read write study class question answer history teach knowledge exam course page word
    travel: travel journey train plane airport passport voyage trip tourist flight adventure explorer / map road ticket suitcase station explore visit country destination abroad ride distance compass
    food: food coffee bread cake tea restaurant chef cook kitchen fruit recipe breakfast dinner lunch soup cup espresso pizza / eat drink taste sweet bake sugar salt milk hungry plate spoon flavor flavour delicious brew bean apple wine egg butter grind roast boil pour sip smell mug dough
    music: music song guitar piano concert melody orchestra violin drum singer band rhythm / sing dance sound note listen play beat voice stage jazz radio tune
    time: time clock hour minute second century calendar / watch year day ago history past future wait moment forever decade ancient age later once never
    idea: idea imagine imagination creativity invention inspiration innovation lightbulb thought / think mind dream create why question solution possible secret wonder change imagine brilliant
    abstract: infinity silence truth freedom soul nothing / everything meaning fear peace love life chaos
  `,
  fr: `
    mountains: montagne sommet pic alpes falaise glacier / colline vallée rocher grimper pierre
    forest: forêt bois arbre jungle / feuille branche racine loup cerf oiseau sauvage chêne
    sea: mer océan vague phare navire bateau baleine côte plage marin île marée / voile poisson capitaine port eau profond sel bleu
    river: rivière fleuve ruisseau cascade lac seine loire / pont eau rive barque
    desert: désert dune sable oasis chameau / soif chaleur sec sécheresse
    fields: champ prairie ferme paysan moisson blé campagne village / herbe fleur terre abeille jardin cheval vache printemps
    city: ville métropole immeuble paris tour / foule million toit capitale
    street: rue route avenue ruelle trottoir boulevard / voiture bus marché boutique café boulanger
    home: maison cuisine chambre fenêtre foyer / famille porte lit mère père chat chien
    space: espace planète galaxie univers fusée astronaute / terre gravité cosmos soleil
    night_sky: nuit lune étoile minuit / ciel rêve ombre noir
    rain: pluie parapluie averse / nuage gris larme goutte
    storm: orage tempête tonnerre éclair ouragan / vent peur danger colère
    snow: neige hiver glace givre / froid blanc noël
    sunrise: aube matin aurore / début réveil espoir premier nouveau
    sunset: crépuscule soir couchant / fin adieu souvenir dernier horizon
    people: gens foule équipe ami enfant ensemble voisin / nous ils monde groupe
    portrait: visage regard sourire femme homme fille garçon / elle il vieux jeune seul voix main cœur
    technology: technologie ordinateur robot logiciel machine téléphone internet / écran réseau moteur
    data: données pourcent chiffre statistique graphique / million milliard croissance moyenne
    business: entreprise client argent banque bureau marché / produit prix travail vendre
    science: science savant laboratoire atome expérience cellule / découverte recherche théorie énergie
    health: santé médecin hôpital cœur maladie / corps sang cerveau souffle sommeil
    education: école élève professeur livre bibliothèque leçon / lire écrire apprendre page histoire
    travel: voyage train avion gare valise aventure / carte billet pays route
    food: pain café gâteau restaurant chef fruit croissant boulangerie four farine pâte repas / manger boire goût sucre lait chaud odeur beurre pétrir boulanger
    music: musique chanson guitare piano concert mélodie violon / chanter danse son note
    time: temps horloge heure minute seconde siècle / an année jour passé avenir moment toujours
    idea: idée imagination invention inspiration / penser esprit créer pourquoi secret
  `,
  es: `
    mountains: montaña cumbre pico sierra acantilado glaciar / colina valle roca piedra subir
    forest: bosque selva árbol / hoja rama raíz lobo ciervo pájaro
    sea: mar océano ola faro barco ballena costa playa marinero isla / vela pez capitán puerto agua profundo sal azul
    river: río arroyo cascada lago / puente orilla agua
    desert: desierto duna arena oasis camello / sed calor seco sequía
    fields: campo prado granja cosecha trigo pueblo aldea / hierba flor tierra abeja jardín caballo vaca
    city: ciudad rascacielos edificio torre / multitud millón techo capital
    street: calle carretera avenida callejón acera / coche autobús mercado tienda
    home: casa hogar cocina habitación ventana / familia puerta cama madre padre gato perro
    space: espacio planeta galaxia universo cohete astronauta / gravedad cosmos sol
    night_sky: noche luna estrella medianoche / cielo sueño sombra oscuro
    rain: lluvia paraguas llovizna / nube gris lágrima gota
    storm: tormenta trueno relámpago huracán tempestad / viento miedo peligro
    snow: nieve invierno hielo / frío blanco navidad
    sunrise: amanecer mañana alba / comienzo despertar esperanza primero nuevo
    sunset: atardecer ocaso crepúsculo / fin adiós recuerdo último horizonte tarde
    people: gente multitud equipo amigo niños juntos / nosotros mundo grupo
    portrait: rostro cara ojo sonrisa mujer hombre niña niño / ella él viejo joven solo voz mano
    technology: tecnología computadora ordenador robot máquina teléfono internet / pantalla red motor
    data: datos porcentaje cifra estadística gráfico / millón crecimiento promedio
    business: empresa negocio cliente dinero banco oficina / producto precio trabajo vender
    science: ciencia científico laboratorio átomo experimento célula / descubrimiento teoría energía
    health: salud médico hospital corazón enfermedad / cuerpo sangre cerebro respirar
    education: escuela estudiante maestro libro biblioteca / leer escribir aprender página historia
    travel: viaje tren avión estación maleta aventura / mapa billete país camino
    food: comida café pan pastel restaurante fruta / comer beber sabor azúcar leche
    music: música canción guitarra piano concierto melodía / cantar baile sonido
    time: tiempo reloj hora minuto segundo siglo / año día pasado futuro momento siempre
    idea: idea imaginación invento inspiración / pensar mente crear secreto
  `,
  de: `
    mountains: berg gipfel alpen fels gletscher / hügel tal klettern stein
    forest: wald baum bäume dschungel / blatt blätter ast wurzel wolf hirsch vogel
    sea: meer ozean welle leuchtturm schiff wal küste strand seemann insel / boot segel fisch kapitän hafen wasser tief salz
    river: fluss bach wasserfall see rhein / brücke ufer wasser
    desert: wüste düne sand oase kamel / durst hitze trocken
    fields: feld wiese bauernhof bauer ernte weizen dorf / gras blume erde biene garten pferd kuh frühling
    city: stadt hochhaus metropole turm / menge million dach hauptstadt
    street: straße weg gasse gehweg / auto bus markt laden laterne
    home: haus zuhause küche zimmer fenster / familie tür bett mutter vater katze hund
    space: weltraum planet galaxie universum rakete astronaut / erde schwerkraft sonne kosmos
    night_sky: nacht mond stern mitternacht / himmel traum schatten dunkel
    rain: regen regenschirm / wolke grau träne tropfen
    storm: sturm donner blitz gewitter orkan / wind angst gefahr
    snow: schnee winter eis frost / kalt weiß weihnachten
    sunrise: sonnenaufgang morgen morgengrauen / anfang aufwachen hoffnung erste neu
    sunset: sonnenuntergang abend dämmerung / ende abschied erinnerung letzte horizont
    people: menschen leute team freund kinder gemeinsam / wir welt gruppe
    portrait: gesicht auge lächeln frau mann mädchen junge / ihr ihm alt jung allein stimme hand
    technology: technologie technik computer roboter software maschine internet / bildschirm netz motor
    data: daten prozent zahl statistik diagramm / million milliarde wachstum durchschnitt
    business: unternehmen firma kunde geld bank büro / produkt preis arbeit verkaufen
    science: wissenschaft forscher labor atom experiment zelle / entdeckung theorie energie
    health: gesundheit arzt krankenhaus herz krankheit / körper blut gehirn atem
    education: schule schüler lehrer buch bibliothek / lesen schreiben lernen seite geschichte
    travel: reise zug flugzeug bahnhof koffer abenteuer / karte land fahrt
    food: essen kaffee brot kuchen restaurant obst / trinken geschmack zucker milch
    music: musik lied gitarre klavier konzert melodie / singen tanz klang
    time: zeit uhr stunde minute sekunde jahrhundert / jahr tag vergangenheit zukunft moment immer
    idea: idee fantasie erfindung inspiration / denken geist warum geheimnis
  `,
  it: `
    mountains: montagna vetta cima alpi scogliera ghiacciaio / collina valle roccia pietra
    forest: foresta bosco albero / foglia ramo radice lupo cervo uccello
    sea: mare oceano onda faro nave balena costa spiaggia marinaio isola / barca vela pesce capitano porto acqua sale
    river: fiume ruscello cascata lago / ponte riva acqua
    desert: deserto duna sabbia oasi / sete caldo secco
    fields: campo prato fattoria raccolto grano villaggio / erba fiore terra ape giardino cavallo
    city: città grattacielo edificio torre / folla milione tetto capitale
    street: strada via viale vicolo piazza / macchina autobus mercato negozio
    home: casa cucina camera finestra / famiglia porta letto madre padre gatto cane
    space: spazio pianeta galassia universo razzo astronauta / gravità cosmo sole
    night_sky: notte luna stella mezzanotte / cielo sogno ombra buio
    rain: pioggia ombrello / nuvola grigio lacrima goccia
    storm: tempesta tuono fulmine temporale uragano / vento paura pericolo
    snow: neve inverno ghiaccio / freddo bianco natale
    sunrise: alba mattino mattina / inizio risveglio speranza primo nuovo
    sunset: tramonto sera crepuscolo / fine addio ricordo ultimo orizzonte
    people: gente folla squadra amico bambini insieme / noi mondo gruppo
    portrait: volto viso occhio sorriso donna uomo ragazza ragazzo / lei lui vecchio giovane solo voce mano
    technology: tecnologia computer robot macchina telefono internet / schermo rete motore
    data: dati percentuale cifra statistica grafico / milione crescita media
    business: azienda impresa cliente denaro banca ufficio / prodotto prezzo lavoro vendere
    science: scienza scienziato laboratorio atomo esperimento cellula / scoperta teoria energia
    health: salute medico ospedale cuore malattia / corpo sangue cervello respiro
    education: scuola studente insegnante libro biblioteca / leggere scrivere imparare pagina storia
    travel: viaggio treno aereo stazione valigia avventura / mappa biglietto paese
    food: cibo caffè pane torta ristorante frutta / mangiare bere gusto zucchero latte
    music: musica canzone chitarra pianoforte concerto melodia / cantare danza suono
    time: tempo orologio ora minuto secondo secolo / anno giorno passato futuro momento sempre
    idea: idea immaginazione invenzione ispirazione / pensare mente creare segreto
  `,
};
