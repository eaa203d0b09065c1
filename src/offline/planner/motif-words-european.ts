// Which words call for which picture in more languages of Latin letters. As motif-words.ts says; data only.
export const europeanMotifWords: Record<string, string> = {
  pt: `
    mountains: montanha cume pico serra penhasco geleira / colina vale rocha pedra subir
    forest: floresta bosque selva mata árvore / folha galho raiz lobo pássaro
    sea: mar oceano onda farol navio baleia costa praia marinheiro ilha / barco vela peixe capitão porto água sal azul
    river: rio riacho cachoeira lago / ponte margem água
    desert: deserto duna areia oásis camelo / sede calor seco seca
    fields: campo prado fazenda colheita trigo aldeia / erva flor terra abelha jardim cavalo vaca primavera
    city: cidade metrópole prédio edifício torre / multidão milhão telhado capital
    street: rua estrada avenida beco calçada / carro ônibus mercado loja
    home: casa lar cozinha quarto janela / família porta cama mãe pai gato cão
    space: espaço planeta galáxia universo foguete astronauta / gravidade cosmos sol
    night_sky: noite lua estrela meia-noite / céu sonho sombra escuro
    rain: chuva guarda-chuva garoa / nuvem cinzento lágrima gota
    storm: tempestade trovão relâmpago furacão / vento medo perigo
    snow: neve inverno gelo / frio branco natal
    sunrise: amanhecer manhã aurora alvorada / começo acordar esperança primeiro novo
    sunset: entardecer crepúsculo poente / fim adeus lembrança último horizonte tarde
    people: gente multidão equipe equipa amigo criança juntos / nós mundo grupo
    portrait: rosto olho sorriso mulher homem menina menino / ela ele velho jovem sozinho voz mão
    technology: tecnologia computador robô software máquina telefone internet / tela rede motor
    data: dados porcentagem número estatística gráfico / milhão crescimento média
    business: empresa negócio cliente dinheiro banco escritório / produto preço trabalho vender
    science: ciência cientista laboratório átomo experiência célula / descoberta teoria energia
    health: saúde médico hospital coração doença / corpo sangue cérebro respirar
    education: escola aluno professor livro biblioteca aula / ler escrever aprender página história
    travel: viagem trem comboio avião aeroporto estação mala aventura / mapa bilhete país caminho
    food: comida café pão bolo restaurante fruta / comer beber sabor açúcar leite
    music: música canção guitarra violão piano concerto melodia / cantar dança som
    time: tempo relógio hora minuto segundo século / ano dia passado futuro momento sempre
    idea: ideia imaginação invenção inspiração / pensar mente criar segredo
  `,
  nl: `
    mountains: berg bergen top alpen klif gletsjer / heuvel dal rots steen klimmen
    forest: bos bossen woud oerwoud boom bomen / blad bladeren tak wortel wolf hert vogel
    sea: zee zeeën oceaan golf golven vuurtoren schip schepen walvis kust strand zeeman eiland / boot zeil vis kapitein haven water diep zout blauw
    river: rivier beek waterval meer meren / brug oever water
    desert: woestijn duin zand oase kameel / dorst hitte droog
    fields: veld weide boerderij boer oogst tarwe dorp / gras bloem aarde bij tuin paard koe lente
    city: stad steden wolkenkrabber metropool toren / menigte miljoen dak hoofdstad
    street: straat straten weg laan steeg stoep / auto bus markt winkel
    home: huis huizen thuis keuken slaapkamer raam / familie gezin deur bed moeder vader kat hond
    space: ruimte heelal planeet planeten sterrenstelsel raket astronaut / zwaartekracht kosmos zon
    night_sky: nacht maan ster sterren middernacht / hemel droom schaduw donker
    rain: regen paraplu motregen / wolk grijs traan druppel
    storm: storm donder bliksem onweer orkaan / wind angst gevaar
    snow: sneeuw winter ijs / koud wit kerst
    sunrise: zonsopgang ochtend dageraad / begin wakker hoop eerste nieuw
    sunset: zonsondergang avond schemering / einde afscheid herinnering laatste horizon
    people: mensen mens menigte team vriend kinderen samen / wij wereld groep
    portrait: gezicht oog ogen glimlach vrouw man meisje jongen / zij hij oud jong alleen stem hand
    technology: technologie computer robot software machine telefoon internet / scherm netwerk motor
    data: gegevens procent getal statistiek grafiek / miljoen miljard groei gemiddelde
    business: bedrijf klant geld bank kantoor / product prijs werk verkopen
    science: wetenschap wetenschapper laboratorium atoom experiment cel / ontdekking theorie energie
    health: gezondheid arts dokter ziekenhuis hart ziekte / lichaam bloed hersenen adem
    education: school leerling leraar boek boeken bibliotheek les / lezen schrijven leren bladzijde geschiedenis
    travel: reis reizen trein vliegtuig station koffer avontuur / kaart ticket land
    food: eten koffie brood taart restaurant fruit / drinken smaak suiker melk
    music: muziek lied gitaar piano concert melodie / zingen dans geluid
    time: tijd klok uur minuut seconde eeuw / jaar dag verleden toekomst moment altijd
    idea: idee verbeelding uitvinding inspiratie / denken geest geheim
  `,
  sv: `
    mountains: berg topp alperna klippa glaciär fjäll / kulle dal sten klättra
    forest: skog skogen djungel träd / löv gren rot varg hjort fågel
    sea: hav havet ocean våg fyr skepp val kust strand sjöman ö / båt segel fisk kapten hamn vatten djup salt
    river: flod å bäck vattenfall sjö / bro strand vatten
    desert: öken sanddyn sand oas kamel / törst hetta torr
    fields: fält äng gård bonde skörd vete by / gräs blomma jord bi trädgård häst ko vår
    city: stad städer skyskrapa storstad torn / folkmassa miljon tak huvudstad
    street: gata väg gränd trottoar / bil buss marknad affär
    home: hem hus kök sovrum fönster / familj dörr säng mor far mamma pappa katt hund
    space: rymden planet galax universum raket astronaut / gravitation kosmos sol
    night_sky: natt måne stjärna midnatt / himmel dröm skugga mörk
    rain: regn paraply duggregn / moln grå tår droppe
    storm: storm åska blixt oväder orkan / vind rädsla fara
    snow: snö vinter is / kall vit jul
    sunrise: soluppgång morgon gryning / början vakna hopp första ny
    sunset: solnedgång kväll skymning / slut farväl minne sista horisont
    people: människor människa folk lag vän barn tillsammans / vi värld grupp
    portrait: ansikte öga ögon leende kvinna man flicka pojke / hon han gammal ung ensam röst hand
    technology: teknik teknologi dator robot programvara maskin telefon internet / skärm nätverk motor
    data: data procent siffra statistik diagram / miljon miljard tillväxt genomsnitt
    business: företag kund pengar bank kontor / produkt pris arbete sälja
    science: vetenskap forskare laboratorium atom experiment cell / upptäckt teori energi
    health: hälsa läkare sjukhus hjärta sjukdom / kropp blod hjärna andas
    education: skola elev lärare bok böcker bibliotek lektion / läsa skriva lära sida historia
    travel: resa tåg flygplan station resväska äventyr / karta biljett land
    food: mat kaffe bröd tårta restaurang frukt / äta dricka smak socker mjölk
    music: musik sång gitarr piano konsert melodi / sjunga dans ljud
    time: tid klocka timme minut sekund århundrade / år dag framtid ögonblick alltid
    idea: idé fantasi uppfinning inspiration / tänka sinne hemlighet
  `,
  pl: `
    mountains: góra szczyt alpy tatry klif lodowiec / wzgórze dolina skała kamień
    forest: las lesie drzewo puszcza dżungla / liść gałąź korzeń wilk jeleń ptak
    sea: morze ocean fala latarnia statek statki wieloryb wybrzeże plaża marynarz wyspa / łódź żagiel ryba kapitan port woda sól
    river: rzeka strumień wodospad jezioro / most brzeg woda
    desert: pustynia wydma piasek oaza wielbłąd / pragnienie upał suchy
    fields: pole łąka rolnik żniwa pszenica wieś / trawa kwiat ziemia pszczoła ogród koń krowa wiosna
    city: miasto wieżowiec metropolia wieża / tłum milion dach stolica
    street: ulica droga aleja chodnik / samochód autobus targ sklep
    home: dom kuchnia sypialnia okno / rodzina drzwi łóżko matka ojciec kot pies
    space: kosmos planeta galaktyka wszechświat rakieta astronauta / grawitacja słońce
    night_sky: noc księżyc gwiazda północ / niebo sen cień ciemny
    rain: deszcz parasol mżawka / chmura szary łza kropla
    storm: burza grzmot piorun błyskawica huragan / wiatr strach niebezpieczeństwo
    snow: śnieg zima lód mróz / zimny biały święta
    sunrise: świt poranek rano / początek nadzieja pierwszy nowy
    sunset: zachód wieczór zmierzch / koniec pożegnanie wspomnienie ostatni horyzont
    people: ludzie człowiek tłum zespół przyjaciel dziecko dzieci razem / świat grupa
    portrait: twarz oko oczy uśmiech kobieta mężczyzna dziewczyna chłopiec / ona stary młody sam głos ręka
    technology: technologia komputer robot program maszyna telefon internet / ekran sieć silnik
    data: dane procent liczba statystyka wykres / milion miliard wzrost
    business: firma klient pieniądze bank biuro / produkt cena praca
    science: nauka naukowiec laboratorium atom eksperyment komórka / odkrycie teoria energia
    health: zdrowie lekarz szpital serce choroba / ciało krew mózg oddech
    education: szkoła uczeń nauczyciel książka biblioteka lekcja / czytać pisać strona historia
    travel: podróż pociąg samolot dworzec walizka przygoda / mapa bilet kraj
    food: jedzenie kawa chleb ciasto restauracja owoc / jeść pić smak cukier mleko
    music: muzyka piosenka gitara fortepian koncert melodia / śpiewać taniec dźwięk
    time: czas zegar godzina minuta sekunda wiek / rok dzień przeszłość przyszłość chwila zawsze
    idea: pomysł wyobraźnia wynalazek inspiracja / myśleć umysł tajemnica
  `,
  tr: `
    mountains: dağ zirve doruk uçurum buzul / tepe vadi kaya taş tırmanmak
    forest: orman ağaç / yaprak dal kök kurt geyik kuş
    sea: deniz okyanus dalga fener gemi balina kıyı sahil plaj denizci ada / tekne yelken balık kaptan liman su derin tuz mavi
    river: nehir ırmak dere şelale göl / köprü su
    desert: çöl kum vaha deve / susuzluk sıcak kuru
    fields: tarla çayır çiftlik çiftçi hasat buğday köy / çimen çiçek toprak arı bahçe at inek bahar
    city: şehir kent gökdelen kule istanbul / kalabalık milyon çatı başkent
    street: sokak cadde yol kaldırım / araba otobüs pazar dükkan
    home: ev mutfak oda pencere / aile kapı yatak anne baba kedi köpek
    space: uzay gezegen galaksi evren roket astronot / yerçekimi güneş
    night_sky: gece ay yıldız / gökyüzü rüya gölge karanlık
    rain: yağmur şemsiye / bulut gri gözyaşı damla
    storm: fırtına gürültü şimşek yıldırım kasırga / rüzgar rüzgâr korku tehlike
    snow: kar kış buz / soğuk beyaz
    sunrise: şafak sabah gündoğumu / başlangıç uyanmak umut ilk yeni
    sunset: günbatımı akşam alacakaranlık / son veda anı ufuk
    people: insan kalabalık ekip takım arkadaş çocuk birlikte / biz dünya grup
    portrait: göz gülümseme kadın adam erkek kız / yüz yaşlı genç yalnız ses el
    technology: teknoloji bilgisayar robot yazılım makine telefon internet / ekran ağ motor
    data: veri yüzde sayı istatistik grafik / milyon milyar büyüme ortalama
    business: şirket müşteri para banka ofis / ürün fiyat iş satmak
    science: bilim laboratuvar atom deney hücre / keşif teori enerji
    health: sağlık doktor hastane kalp hastalık / vücut kan beyin nefes
    education: okul öğrenci öğretmen kitap kütüphane ders / okumak yazmak öğrenmek sayfa tarih
    travel: yolculuk seyahat tren uçak istasyon bavul macera / harita bilet ülke
    food: yemek kahve ekmek pasta restoran meyve çay / içmek tat şeker süt
    music: müzik şarkı gitar piyano konser melodi / dans ses
    time: zaman saat dakika saniye yüzyıl / yıl gün geçmiş gelecek an daima
    idea: fikir hayal icat ilham / düşünmek akıl sır
  `,
};
