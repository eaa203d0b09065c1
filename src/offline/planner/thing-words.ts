// Which words name a thing that can be shown by itself. Data only; the painter has an icon for each name.
import { lines } from './word-forms.ts';

const columns = ['en', 'fr', 'es', 'de', 'it'];

/** `name: English / French / Spanish / German / Italian`; singular and lower-case, forms are found by word-forms.ts. */
const table = `
  phone: phone smartphone telephone / téléphone portable / teléfono móvil / telefon handy / telefono cellulare
  heart: heart heartbeat / cœur / corazón / herz / cuore
  piano: piano / piano / piano / klavier / pianoforte
  planet: planet earth globe / planète terre / planeta / planet erde / pianeta terra
  lamp: lamp lantern light bulb / lampe lanterne / lámpara / lampe laterne / lampada
  bread: bread baker bakery flour dough wheat / pain boulanger boulangerie farine pâte blé / pan harina trigo panadero / brot mehl bäcker weizen / pane farina grano
  oven: oven bake / four fournée / horno / ofen backofen / forno
  croissant: croissant / croissant viennoiserie / cruasán / croissant / cornetto
  pot: pot kitchen cook boil / casserole cuisine cuire / olla cocina / topf küche kochen / pentola cucina
  thermometer: thermometer degree temperature celsius fahrenheit fever / thermomètre degré température fièvre / termómetro grado temperatura / thermometer grad temperatur fieber / termometro grado temperatura
  droplet: water oxygen droplet / eau goutte oxygène / agua gota oxígeno / wasser tropfen sauerstoff / acqua goccia ossigeno
  bean: bean / grain haricot / grano frijol / bohne / chicco fagiolo
  key: key / clé clef / llave / schlüssel / chiave
  door: door / porte / puerta / tür / porta
  bed: bed bedroom / lit / cama / bett / letto
  sofa: sofa couch / canapé / sofá / sofa / divano
  mail: mail letter email envelope / lettre courrier enveloppe / carta correo sobre / brief post umschlag / lettera posta busta
  camera: camera photo photograph / photo / cámara foto / kamera foto / fotocamera foto
  computer: computer laptop / ordinateur / ordenador computadora portátil / computer laptop rechner / computer
  keyboard: keyboard / clavier / teclado / tastatur / tastiera
  television: television tv / télévision télé / televisión / fernseher / televisione
  chip: chip processor / puce processeur / chip procesador / chip prozessor / processore
  guitar: guitar / guitare / guitarra / gitarre / chitarra
  drum: drum drummer / tambour batterie / tambor batería / trommel schlagzeug / tamburo batteria
  headphones: headphones headset / casque écouteur / auricular / kopfhörer / cuffie
  microphone: microphone / micro microphone / micrófono / mikrofon / microfono
  record: record vinyl album / vinyle / vinilo / schallplatte / vinile
  doctor: doctor nurse stethoscope / médecin docteur infirmière / médico doctor enfermera / arzt ärztin / medico dottore
  pill: pill medicine drug vitamin / médicament pilule vitamine / pastilla medicina vitamina / pille tablette medizin vitamin / pillola medicina vitamina
  hospital: hospital clinic / hôpital clinique / hospital / krankenhaus / ospedale
  brain: brain / cerveau / cerebro / gehirn / cervello
  eye: eye / œil yeux / ojo / auge / occhio
  ear: ear / oreille / oreja / ohr / orecchio
  dumbbell: exercise fitness gym / exercice sport / ejercicio gimnasio / sport training / esercizio palestra
  microscope: microscope / microscope / microscopio / mikroskop / microscopio
  flask: laboratory lab chemistry chemical experiment / laboratoire chimie expérience / laboratorio química experimento / labor chemie experiment / laboratorio chimica
  atom: atom molecule / atome molécule / átomo molécula / atom molekül / atomo molecola
  dna: dna gene / adn gène / adn gen / dna gen / dna gene
  telescope: telescope / télescope / telescopio / teleskop fernrohr / telescopio
  satellite: satellite / satellite / satélite / satellit / satellite
  school: school / école / escuela / schule / scuola
  graduation: university graduation degree college diploma / université diplôme / universidad diploma / universität diplom / università laurea
  pencil: pencil pen write / crayon stylo écrire / lápiz bolígrafo escribir / stift bleistift schreiben / matita penna scrivere
  library: library shelf / bibliothèque / biblioteca / bibliothek / biblioteca
  newspaper: newspaper news / journal / periódico noticia / zeitung / giornale
  money: money cash dollar euro / argent / dinero / geld / soldi denaro
  coins: coin penny cent / pièce monnaie / moneda / münze / moneta
  bank: bank court museum temple / banque musée / banco museo / bank museum / banca museo
  savings: saving piggy / épargne / ahorro / ersparnis sparen / risparmio
  briefcase: briefcase job / mallette / maletín / aktentasche / valigetta
  factory: factory / usine / fábrica / fabrik / fabbrica
  shop: shop store market café / boutique magasin marché / tienda mercado / laden geschäft markt / negozio mercato
  cart: cart trolley shopping / chariot / carrito compra / einkaufswagen / carrello
  gift: gift present / cadeau / regalo / geschenk / regalo
  handshake: deal handshake partner / accord partenaire / acuerdo / vertrag / accordo
  trophy: trophy champion win winner prize / trophée champion prix / trofeo campeón / pokal sieger / trofeo campione
  crown: king queen crown / roi reine couronne / rey reina corona / könig königin krone / re regina corona
  gem: diamond gem jewel treasure / diamant bijou trésor / diamante joya tesoro / diamant juwel schatz / diamante gioiello tesoro
  suitcase: suitcase luggage / valise bagage / maleta / koffer / valigia
  map: map / carte / mapa / landkarte / mappa
  compass: compass / boussole / brújula / kompass / bussola
  ticket: ticket / billet / boleto entrada / fahrkarte ticket / biglietto
  bicycle: bicycle bike cycling / vélo bicyclette / bicicleta / fahrrad / bicicletta
  bus: bus / bus / autobús / bus / autobus
  truck: truck lorry / camion / camión / lastwagen / camion
  anchor: anchor / ancre / ancla / anker / ancora
  tent: tent camping / tente / carpa tienda / zelt / tenda
  hammer: hammer / marteau / martillo / hammer / martello
  wrench: wrench repair mechanic / réparer / reparar / reparieren / riparare
  scissors: scissors / ciseaux / tijera / schere / forbici
  shirt: shirt clothes / chemise vêtement / camisa ropa / hemd kleidung / camicia
  glasses: glasses / lunettes / gafas / brille / occhiali
  watch: wristwatch / montre / muñeca / armbanduhr / orologio
  hourglass: hourglass / sablier / / sanduhr / clessidra
  calendar: calendar month week / calendrier mois semaine / calendario semana / kalender monat woche / calendario mese settimana
  alarm: alarm minute second / réveil minute / alarma minuto / wecker minute / sveglia minuto
  apple: apple / pomme / manzana / apfel / mela
  banana: banana / banane / plátano / banane / banana
  cherry: cherry / cerise / cereza / kirsche / ciliegia
  carrot: carrot vegetable / carotte légume / zanahoria verdura / karotte gemüse / carota verdura
  egg: egg / œuf / huevo / ei / uovo
  pizza: pizza / pizza / pizza / pizza / pizza
  cake: cake / gâteau / pastel tarta / kuchen torte / torta
  cookie: cookie biscuit / biscuit / galleta / keks / biscotto
  icecream: ice-cream / glace / helado / eis / gelato
  soup: soup / soupe / sopa / suppe / zuppa
  wine: wine / vin / vino / wein / vino
  beer: beer / bière / cerveza / bier / birra
  milk: milk / lait / leche / milch / latte
  cutlery: breakfast lunch dinner meal plate restaurant / repas déjeuner dîner assiette restaurant / comida desayuno cena plato / frühstück essen teller / pranzo cena piatto
  chef: chef / chef / chef / koch / cuoco
  leaf: leaf leaves / feuille / hoja / blatt blätter / foglia
  sprout: seed sprout plant grow / graine plante / semilla planta / samen pflanze / seme pianta
  bug: bug insect / insecte / insecto / insekt käfer / insetto
  rabbit: rabbit hare / lapin / conejo / hase kaninchen / coniglio
  turtle: turtle tortoise / tortue / tortuga / schildkröte / tartaruga
  snail: snail / escargot / caracol / schnecke / lumaca
  squirrel: squirrel / écureuil / ardilla / eichhörnchen / scoiattolo
  paw: paw / patte / pata / pfote / zampa
  feather: feather / plume / pluma / feder / piuma
  baby: baby / bébé / bebé / baby / bambino
  sword: sword / épée / espada / schwert / spada
  shield: shield / bouclier / escudo / schild / scudo
  skull: skull / crâne / calavera / schädel / teschio
  ghost: ghost / fantôme / fantasma / geist / fantasma
  bone: bone / os / hueso / knochen / osso
  lock: lock password security / serrure sécurité / candado seguridad / schloss sicherheit / lucchetto sicurezza
  puzzle: puzzle / puzzle / rompecabezas / puzzle rätsel / puzzle
  dice: dice chance luck / dé hasard chance / dado suerte / würfel glück / dado fortuna
  game: game / jeu / juego / spiel / gioco
  bell: bell / cloche / campana / glocke / campana
  flag: flag / drapeau / bandera / flagge fahne / bandiera
  target: target goal / cible but / objetivo meta / ziel / obiettivo
  battery: battery / pile / pila / batterie / batteria
  plug: electricity plug / électricité / electricidad / strom stecker / elettricità
  wifi: wifi internet / internet / internet / internet / internet
  database: database / / / datenbank /
  magnet: magnet / aimant / imán / magnet / magnete
  scale: justice law / justice loi / justicia ley / gerechtigkeit gesetz / giustizia legge
  film: film movie cinema / film cinéma / película cine / film kino / film cinema
  palette: paint painter artist / peinture peintre artiste / pintura pintor artista / maler künstler / pittura artista
  footprints: footstep footprint / empreinte / huella / fußspur / impronta
  message: message chat / message / mensaje / nachricht / messaggio
  church: church / église / iglesia / kirche / chiesa
`;

/** The things' words in this language as lines of `name: words`; empty for a language that the table does not know. */
export function thingWordsOf(language: string): string {
  const column = columns.indexOf(language);
  if (column < 0) return '';
  return lines(table)
    .map((line) => {
      const [name, cells] = line.split(':') as [string, string];
      return { name, words: cells.split('/')[column]!.trim() };
    })
    .filter(({ words }) => words !== '')
    .map(({ name, words }) => `${name}: ${words}`)
    .join('\n');
}

/** Every thing's name. */
export const thingNames: string[] = lines(table).map((line) => line.split(':')[0]!);
