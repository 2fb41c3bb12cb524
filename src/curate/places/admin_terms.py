"""Which region the terms of region.tsv and towns.tsv lie in that GeoNames has not, or has otherwise.

Lines `CODE TERM, TERM, …`; `-` instead of a code leaves terms out: they name more than one region, places that cannot be told apart, a seat of
government that stands for the government, or mostly persons. `#` begins a comment. Terms are compared without regard to case and accents. The
codes are those of outlines.tsv (src/publish/pages).
"""

TERMS = """
# Mali. Nioro, Kita: Kayes; Dioïla, Nara: Koulikoro; Bougouni, Koutiala: Sikasso; San: Ségou; Douentza, Bandiagara: Mopti;
# Taoudénit: Timbuktu; Ménaka: Gao.
ML-BKO Bamakois, Bamakoise, Bamako-Sénou, 巴马科, Бамако, بماكو, بامكو, Yirimadio, Missabougou, Banankabougou, Magnambougou, Sogoniko
ML-BKO Badalabougou, Lafiabougou, Hamdallaye ACI, ACI 2000, Sotuba, Djicoroni, Djicoroni-Para, Sébénicoro, Niamakoro, Sénou
ML-BKO Kalabancoura, Kalaban-Coura, Faladié
ML-1 Kéniéba, Loulo, Loulo-Gounkoto, Gounkoto, Fekola, Sadiola, Manantali, Faléa, Diboli, Diakon, Sandaré, Somankidi, Ambidédi, Sébékoro
ML-1 Toukoto, مدينة كاي, خاي المالية, نيورو
ML-2 Sanankoroba, Kalaban-Coro, Kambila, Ouélessébougou, Mourdiah, Guiré, Nossombougou, Baguinéda, Tienfala, Dio-Gare, Négala, Kourémalé
ML-2 مدينة كاتي, قاعدة كاتي, نارا المالية, Figuira-Toma
ML-3 Sélingué, Syama, Morila, Goulamina, Kignan, Loulouni, Niéna, Kangaré, Sikassois
ML-4 Macina, Dioro, Baraouéli, Konobougou, Nampala, Nampalari, Diabaly, Dogofry, Farabougou, Sansanding, Office du Niger, Ségovien
ML-4 Ségovienne, نيونو
ML-5 Ogossagou, Sobane-Da, Hombori, Boulkessy, Boulikessi, Boulkessi, Mondoro, Dinangourou, Sévaré, Diafarabé, Dioura, Moura, pays dogon
ML-5 Dogon country, Niongono, جيني, باندياغارا, سيفاري, دوينتزا
ML-6 Tumbuktu, Léré, Lerneb, Gossi, Soumpi, Saraféré, Ber, Tombouctien, تومبكتو, تنبكتو, تومبوكتو, تاوديني, ليرة المالية, غوندام
ML-7 Labbezanga, Talataye, Tarkint, Almoustarat, Tidermène, Tassiga, Intahaka, Intillit, Bamba, مدينة غاو, ميناكا, أنسونغو
ML-8 Aguelhoc, Tinzaouatène, Tinzaouaten, Tinzawaten, Tin Zaouatine, Tinzawatene, Tinzaouatine, Anéfis, Inhalil, In Khalil, Achibogho
ML-8 Adrar des Ifoghas, Ifoghas, تساليت, تيساليت, أغيلهوك, تينزواتين, تين زواتين, تنزواتين
- باسكنو الحدودية مع مالي, Ségala, Abdel Bagrou, Abdel Begrou, Azawad, Delta intérieur du Niger, Inner Niger Delta, Niger Inland Delta
- Koulouba, Cissan, Kolo, Banba, أزواد, أزوادي, الأزوادية, الأزواديين, الأزواديون

# Burkina Faso. The regions and provinces that were renamed or split in July 2025 belong to the ones that they were before.
BF-01 Boucle du Mouhoun, Mouhoun, Bankui, Balé, Les Balé, Banwa, Kossi, Kossin, Koosin, Nayala, Sourou, région du Sourou, province du Sourou
BF-01 Ouarkoye, Bondokuy, Djibasso, Bomborokuy, Doumbala, Gassan, Kiembara, Lanfièra, Toéni, Gomboro, Bagassi, Safané, Tchériba, Kougny
BF-01 Kassoum, Poura
BF-02 région des Cascades, région de la Comoé, Cascades, Comoé, Léraba, Tannounyan, Tanounyan, Kankalaba, Sidéradougou, Moussodougou
BF-02 Bérégadougou
BF-03 Kadiogo, Ouaga, Ouagadugu, Wagadugu, Wagadougou, Ouagalais, Ouagalaise, Waga-dugu, واغادوكو, وغادوغو, واجادوجو, واكادوكو, وقادوقو
BF-03 واقادوقو, اوغادوغو, واغا دوغو, وغدوغو, Ouaga 2000, Larlé, Tampouy, Karpala, Bendogo, Zogona, Somgandé, Kamsonghin, Gounghin
BF-04 région du Centre-Est, Centre-Est, Nakambé, Nakanbé, Boulgou, Koulpélogo, Kourittenga, Kouritenga, Bagré, Bagre Dam, barrage de Bagré
BF-04 Cinkassé Burkina, Comin-Yanga, Yargatenga, Lalgaye, Dialgaye, Andemtenga, Zoaga, Bané, Niaogho
BF-05 région du Centre-Nord, Centre-Nord, Centre-Nord du Burkina, Kuilsé, Koulsé, Bam, Namentenga, Sandbondtenga, Sandbontenga, Sanmatenga
BF-05 Tougouri, Barsalogho, Barsalogo, بارسالوغو, Yirgou, Foubé, Pensa, Dablo, Silmangué, Zaongo, Bissa Gold, Taparko, Yilou, Sabcé, Tikaré
BF-05 Rouko, Zimtenga, Guibaré
BF-06 région du Centre-Ouest, Centre-Ouest, Nando, région du Nando, Boulkiemdé, Sanguié, Sissili, Ziro, Perkoa, Imasgo, Kokologho, Tenado
BF-06 Pouni, Cassou
BF-07 région du Centre-Sud, Centre-Sud, Nazinon, région du Nazinon, Bazèga, Nahouri, Zoundwéogo, Guiaro, Tiébélé, Nobéré, Béré, Dawelgué
BF-08 région de l'Est du Burkina, Goulmou, Gulmu, Sirba, région de la Sirba, Tapoa, région de la Tapoa, province de la Tapoa, Gnagna, Komondjari
BF-08 Komandjari, Dyamongou, Diamongou, province du Gourma, Fada, فادا نغورما, Boungou, Matiacoali, Matiakoali, Partiaga, Logobou, Namounou
BF-08 Tansarga, Botou, Foutouri, Kompienbiga, Nadiagou, Piéla, Thion, Coalla, Liptougou, Diabo, Diapangou, Yamba, Tibga, Bartiébougou
BF-08 Madjoari, Tambaga, Kantchari, parc d'Arly, Parc W Burkina
BF-09 Hauts-Bassins, Guiriko, Houet, Kénédougou, Tuy, Bobo, Bobodioulasso, Bobolais, Bobolaise, Bindougousso, Toussiana, Péni, Hounde Gold
BF-09 Léna, Satiri, Faramana, Padéma, Koundougou, Békuy
BF-10 Yaadga, Yatenga, Loroum, Passoré, Zondoma, Yatenga Naaba, Kossouka, Séguénéga, Thiou, Nondin, Oula, Koumbri, Kalsaka, Tangaye, Bokin
BF-10 Arbollé, La-Toden, Gomponsom, Kirsi, Tougo, Boussou, Leba
BF-11 Plateau Central, Oubri, Ganzourgou, Kourwéogo, Oubritenga, Bassitenga, Méguet
BF-12 région du Sahel burkinabè, région du Liptako, Oudalan, Séno, province du Séno, Soum, région du Soum, province du Soum, Djelgodji, Djelgoji
BF-12 Karo-Peli, Yagha, Solhan, سولهان, Seytenga, Markoye, Nassoumbou, Koutougou, Inata, Mansila, Titabé, Essakane, مدينة جيبو
BF-12 دوري البوركينية, غورم غوروم
BF-13 Sud-Ouest du Burkina, Djôrô, Bougouriba, Ioba, Noumbiel, Poni, Loropéni, Kampti, Legmoin, Nako, Iolonioro, Dissin, Guéguéré
BF-13 Bouroum-Bouroum
- Kosyam, Bama, Kouka, Namissiguima, Kaboré Tambi, Liptako, Gourma, Moogo, Mogho Naaba, Moogho Naaba, Mogho Naba, Mogho Naba Baongho, Moro-Naba
- Gourmantché du Burkina

# Niger
NE-1 Agadas, Agadaz, Jihar Agadas, Jahar Agadas, أجاديز, أغاديز, أكاديز, أكدز, Aderbissanat, Dirkou, Ingall, In Gall, Madama, ماداما, Séguédine
NE-1 Assamaka, Assamakka, أساماكا, عصمكة, Djado, Kaouar, Kawar, Aïr, massif de l'Aïr, Ténéré, Imouraren, Somaïr, Cominak, Akokan
NE-1 Dasa uranium, Madaouéla, Azelik
NE-2 Yankin Diffa, Jihar Diffa, Jahar Diffa, N'Guigmi, N'Gourti, Gueskerou, Toumour, Baroua, Chetimari, Kabalewa, Sayam, Sayam Forage
NE-2 Kindjandi, Agadem, Koulélé
NE-3 Jihar Dosso, Boboye, Birni-N'Gaouré, Doutchi, Dogon Dutsi, Dogondutsi, Gaya-Malanville, Koygolo, Sokorbé, Kiota, Farrey, Tounouga
NE-3 Sambéra, Matankari, Dan Kassari, Soucoucoutane, Kiéché, Guéchémé, Doumega
NE-4 Jihar Maradi, Jahar Maradi, مارادي, Gidan Rumji, Gidan Rumdji, Kornaka, Sabon Machi, Dan Issa, Guidan Sori, Chadakori, Tchadoua
NE-4 Maïjirgui, Kanambakaché, Ourafane, Sae Saboua, Serkin Yamma, Jirataoua, Djirataoua, Souloulou, Tasawa, Madarumfa
NE-5 Tahuwa, Jihar Tahoua, Jahar Tahoua, طاوة, تاوة, Birni Nkonni, Kwanni, Galmi, Doguérawa, Dogueraoua, Tsernaoua, Alléla, Bazaga, Tabalak
NE-5 Affala, Barmou, Takanamat, Tébaram, Telemces, Bambeye, Sahel de Tahoua, Garhanga, Tamaské, Ibohamane
NE-6 Jihar Tilaberi, Jahar Tilabery, Ayerou, Balléyara, Banibangou, Inates, Chinagodrar, Chinégodar, Chinagodar, Tchinégodar, Tongo Tongo
NE-6 تونغو تونغو, Bonkoukou, Tamou, Makalondi, Fambita, Kokorou, Dargol, Diagourou, Kandadji, barrage de Kandadji, كانداجي, Parc du W, Walam
NE-6 Filinge, Zarmaganda, Kourfey, Koutoukalé, Kollo prison, Wanzerbé, Sakoira, Namaro, Kourteye, Kirtachi, Karma, بانكيلاري, تورودي
NE-7 Damagaram, Jihar Damagaram, Zindar, Doungass, Tesker, Gouna, Hamdara, Koleram, Zermou, Guidimouni, Sassoumbroum, Yaouri, Daouché
NE-7 Ichirnawa
NE-8 Niaméen, Niaméenne, Yamai, Yamay, Ñamey, 尼亚美, Birnin Yamai, نيامه, Gaweye, Banifandou, Boukoki, Yantala, Talladjé, Goudel, Harobanda
- Keita, Tibiri, Tsibiri, Sinder, Inékar, Gelegele, Sabon Guéri, Termit, Dallol Bosso, Dogo

# Chad
TD-BA Batha, البطحاء التشادية
TD-BG Barh-El-Gazal, Bahr el-Gazel, Barh-el-Gazel, بحر الغزال التشادية
TD-BO Borkou, بوركو, Faya, فايا
TD-CB Chari-Baguirmi, Baguirmi, شاري باقرمي, Mandalia, Linia, Koundoul, Kournari, Loug Chari
TD-EN Ennedi, Ennedi-Est, Ennedi-Ouest, Ounianga, إنيدي, إنيدي الشرقية, Amdjaras, أمجرس, Bahaï, Kalaït, Oum-Chalouba
TD-GR Guera, قيرا, Abtouyour, مونغو
TD-HL Hadjer-Lamis, Hadjar Lamis, حجر لميس, Ngoura, Karal, Guitté, Haraze Al Biar, Dababa
TD-KA Kanem, كانم, Nord Kanem, Wadi Bissam
TD-LC Lac, province du Lac, Lac Province, Baga Sola, Bagasola, Ngouboua, Tchoukoutalia, Tchoukoutelia, Kaïga Kindjiria, Barkaram, Doum-Doum
TD-LC Ngouri, Mamdi, Wayi, Fouli
TD-LO Logone Occidental, Lac Wey, Guéni, Ngourkosso, Dodjé
TD-LR Logone Oriental, Komé, Kome field, Mbaïbokoum, Bessao, Larmanaye, Donia, Kouh, La Nya, Monts de Lam, Pendé
TD-MA Mandoul, مندول, ماندول, Bekamba
TD-MC Moyen-Chari, شاري الأوسط, Maro, Danamadji, Korbol, Balimba, Bahr-Köh, Barh-Koh, Lac Iro
TD-ME Mayo-Kebbi Est, Kabbia, Mont d'Illi, Mayo-Boneye, Mayo-Lémié, بونقور
TD-MO Mayo-Kebbi Ouest, Mayo-Dallah, Lac Léré, Torrock, Gagal, Binder, Lagon
TD-ND N'Jamena, Ndjamenois, N'Djaménois, Ndjamenoise, Enjamena, Injamena, Djaména, 恩贾梅纳, Anjamina, ندجامينا, اندجامينا, Farcha, Klemat
TD-ND Chagoua, Walia, Habbena, Habéna, Diguel, Goudji, Amriguébé, Ardep Djoumal, Karmadji, Moursal, Gassi, Ngueli, Toukra
TD-OD Ouaddaï, Ouadaï, وداي, أبشة, أبشه, Farchana, Aboutengué, Bredjing, Treguine, Ourang, Metché, Arkoum, Hadjer Hadid, Assoungha, Ouara
TD-OD Abougoudam, Chokoyan
TD-SA Salamat, السلامات, Zakouma, parc de Zakouma, Aboudeïa, Mangueigne, Bahr Azoum, Barh Azoum
TD-SI Dar Sila, Sila, Goz Beïda, قوز بيضة, قوز بيدا, قوز ألبيض, Koukou-Angarana, Tissi, Djabal, Djourf Al Ahmar, Djourouf, Kimiti, Amdam
TD-TA Tandjilé, تانجيلي, Guidari
TD-TI Tibesti, تيبستي, تبستي, Aouzou, bande d'Aozou, قطاع أوزو, Kouri Bougoudi, كوري بوقودي, Miski, ميسكي, Wour
TD-WF Wadi Fira, بيلتن, Iridimi, Touloum, Arada, Dar Tama, Mégri, Tine
- Mayo-Kebbi, مايو كيبي, Logone, لوغون, Chari, fleuve Chari, Ngama, Bodo, Mandjoura, Mandakao, Djouna

# Mauritania. The three regions of Nouakchott are one.
MR-NKC Nouakchottois, Nouakchottoise, Nuakchott, Nuwakshut, Nouakchott-Oumtounsy, Oumtounsy, انواكشوط, نواقشوط, انواقشوط, نواكشط, نواكشوظ
MR-NKC Teyarett, Teyaret, Toujounine, Sebkha, تفرغ زين, تيارت, تيارات, بلدية تيارت, توجنين, لكصر, السبخة, مقاطعة عرفات, مقاطعة الرياض
MR-NKC مقاطعة الميناء, مقاطعة لكصر, مقاطعة السبخة, الترحيل نواكشوط, كارفور مدريد, ملتقى طرق مدريد, سنترفيل
MR-01 Hodh Chargui, Hodh El Chargui, Hodh ech Chargui, الحوض الشرقي, Bassiknou, Basiknou, باسكنو, باسكنوا, Fassala, فصالة, M'Bera, M'berra
MR-01 Mberra, camp de Mbera, امبرة, مخيم امبره, Adel Bagrou, عدل بكرو, Oualatta, ولاتة, آمرج, جيكني, مدينة النعمة
MR-02 Hodh El Gharbi, Hodh Gharbi, الحوض الغربي, Ayoun El-Atrouss, لعيون بموريتانيا, العيون الموريتانية, Tamcheket, تامشكط, Tintan, الطينطان
MR-02 الطينطانى, Kobeni, Koubenni, كوبني, كوبنيى
MR-03 Assaba, لعصابة, العصابة, ولاية لعصابه, مدينة كيفة, گرو, كرو الموريتانية, كنكوصة, باركيول
MR-04 Gorgol, كوركول, گورگول, غورغول, M'Bout, امبود, امبوت, Lixeiba, لكصيبة, مونكل, مقامة, Toulel
MR-05 Brakna, لبراكنة, البراكنة, Maghta Lahjar, مقطع لحجار, مقطع الحجار, M'Bagne, امباني, بابابي, الاگ, بوگي, Sangrafa, Dionaba, Djonaba
MR-05 Chegar, شگار
MR-06 Trarza, اترارزة, الترارزة, Boutlimit, بوتلميت, ابوتلميت, بتلميت, أبي تلميت, Rkiz, اركيز, الركيز, Keur Macène, كرمسين, N'Diago
MR-06 port de N'Diago, انجاگو, Wad Naga, المذرذرة, Tiguent, تيكنت, Diawling, Jidrel Mohguen, مدينة روصو, روصوا
MR-07 Adrar mauritanien, Adrar, ولاية آدرار, آدرار, ادرار الموريتانية, Chinguitt, وادان, أوجفت, مدينة أطار
MR-08 Dakhlet Nouadhibou, داخلت نواذيبو, داخلة نواذيبو, انواذيبو, انواديبو, Chami, الشامي, Banc d'Arguin, حوض آركين, آركين, Inal, بولنوار
MR-09 Tagant, تكانت, تگانت, تكانة, تجكجة, تيجكجة, المجرية, تيشيت, تشيت
MR-10 Guidimakha, Guidimagha, Guidimaka, كيدي ماغا, كيديماغا, كيدي ماغه, كيديماغه, گيديماغا, Gouraye, Ould Yengé, ولد ينج, ولد ينجة
MR-11 Tiris Zemmour, تيرس زمور, تيرس الزمور, تيرس, ولاية تيرس, افديرك, افديريك, بير أم اكرين, Chegatt
MR-12 Inchiri, إينشيري, انشيري, Benichab, بنشاب
- Hodh, الحوضين, El Aioun, العيون, Arafat, عرفات, شنقيط
- Aftout, آفطوط, آفطوط الساحلي, Tasiast, تازيازت, تازيازيت, Lebweir, الطويلة, اكليكم, لعوينات, لمسيحة, Ouloumbini
- Grand Tortue Ahmeyim, Greater Tortue Ahmeyim, GTA, BirAllah, Bir Allah, بئر الله, السلحفاة آحميم, آحميم, غاز السلحفاة
- الساحل الموريتاني, الشواطئ الموريتانية, السواحل الموريتانية
"""
