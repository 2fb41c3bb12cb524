"""What make_tables.py adds to its data sets, and what of them it changes or leaves out, each with its reason."""

# --- Exceptions of world.tsv: LANGUAGE COUNTRY ACTION TERM[, TERM …]  # reason ---
# LANGUAGE: of the term, or * for any. COUNTRY: whose term, or *. ACTION: drop; exact (as written only: case and accents); weak (counts only
# beside another word of the country); accented (as exact, but never without its accents); several with a +.
EXCEPTIONS = """
# The five states of the Sahel and their neighbours
* ML exact Mali                      # "mali": malice (it), property (sw), and a prefix of "malien"
ar ML drop مالي                      # also "financial": the additions name the phrases that are safe
* NE exact Niger                     # "niger" in lower case is Latin ("niger seed") or a river in a list
ha NE exact Nijar                    # as all names in Hausa: the lower-case word may be another
* TD exact Chad, Tchad, Chade, Cadi  # "chad" is a piece of paper; "cadi" is a judge in French
* GN exact Guinea, Guinée, Guiné, Gini # "guinea fowl", "guinea pig"
ha GH exact Gana                     # Hausa "gana": to meet, to finish
ha CN exact Sin                      # English "sin" in texts of no known language
ha CM exact Kamaru                   # a first name (Kamaru Usman)
* CM weak Kamaru                     # the same
* GM exact Gambia                    # safe, and as the other names
* CG drop Congo, Kongo, Congolais, Congolaise, Congolese, Congolês, Congolesa, Congoleses, Congolense # either Congo: the additions give them to both
* CD drop Congo, Kongo, كونغو, Congolês, Congolesa, Congoleses, Congolense # the same
pt * drop Conguês, Conguesa, Congueses # hardly written
* TG exact Togo                      # "to go" written together
* BJ exact Bénin, Benin, Benim, Binin # in lower case nothing speaks for the country
ar BJ drop بنين                      # also "sons" (schools for boys): the additions name safe phrases
* SD exact Sudan, Soudan, Sudão      # a first name in Bengali texts; otherwise always written with a capital
ar MA drop المغرب                    # the Maghreb and the evening prayer: added with masks
ar EH drop العيون                    # "the eyes", "the springs", and a town of Mauritania (Aioun)
* EH drop Ayoun                      # a town of Mauritania; a slip for Sahraoui
ar DM drop روسو                      # Roseau; Rosso of Mauritania is written alike
* CF drop Central African            # of the region's organisations: added as weak, with masks
* DZ exact Alger                     # a first name (Horatio Alger)

# Names of countries that are ordinary words
* TR exact Turkey                    # the bird; "turco" is also a nickname
* CL exact Chile, Chili              # chili, the spice
* PE exact Peru, Pérou, Feru         # "peru": the bird, in Portuguese
* JO exact Jordan                    # a first name and surname
* JO weak Jordan                     # the same: the kingdom is rarely named alone
pt JO drop Jordano, Jordana          # first names
* GE exact Georgia                   # a state of the USA and a first name
* GE weak Georgia                    # the same
* MU drop Maurice, Maurício          # first names: "Île Maurice" is added
* RE exact La Réunion                # "the meeting"
* ZA exact Le Cap                    # "the course" or "the cape"
* RE drop Réunion, Reunion, Reuniones, Reunionês # "meeting": "La Réunion" is added
* GD drop Grenada, Grenade, Granada, غرينادا, Girnada, Granadino, Granadina # a weapon; a city of Spain
* DM drop Dominique, Dominica, Dominika, Domínica, Dominicense, دومينيكا # a first name
* CU exact Cuba                      # a basin, in Portuguese "cuba"
* OM exact Oman, Omã, Omão           # short, and a first name
ar OM drop عمان                      # Oman and Amman are written alike: added as weak for both
ar JO drop عمان                      # the same
* MT exact Malta, Malte              # a drink, "malt"
* PL exact Polish, Pole              # to polish; a pole
* PL drop Pole                       # a pole; "pôle" when folded
* FI exact Finn, Finnish             # fin; finish
* FI drop Finn                       # a first name
* DK exact Dane, Danish              # a first name; a pastry
* DK drop Dane                       # a first name
* SE exact Swede, Suède              # a root vegetable; the leather
* GB exact Briton, British, Brit     # common second meanings in lower case
* GB drop Brit                       # a first name, and the beginning of "Britney"
fr GB weak Anglais, Anglaise         # mostly the language
pt GB drop Bretões                   # of Brittany too
* ZA drop SA, S African              # SA: sociedad anónima, Saudi Arabia
* AU drop Oz, Aussie                 # an ounce
* NZ drop NZ, N Zealand, Kiwi        # a fruit and a bird
* US drop US, Americain, Ianque      # "us": added in capitals only. "Américain" is added
* GB drop UK                         # added in capitals only
* TH exact Thai, Thaï                # a first name in Wolof texts
* LA exact Laos                      # short
* IN exact India, Inde, Índia        # a first name; "inde" in old French
* IL exact Israel, Israël            # a first name: only with its capital
* NL exact Holland, Holan            # a surname, and cloth
* CH exact Swiss, Suisse             # "suisse" is Swiss as an adjective too: added
* CN exact China, Chine              # porcelain
* JP exact Japan                     # lacquer
* PS exact Palestina                 # as the others
* CV drop Praia                      # a beach, in Portuguese: "Cidade da Praia" is added
* VA exact Vatican                   # as the others
* SV exact+weak Salvador             # a city of Brazil, a first name
* PA exact Panama                    # a hat
* MO exact Macao, Macau              # a bird
* MQ exact Martinique, Martinica, Martinik # a first name in Polish texts
* KY drop Caimão, Caïmans, Cayman, Caimanes # the animal
* BM drop Bermudas, Bermuda          # shorts in French: "Îles Bermudes" and "Bermudes" are left
* GY exact Guyana                    # as Guyane
ha SY drop Sham                      # English "sham"; an Arabic word for Damascus
ha LB exact Labanan                  # as all names in Hausa
* TK drop Ilhas da União             # "union islands"
* SH drop Santo, Santa Helena, Jamestown # saints, towns and a colony in Virginia
* PM drop São Pedro, Saint Pierre, São Pedrense # saints and towns
* PR drop São João, San Juan         # towns in a dozen countries
* MF drop Saint Martin, São Martinho, San Martin, St Martin, سان مارتن, São Martinhense, São-Martinhense # a saint, towns, surnames
* SX drop São Martinho, San Maarten, São-Martinhense # the same
* BL drop San Barthélemy, São Bartolomeu, Gustavia, Gustávia, غوستاف # saints and first names
* VC drop Vincentian                 # an order of monks; a surname
* VG drop Virgin Island, Virginense, Road Town # of both Virgin Islands
* VI drop Virginense                 # the same
* AI drop The Valley, ذا فالي        # every valley
* NI drop Nica                       # a first name
* CR drop Ticos, San José, São José, San Jose, سان خوسيه # a dozen towns are named for the saint
* CL drop Santiago, سانتياغو         # a first name and many towns: "Santiago du Chili" is left
* BR drop Rio, ريو                   # "river"; a singer; the mining company
* BO drop Sucre                      # "sugar" in French, when folded
* EC exact Quito, Équateur, Equateur # "quito": a verb in Spanish; "équateur": the line
* PE exact+weak Lima, ليما           # a surname in Portuguese and in Mauritania's football
* IT exact Rome, Roma                # the people; a football club is masked
* CH exact Berne, Bern               # short
* AT exact Vienne, Viena             # "vienne": may he come, in French
* BG drop صوفيا                      # a first name
* BG exact+weak Sofia, Sófia         # the same
* SY exact Damas, Damasco            # "ladies" in Portuguese; an apricot
* MV drop Male, Malé                 # English "male"
* SC drop Victoria, فيكتوريا         # a first name, a lake and a dozen towns
* LC drop Castries                   # a surname (de Castries)
* GP drop Basse-Terre, باس-تير       # "low land"
* KN drop Basseterre                 # the same
* BB drop Bridgetown                 # several towns
* GY drop Georgetown                 # several towns
* KY drop George Town                # the same
* SH drop Jamestown                  # the same
* JM exact+weak Kingston             # several towns
* BS exact+weak Nassau               # counts and streets
* BM drop Hamilton                   # a surname (Lewis Hamilton)
* FK drop Stanley                    # a first name
* NZ exact+weak Wellington           # a duke; a first name in Nigeria and Brazil
* NF drop Kingston                   # a town of Jamaica
* DM drop Roseau                     # a reed
* GU drop Hagatna                    # hardly written: and Agana
* MP drop Capital Hill, كابيتال هيل  # Capitol Hill misspelled
* FM drop EFM                        # an abbreviation of many things
* PN drop Henderson, Ducie e Oeno    # a surname (Jordan Henderson)
* IM drop Manês, Manes, Manesa, Maneses, مانكس # English "man"
* LK exact Colombo                   # as the others
* US exact Washington                # a surname: masked with first names
* AU exact Sydney                    # a first name
* PY exact+weak Asunción, Assunção, Asuncion # a first name
* ES exact+weak Barcelona, Barcelone, برشلونة # mostly the football club
* ES exact+weak Madrid, مدريد        # mostly the football club
* MC exact+weak Monaco               # mostly the football club
* TL drop ديلي                       # "Daily" in the names of newspapers
* WS drop أبيا                       # a form of "refuse"
* TZ weak دار السلام                 # "house of peace", a name of many things
* IN drop الهند                      # without the article, a first name: added as written
* YE drop اليمن                      # without the article, "luck": added as written
* SX drop سانت مارتن                 # a saint
* MF drop سانت مارتن                 # the same
* KR drop سول                        # "Seoul", but also "soul" and parts of names: "سيول" is added
* CV drop برايا                      # a form of "innocent"
* CH drop برن                        # a part of other names
* GL drop نوك, Nuque                 # a part of other names; "nape" in Portuguese
* BT drop Timbu, Timpu               # hardly written
* YT drop جزيرة الموت                # "island of death"
* CC drop Cocos                      # what is left of a name without its remark
* MS drop Plymouth                   # a port of England
* IM drop Douglas                    # a surname
* GD drop St. George's, Saint George's, São Jorge, سانت جورجز # churches and towns
* SX drop Saint-Martin               # a saint, towns, surnames
* JE exact+weak Jersey               # a shirt
* BB drop Barbadas                   # Hausa "to sprinkle"
* MS drop Brades, برادس              # French "sold off"
* AW drop أروبا, أروباي, أروباية, أروبايون, أروبايين, أروبايات # "Europe", misspelled
* KN drop باستير                     # the institute Pasteur
* BT exact+weak بوتان                # the gas
* SH drop جيمس تاون                  # as Jamestown
* MF drop Marigot, ماريغوت           # several towns
* RE drop Saint-Denis                # a town beside Paris
* CC drop West Island                # a suburb of Montreal; a surname
* PM drop سان بيير                   # a saint
* PR drop سان خوان                   # the same
* NU drop nioué                      # hardly written
* SA drop الرياض                     # "sports", "gardens", and a first name without the article: added as written
* EG drop القاهرة                    # without the article, an adjective ("force majeure"): added as written
* MA drop الرباط                     # without the article, "bond": added as written
* IL drop القدس                      # added for Palestine and Israel, with masks
* IL drop Jérusalem, Jerusalem, Jerusalém # the same
* OM drop مسقط                       # "birthplace": added as weak
* RO exact+weak روماني               # "Roman" too
* LY drop Libico, Líbico, Libica, Líbica # of ancient Libya
* MD drop Moldavico, Moldavica       # hardly written
* PT exact Portugal                  # as the others
* AE drop EAU, ÉAU                   # "water" in French, when folded: "EAU" is added in capitals, weak
* KP drop RPDC                       # also Cameroon's ruling party, the RDPC, misspelled
* CN drop RPC                        # remote procedure calls
* CD drop DRC, RDC, DR Congo         # added in capitals
* KP drop N Korea, DPRK, N Korean    # added in capitals
* KR drop S Korea, S Korean          # the same
* CI drop I Coast                    # an abbreviation that only headlines use
* SS drop S Sudan, S Sudanese        # the same
* CD drop Democratic Republic Congo, Democratic Republic Congolese, DR Congolese # without "of the": newsmap drops such words
* GE drop Geórgico, Geórgica         # poems
* GR drop Grego, Grega               # kept by rule elsewhere; "grega" is a pattern
* TO exact Tonga                     # a language of Zambia and Mozambique
* SO exact Somali                    # a first name
* NR exact Nauru                     # short
* AF drop Afegânico, Afegânica       # hardly written
* IN exact Indien                    # see the masks for the ocean
* MK exact Macédoine                 # a salad
* LR exact Liberia, Libéria          # a town in Costa Rica
* MX exact+weak Mexico               # as the others; "New Mexico" is masked
* BY exact Belarus                   # a tractor
* BZ exact Belize                    # as the others
* SR exact Suriname                  # as the others
* LT drop Vilna                      # hardly written
* DE exact Francfort, Frankfurt      # as the others
* WF drop Walis Da Futuna            # none is needed
* PG drop Papuan                     # of both halves of the island
* CK drop Cookense                   # hardly written
* NU drop Niue, نيوي, نييوي, Niuê    # hardly written; the Arabic is part of "New"
* TV drop Funafuti                   # hardly written
* BQ drop Bonaire, بونير             # hardly written; a suburb of Valencia
* AX drop Åland, Aaland, Alandish, Alandês # surnames
* MN exact Mongol                    # a term of abuse in French
* LA exact Lawos                     # as the others
* TN exact Tunes                     # English "tunes"
* LV exact+weak Riga                 # Hausa "gown"
pt TN drop Tunes                     # English "tunes", French names
pt JO drop Amã                       # the same
pt YE drop Saná                      # a form of "healthy"
pt QA drop Doa                       # "gives"
* YE exact Sana'a                    # Hausa "trade"
* ID exact Jakarta                   # Hausa "bag"
pt SN exact Dacar                    # as the others
pt CZ drop Checo, Checa              # "checks"
pt BE drop Belga                     # kept elsewhere
pt CI drop Marfinense                # "of ivory"
pt ML drop Malês, Malesa, Maleses, Malinês, Malinesa, Malineses # the ethnic group of Bahia's uprising; a dog (malinois)
pt TC drop Turquense                 # hardly written
pt TT drop Trinitino, Trinitina      # of the Trinity
pt FR drop Frances                   # a first name, when folded
pt FR exact Francês, Francesa, Franceses # a first name (Francesa, Francés), when folded
pt PT exact Português                # also the language
pt SD drop Sudanes                   # hardly written
pt MC exact+weak Mónaco, Mônaco      # mostly the football club
"""

# --- Additions of world.tsv: COUNTRIES KIND LANGUAGE TERM, TERM, … [! weak] ---
ADDITIONS = """
# Mali
ML name * ="Mali", ="MALI", ="Máli", République du Mali, Republic of Mali, República do Mali
ML name ha Jamhuriyar Mali, ƙasar Mali
# Also "financial" in Arabic: these phrases name the country.
ML name ar في مالي, إلى مالي, دولة مالي, جمهورية مالي, شمال مالي, جنوب مالي, شرق مالي, غرب مالي, وسط مالي, شمالي مالي, جنوبي مالي, غربي مالي
ML name ar جيش مالي, حكومة مالي, رئيس مالي, سلطات مالي, حدود مالي, داخل مالي, خارج مالي, بين مالي, وبين مالي, أزمة مالي, حرب مالي, مستقبل مالي, عاصمة مالي
ML name ar مالي وبوركينا, مالي والنيجر, مالي وموريتانيا, مالي والجزائر, مالي وفرنسا, موريتانيا ومالي, النيجر ومالي, بوركينا فاسو ومالي, الجزائر ومالي, فرنسا ومالي, السنغال ومالي, تشاد ومالي
ML name ar ="مالي", ="بمالي", ="لمالي", ="ومالي", ="فمالي", ="مالى" ! weak
ML demonym ar الجيش المالي, الرئيس المالي, القوات المالية, القوات المسلحة المالية, الأراضي المالية, الشعب المالي, المجلس العسكري المالي, الجنود الماليون, الجنود الماليين, اللاجئين الماليين, اللاجئون الماليون, ="الحدود المالية", المواطنين الماليين, الشمال المالي
ML demonym ar ="ماليين", ="ماليون", ="الماليين", ="الماليون" ! weak
ML demonym fr maliano ! weak
ML capital ar باماكو, بماكو, بامكو
# Burkina Faso
BF name * Burkina, Burkina Faso
BF name pt Burquina
BF name ar بوركينا, بوركينا فاصو, بوركينافاسو, بوركينا فسو
BF demonym fr burkinabè, burkinabé, burkinais, burkinaise, burkinabo
BF demonym en Burkinabe, Burkinabè, Burkinan
BF demonym ar بوركينية, بوركينيين, بوركينيون, بوركينابي, بوركينابية, بوركينابيين
# Also the bathing suit.
BF demonym ar بوركيني ! weak
BF capital * Ouagadougou, Ouaga, Wagadugu
BF capital ar واغادوغو, وغادوغو, واجادوجو, واغا, اواغادوغو
# Niger
NE name * ="Niger", ="NIGER", ="Nigers", République du Niger, Republic of Niger, Niger Republic, República do Níger
NE name pt ="Níger", ="NÍGER"
NE name ha ="Nijar", ="Nijer", ="NIJAR", ="NIJER", Jamhuriyar Nijar, Jamhuriyar Nijer
NE name ar النيجر
NE demonym fr nigérien, nigérienne, nigéro
NE demonym en Nigerien, Nigerienne
NE demonym ha ’yan Nijar, ’yan Nijer
NE demonym ar نيجري, نيجرية, نيجريون, نيجريين, نيجريات
NE capital * Niamey
NE capital ha Yamai
NE capital ar نيامي, انيامي
# Chad
TD name * ="Chad", ="CHAD", ="Tchad", ="TCHAD", ="Tschad", République du Tchad, Republic of Chad
TD name ha ="Chadi", ="CHADI", ="Cadi", ƙasar Chadi, Jamhuriyar Chadi
TD name pt ="Chade", ="Tchade"
TD name ar تشاد, اتشاد
TD demonym fr tchadien, tchadienne, tchado
TD demonym en Chadian
TD demonym ar تشادي, تشادية, تشاديون, تشاديين, تشاديات
TD capital * N'Djamena, Ndjamena, N'Djaména, Djamena, Njamena
TD capital ar انجمينا, نجامينا, إنجامينا, انجامينا, نجمينا, أندجامينا
# Mauritania
MR name * Mauritanie, Mauritania, Mauritânia
MR name ha Moritaniya, Muritaniya, Mauritaniya
MR name ar موريتانيا, مورتانيا, بلاد شنقيط
MR demonym fr mauritanien, mauritanienne, mauritano
MR demonym en Mauritanian
MR demonym ar موريتاني, موريتانية, موريتانيون, موريتانيين, موريتانيات
MR capital * Nouakchott, Nuakchott, Nouakchot
MR capital ar نواكشوط, انواكشوط, نواقشوط
# Neighbours
SN name ar السنغال, السينغال, اسنغال
SN name ha Senegal, Sanigal, Senigal
SN demonym fr sénégalais, sénégalaise, sénégalo
SN demonym ar سنغالي, سنغالية, سنغاليون, سنغاليين, سنغاليات
GM name fr Gambie
GN name ar غينيا, غينيا كوناكري
GN name * ="Guinée", ="Guinee", ="GUINÉE", ="GUINEE", Guinée Conakry, Guinée-Conakry, Guinea Conakry, République de Guinée, Republic of Guinea
GN demonym fr guinéen, guinéenne, guinéo
GW name * Guinée-Bissau, Guinée Bissau, Guinea-Bissau, Guiné-Bissau
GW demonym fr bissau-guinéen, bissau-guinéenne, bissaoguinéen, bissaoguinéenne
GW demonym en Bissau-Guinean
GW demonym pt bissau-guineense
CI name * Côte d'Ivoire, Cote d'Ivoire, Ivory Coast, ="RCI"
CI name ha Kwaddebuwa, Kwadebuwa, Kodebuwa
CI name ar كوت ديفوار, ساحل العاج, كوديفوار
CI demonym fr ivoirien, ivoirienne, ivoiro
CI demonym en Ivorian, Ivoirian
CI demonym ar إيفواري, إيفوارية, إيفواريين
GH name ha ="Ghana", ="Gana"
GH demonym ar غاني, غانية, غانيين, غانيون
TG name * ="Togo", ="TOGO"
TG demonym fr togolais, togolaise, togolo
BJ name * ="Bénin", ="Benin", ="BÉNIN", ="BENIN", République du Bénin, Republic of Benin
BJ name ha Jamhuriyar Benin
BJ name ar جمهورية بنين, دولة بنين, في بنين, إلى بنين, شمال بنين, حدود بنين, بنين والنيجر, النيجر وبنين, بنين وتوغو, نيجيريا وبنين, توغو وبنين
BJ name ar ="بنين", ="لبنين", ="ببنين", ="وبنين", ="البنين" ! weak
BJ demonym fr béninois, béninoise, bénino
BJ demonym ar بنيني, بنينية, بنينيين
BJ place * Cotonou
BJ capital * Porto-Novo
BJ place ar كوتونو
NG name * ="Nigeria", ="NIGERIA", ="Nigéria", ="NIGÉRIA", Federal Republic of Nigeria
NG name ha Najeriya, Nijeriya, Nigeriya, Tarayyar Najeriya
NG name ar نيجيريا, نيجريا
NG demonym fr nigérian, nigériane
NG demonym en Nigerian, Naija
NG demonym ar نيجيري, نيجيرية, نيجيريون, نيجيريين
CM name ha ="Kamaru", Kamaru Jamhuriyar ! weak
CM name ha ƙasar Kamaru, arewacin Kamaru, Najeriya da Kamaru, Kamaru da
CM name ar الكاميرون, الكامرون
CM demonym fr camerounais, camerounaise, cameruno
CF name fr Centrafrique, RCA, République centrafricaine
CF name * ="RCA", ="CAR" ! weak
CF name ha Afirka ta Tsakiya
CF name ar أفريقيا الوسطى, جمهورية أفريقيا الوسطى
CF demonym fr centrafricain, centrafricaine
CF demonym en Central African ! weak
SD name * ="Sudan", ="SUDAN", ="Soudan", ="SOUDAN", ="Sudão"
SD demonym fr soudanais, soudanaise, soudano
SD demonym ar سوداني, سودانية, سودانيون, سودانيين, سودانيات
SS name * Soudan du Sud, Sud-Soudan, South Sudan
SS name ha Sudan ta Kudu
SS demonym fr sud-soudanais, sud-soudanaise
SS demonym en South Sudanese
SS demonym ar جنوب سوداني, جنوب سودانية, جنوب السودانيين
LY name ar ليبيا
LY name ha Libya, Libiya
LY demonym fr libyen, libyenne, libyo
LY demonym ar ليبي, ليبية, ليبيون, ليبيين, ليبيات
DZ name ar الجزائر
DZ name ha Aljeriya, Aljeria
DZ demonym fr algérien, algérienne, algéro
DZ demonym ar جزائري, جزائرية, جزائريون, جزائريين, جزائريات
MA name ar ="المغرب", ="بالمغرب", ="والمغرب", ="للمغرب", ="فالمغرب", ="المملكة المغربية"
MA name ha Maroko, Moroko, Morocco
MA demonym fr marocain, marocaine, maroco
MA demonym ar مغربي, مغربية, مغاربة, مغربيين, مغربيات
MA capital ar ="الرباط", ="بالرباط", ="والرباط", ="للرباط"
EH name * Sahara occidental, Western Sahara, Saara Ocidental, ="RASD", ="SADR"
EH name ar الصحراء الغربية, الجمهورية الصحراوية
EH demonym fr sahraoui, sahraouie
EH demonym en Sahrawi, Saharawi
EH demonym ar صحراوي ! weak
EH demonym pt saarauí, saharaui
TN name ha Tunisiya, Tunisia
TN name ar تونس
TN demonym fr tunisien, tunisienne, tuniso
EG name ha Masar, Misira, Egypt
EG demonym ar مصري, مصرية, مصريون, مصريين, مصريات
EG demonym fr égyptien, égyptienne, égypto
EG capital ar ="القاهرة", ="بالقاهرة", ="والقاهرة", ="للقاهرة"
# Either Congo
CD,CG name * ="Congo", ="CONGO", ="Kongo"
CD,CG name ar الكونغو
CD,CG name ha ="Kwango"
CD,CG demonym fr congolais, congolaise
CD,CG demonym en Congolese
CD,CG demonym pt congolês, congolesa, congoleses
CD,CG demonym ar كونغولي, كونغولية, كونغوليين
CD name * ="RDC", ="DRC", ="RD Congo", ="DR Congo", RD-Congo, République démocratique du Congo, Democratic Republic of Congo, Democratic Republic of the Congo, Congo-Kinshasa
CD name ha Jamhuriyar Dimokuradiyyar Congo, Jamhuriyar Dimokradiyyar Congo, Jamhuriyar Dimokraɗiyyar Kongo
CD name ar الكونغو الديمقراطية, جمهورية الكونغو الديمقراطية, الكونغو كينشاسا
CD place * ="Goma", ="GOMA", Bukavu, Lubumbashi, Nord-Kivu, Sud-Kivu, North Kivu, South Kivu
CG name * Congo-Brazzaville, Congo Brazzaville, République du Congo, Republic of Congo, Republic of the Congo
CG name ar الكونغو برازافيل
# The rest of Africa
ET name ha Habasha, Ethiopia
ET demonym ar إثيوبي, إثيوبية, إثيوبيين
ET name fr Éthiopie
ET demonym fr éthiopien, éthiopienne
ET capital fr Addis-Abeba
ER name fr Érythrée
ER demonym fr érythréen, érythréenne
SO demonym fr somalien, somalienne
SO name ha Somaliya, Somalia
ZA demonym en South African
ZA demonym fr sud-africain, sud-africaine
ZA name ha Afrika ta Kudu, Afirka ta Kudu
ZA name ar جنوب أفريقيا
MU name * Île Maurice, République de Maurice, Mauritius, Ilhas Maurícias
MU demonym fr mauricien, mauricienne
RE name * ="La Réunion", île de la Réunion, Réunion Island
CV capital * Cidade da Praia
RW name ha Ruwanda, Rwanda
SZ name * Eswatini
TZ name ha Tanzaniya, Tanzania
KE name ha Kenya
SL name ha Saliyo, Sierra Leone
SL demonym fr sierra-léonais, sierra-léonaise
LR demonym fr libérien, libérienne
GQ demonym fr équato-guinéen, équato-guinéenne
# Europe
FR name ha ="Faransa"
FR demonym fr français, française, franco-français
FR demonym en French
FR demonym ha ="Faransawa", Bafaranshe, Bafaranse
FR demonym ar فرنسي, فرنسية, فرنسيون, فرنسيين, فرنسيات
GB name * ="UK", ="U.K.", ="England", ="ENGLAND", ="Scotland", Royaume-Uni, Grande-Bretagne, Great Britain, Northern Ireland
GB name fr Angleterre, Écosse, Pays de Galles
GB name ha Birtaniya, Biritaniya, Ingila, Burtaniya
GB name pt Inglaterra, Grã-Bretanha, Escócia
GB name ar إنجلترا, إنكلترا, اسكتلندا
GB demonym en ="British", ="Briton", ="Britons", ="BRITISH", ="Scottish", ="Welsh"
GB demonym en ="English" ! weak
GB demonym fr anglais, anglaise ! weak
GB demonym pt britânico, britânica
GB demonym ha Birtaniyawa, ’yan Birtaniya
DE name ha Jamus
DE demonym ha Jamusawa, Bajamushe
DE demonym ar ألمان
ES name ha Sifen, Sipaniya, Spaniya
ES demonym pt espanhol, espanhola, espanhóis
IT name ha Italiya
IT demonym ha ’yan Italiya
NL demonym en ="Dutch", ="DUTCH"
NL demonym fr néerlandais, néerlandaise, hollandais, hollandaise
BE demonym pt belga
CH name * ="Suisse", ="SUISSE"
CH demonym fr suisse, suissesse, helvétique
CH demonym en ="Swiss", ="SWISS"
CH place fr Genève
CH place en Geneva
CH place ar جنيف ! weak
PL demonym en ="Polish", ="POLISH"
DK demonym en ="Danish", ="DANISH"
FI demonym en ="Finnish", ="FINNISH"
SE demonym fr suédois, suédoise
GR demonym fr grec, grecque
GR demonym pt grego, grega
LT name fr Lituanie
LT demonym fr lituanien, lituanienne
RU name ha ="Rasha"
RU demonym ha ="Rashawa"
RU demonym fr russo
RU demonym ar روس, روسي, روسية
UA name ha Yukiren, Yukren, Ukraine, Yukuren
UA demonym ar أوكراني, أوكرانية, أوكرانيين, أوكرانيون
TR name ha Turkiyya, Turkiya
TR name * ="Turkey", ="TURKEY", Türkiye, Turquie, Turkiye
TR demonym en ="Turkish", ="TURKISH", ="Turk", ="Turks"
TR demonym fr turc, turque, turco
TR demonym pt ="turco", ="turca", ="turcos", ="turcas", ="Turco", ="Turca"
TR demonym ar أتراك
XK name fr Kosovo
# America
US name * ="US", ="U.S.", ="USA", ="U.S.A.", ="United States", États-Unis, United States of America, Estados Unidos
US name pt ="EUA"
US name ha Amurka, Amerika, Amirka
US name ar الولايات المتحدة, الولايات المتحدة الأمريكية, أمريكا, أميركا, واشنطن
US demonym fr américain, américaine, américano, étatsunien, étatsunienne, états-unien, états-unienne
US demonym pt norte-americano, norte-americana, americano, americana, estadunidense
US demonym en American
US demonym ha Amurkawa, Ba’amurke, Ba’amurkiya
US demonym ar أمريكي, أمريكية, أمريكيون, أمريكيين, أميركي, أميركية, أميركيون, أميركيين
US name * New Mexico, Nouveau-Mexique, Georgia State, State of Georgia
CA demonym fr canadien, canadienne
HT demonym fr haïtien, haïtienne
PE demonym fr péruvien, péruvienne
TT name * Trinidad
BR name ha Brazil, Birazil
MX name * Mexique
# Asia
CN name ha ="Sin", ="Chana", ="China", ƙasar Sin
CN demonym ha ="Sinawa", ’yan China
CN demonym fr sino
CN demonym ar صينيون, صينيين
JP demonym fr nippon, nippone
IN name ha Indiya, India
IN name ar ="الهند", ="بالهند", ="والهند", ="للهند", ="كالهند"
IN demonym fr indien, indienne
IN demonym en ="Indian", ="Indians", ="INDIAN"
IR name ha ="Iran"
IR demonym fr irano
IR demonym ar إيراني, إيرانية, إيرانيون, إيرانيين
IQ name ha Iraki, Iraqi
IQ demonym fr irakien, irakienne
SA name * Arabie saoudite, Saudi Arabia, Arábia Saudita, Arabie séoudite
SA name ha Saudiyya, Saudiya, Saudi
SA demonym fr saoudien, saoudienne
SA capital ar ="الرياض", ="بالرياض", ="والرياض" ! weak
AE name * ="UAE", ="U.A.E.", Émirats arabes unis, United Arab Emirates
AE name fr Émirats
AE name ha Haɗaɗɗiyar Daular Larabawa, Daular Larabawa
QA name ha Katar, Qatar
QA demonym ar القطري, القطرية, القطريين ! weak
YE demonym ar ="اليمني", ="اليمنية", ="يمني", ="يمنية", ="اليمنيين", ="يمنيين", ="اليمنيون", ="يمنيون"
YE name ar ="اليمن", ="باليمن", ="واليمن", ="لليمن"
OM,JO capital ar عمان ! weak
OM name ar سلطنة عمان
OM capital ar ="مسقط" ! weak
SY name ha Siriya, Syria
SY demonym fr syro
LB demonym fr libano
IL name ha ="Isra’ila", ="Isra'ila", Isra’ila, Izra’ila
IL demonym fr israélien, israélienne, israélo
IL demonym ha Isra’ilawa
IL demonym ar إسرائيلي, إسرائيلية, إسرائيليين, إسرائيليون
PS,IL place * ="Jerusalem", ="Jérusalem", ="Jerusalém", ="JERUSALEM"
PS,IL place ar ="القدس", ="بالقدس", ="والقدس"
PS name * Palestine, ="Gaza", ="GAZA", West Bank, Cisjordanie, bande de Gaza, Gaza Strip
PS name ha Falasɗinu, Falasdinu, Falasɗin, Falasdin, Zirin Gaza
PS demonym ha Falasɗinawa, Falasdinawa
PS name ar قطاع غزة, غزة, فلسطين, الضفة الغربية
PS demonym ar فلسطيني, فلسطينية, فلسطينيون, فلسطينيين
KR name ha Koriya ta Kudu
KR demonym ar كوري جنوبي, كورية جنوبية
KR capital ar سيول
KP name * ="DPRK"
KP name ha Koriya ta Arewa
KP demonym ar كوري شمالي, كورية شمالية
MM name ha Myanmar, Miyamar
AF name ha Afghanistan, Afganistan, Afuganistan
PK name ha Pakistan, Fakistan
PH demonym en Filipino, Filipina, Philippine
VN demonym en Vietnamese
TJ demonym en Tajik
TJ demonym fr tadjik, tadjike
TJ name fr Tadjikistan
KG demonym fr kirghize
KG name fr Kirghizistan, Kirghizie
UZ demonym fr ouzbek, ouzbèke
CY demonym fr chypriote
TL demonym en Timorese
# Demonyms that newsmap lacks or whose beginnings are no words.
BA demonym ar بوسني, بوسنية, بوسنيين
BA demonym pt bósnio, bósnia
AT demonym pt austríaco, austríaca
CL demonym ar تشيلية, تشيليين
CZ demonym pt tcheco, tcheca
HT demonym ar هايتية, هايتيين
IE demonym ar أيرلندي, أيرلندية, أيرلنديين
IL place * Tel Aviv
MD demonym pt moldavo, moldava
SI demonym pt esloveno, eslovena
SK demonym pt eslovaco, eslovaca
UY demonym pt uruguaio, uruguaia
XK demonym pt kosovar
YE demonym pt iemenita
ZW demonym ar زيمبابوية

# --- What is no country: the longest match wins ---
# Oceans, gulfs, regions, rivers
- mask * Indian Ocean, océan Indien, Oceano Índico, Gulf of Guinea, golfe de Guinée, Golfo da Guiné, New Guinea, Nouvelle-Guinée, Congo Basin, bassin du Congo, fleuve Congo, Congo River, mer de Chine, South China Sea, East China Sea, South China Morning Post, English Channel, Gulf of Mexico, golfe du Mexique, Bay of Bengal, Jordan River, River Jordan
- mask ar المحيط الهندي, خليج غينيا, خليج المكسيك, نهر الأردن, بحر الصين, حوض الكونغو, نهر الكونغو, خليج عمان, بحر عمان
- mask ar المغرب العربي, المغرب الإسلامي, بلاد المغرب, المغرب الكبير, صلاة المغرب, أذان المغرب, وقت المغرب, بعد المغرب
- mask * Central African States, Central African Economic, South America, Latin America, Central America, North America, Southern African Development
- mask ar أمريكا اللاتينية, أمريكا الجنوبية, أميركا اللاتينية, أميركا الجنوبية, أمريكا الوسطى, أمريكا الشمالية, أميركا الشمالية
- mask ha Kudancin Amurka
# Languages
- mask fr en français, langue française, en anglais, langue anglaise, la langue de Molière, en chinois
- mask en in French, French language, French-speaking, in English, English language, English-speaking, English Premier League
- mask ar اللغة الفرنسية, اللغة الإنجليزية, ="بالفرنسية", ="بالإنجليزية"
- mask pt em português, língua portuguesa, em francês
# Media and bodies whose names hold a country's
- mask * France 24, France24, Agence France-Presse, Agence France Presse, Radio France Internationale, Radio France, France Inter, France Info, France Télévisions, France Football, Air France, Voice of America, Washington Post, New York Times, Daily Mail, London School of Economics, Bank of America, American University, Times of India, Anglo American, British Council, British Broadcasting Corporation, Air Algérie, Orange Mali
- mask ar فرانس 24, وكالة الصحافة الفرنسية, القدس العربي, فيلق القدس, جريدة الرياض, صحيفة الرياض
# Fields that the Arabic words name too
- mask ar دعم مالي, الدعم المالي, فساد مالي, الفساد المالي, مبلغ مالي, المبلغ المالي, عجز مالي, تمويل مالي, مدير مالي, المدير المالي, غلاف مالي, مقابل مالي, مركز مالي, اختلاس مالي, تدقيق مالي, القطاع المالي, النظام المالي, الوضع المالي, سوق مالي, أسواق مالية, الشمول المالي, تحويل مالي, استقلال مالي, إداري ومالي, إدارية ومالية, اقتصادي ومالي, وزارة المالية, وزير المالية
- mask ar مسقط رأس, مسقط رأسه, مسقط رأسها, المدير القطري, الممثل القطري, المكتب القطري, القوة القاهرة, قوة قاهرة, مدرسة البنين, تركي آل, تركي الفيصل, تركي بن
# Clubs, people and other things
NG place * Benin City
- mask * Real Madrid, FC Barcelona, Barcelona FC, AS Roma, AS Monaco, Denzel Washington, Kerry Washington, George Washington, Booker Washington, Michael Jordan, Jordan Henderson, Jordan Ayew, Jordan Pickford, Michael B Jordan, Marco Polo, Tom Holland, Sierra Nevada, guinea pig, guinea fowl, Red Hot Chili Peppers, Guinea worm, ver de Guinée, cochon d'Inde, East Germany, Georgia Tech, Atlanta Georgia, Christmas Turkey, Vatican II, New England, New London, East London, Little Italy, Panama Papers, Panama hat, Spanish flu, French Open, French fries, French kiss, Chinese New Year, German shepherd
- mask * Niger seed, Mali Losinj, Mali Lošinj
- mask fr pot au feu, filer à l'anglaise, téléphone arabe, montagnes russes, roulette russe, chinoiseries, salade grecque, tête de Turc, casse-tête chinois
"""

# --- Forms that no rule makes ---
# French demonyms: the beginning that newsmap has, and its forms.
FRENCH_DEMONYMS = {
    "Turc": ["turc", "turque"],
    "Turque": [],
    "Slovaqu": ["slovaque"],
    "Ouzbek": ["ouzbek", "ouzbèke"],
    "Turkmen": ["turkmène"],
    "Kyrgyz": ["kirghize"],
    "Tajik": ["tadjik", "tadjike"],
    "Chypriot": ["chypriote"],
    "Virgin Island": [],
    "Falkland Island": [],
    "Grecs": ["grec", "grecque"],
    "Saint Lucian": [],
    "Saint Martiner": [],
    "Sint Maartener": [],
    "St Maartener": [],
    "Commonwealth Dominicain": [],
    "Sarahoui": ["sahraoui", "sahraouie"],
    "Lithuanien": ["lituanien", "lituanienne", "lithuanien"],
    "Erithréen": ["érythréen", "érythréenne"],
    "Mongol": ["mongol", "mongole"],
    "Qatari": ["qatari", "qatarie"],
    "Yemeni": ["yéménite", "yémeni"],
    "Yémeni": [],
    "Nauruan": ["nauruan", "nauruane"],
    "Americain": ["américain", "américaine"],
    "Nigerian": ["nigérian", "nigériane"],
    "Bengali": [],
}
# Names that end as French demonyms do.
FRENCH_NAMES = {"Seychelles", "Port of Spain"}
ENGLISH_DEMONYMS = {
    "Brit": "Brit",
    "Turk": "Turkish",
    "Tajiks": "Tajik",
    "Emiri": "Emirati",
    "Madagas": "Madagascan",
    "Malagas": "Malagasy",
    "Guernsie": "Guernsey",
    "Guernseie": "Guernsey",
    "Slovak": "Slovak",
    "Liechtenstein": "Liechtensteiner",
    "Kiribati": "I-Kiribati",
    "Czech": "Czech",
}
ENGLISH_DEMONYM_WORDS = {
    "Beninois", "Seychellois", "Reunionnais", "Nepali", "Thai", "Dutch", "Icelandic", "Manx", "South Korean", "Philippine",
    "Seychelloise", "Miquelonnais", "Barthelemois", "Saint Pierrais",
}  # fmt: skip
PORTUGUESE_NAMES = {"Camarões"}
PORTUGUESE_DEMONYMS = {
    "Alemã": ["alemão", "alemã", "alemães"],
    "Afegã": ["afegão", "afegã"],
    "Letã": ["letão", "letã"],
    "Espanhol": ["espanhol", "espanhola"],
    "Búlgar": ["búlgaro", "búlgara"],
    "Húngar": ["húngaro", "húngara"],
    "Turc": [],
    "Suec": ["sueco", "sueca"],
    "Suíç": ["suíço", "suíça"],
    "Russo": ["russo"],
    "Russa": ["russa"],
    "Bielorruss": ["bielorrusso", "bielorrussa"],
    "Palestin": ["Palestina", "palestino", "palestiniano", "palestiniana"],
    "Síri": ["Síria", "sírio"],
    "Líbia": ["Líbia"],
    "Líbio": ["líbio"],
    "Saudit": ["saudita"],
    "Eritreu": ["eritreu"],
    "Etíope": ["etíope"],
    "Egípci": ["egípcio", "egípcia"],
    "Polac": ["polaco", "polaca"],
    "Vietnamit": ["vietnamita"],
    "Israelit": ["israelita"],
    "Armêni": ["armênio", "armênia"],
    "Arméni": ["arménio", "arménia"],
    "Sérvi": ["sérvio", "sérvia"],
    "Estóni": ["estónio", "estónia"],
    "Macedóni": ["macedónio", "macedónia"],
    "Indonési": ["indonésio", "indonésia"],
    "Malási": ["Malásia"],
    "Uzbeque": ["uzbeque"],
    "Cazaque": ["cazaque"],
    "Belga": ["belga"],
    "Grego": ["grego"],
    "Grega": ["grega"],
    "Croata": ["croata"],
    "Brasileir": ["brasileiro", "brasileira"],
}

# Arabic names of countries that end in -i, as demonyms do.
ARABIC_NAMES_IN_I = {
    "بوروندي", "جيبوتي", "مالاوي", "مالي", "هايتي", "فيجي", "تشيلي", "زيمبابوي", "ناورو", "كيريباتي", "إسواتيني", "موروني", "كيغالي", "ليلونغوي",
    "نيامي", "كينشاسا", "بانغي", "ياوندي", "لومي", "نيروبي", "هراري", "كاماو", "نيودلهي", "مومباي", "دبي", "أبوظبي", "تبليسي", "كوتايسي", "بابيتي",
    "بورت مورسبي", "سيدني", "غيرنزي", "الأوروغواي", "بروناي", "نيودلهي", "شانغهاي", "تالي", "نييوي", "جوبا", "شارلوت أمالي", "فونافوتي", "ديلي",
    "كابو فيردي", "جزر القنال الإنجليزي",
}  # fmt: skip
# Arabic demonyms in place of newsmap's, whose beginnings are often no words; empty where the name is enough.
ARABIC_DEMONYMS = {
    "AO": ["أنغولي"],
    "BJ": ["بنيني"],
    "BF": [],
    "BM": [],
    "BN": ["بروني"],
    "BO": ["بوليفي"],
    "BD": ["بنغلاديشي", "بنغالي"],
    "CL": [],
    "CO": ["كولومبي"],
    "CR": ["كوستاريكي"],
    "CU": ["كوبي"],
    "CW": [],
    "CV": [],
    "CK": [],
    "DM": [],
    "DO": ["دومينيكاني"],
    "EC": ["إكوادوري"],
    "ET": ["إثيوبي"],
    "FK": [],
    "GD": [],
    "GF": [],
    "GT": ["غواتيمالي"],
    "HT": [],
    "ID": ["إندونيسي"],
    "JE": [],
    "JM": ["جامايكي"],
    "KH": ["كمبودي"],
    "KI": [],
    "KM": [],
    "KP": [],
    "KR": [],
    "KY": [],
    "KZ": ["كازاخستاني", "كازاخي"],
    "LC": [],
    "LS": [],
    "MD": ["مولدوفي"],
    "MG": ["مدغشقري", "ملغاشي"],
    "MH": [],
    "ML": [],
    "MM": ["ميانماري", "بورمي"],
    "MP": [],
    "MW": ["ملاوي"],
    "NE": [],
    "NF": [],
    "NI": ["نيكاراغوي"],
    "NR": [],
    "NU": [],
    "NZ": ["نيوزيلندي"],
    "PA": ["بنمي"],
    "PE": ["بيروفي"],
    "PN": [],
    "PR": ["بورتوريكي"],
    "PY": ["باراغواياني"],
    "QA": [],
    "RE": [],
    "RW": ["رواندي"],
    "SB": [],
    "SC": [],
    "SH": [],
    "SS": [],
    "TC": [],
    "TK": [],
    "TL": ["تيموري"],
    "TO": [],
    "TV": [],
    "TJ": ["طاجيكستاني", "طاجيكي"],
    "TM": ["تركمانستاني"],
    "UZ": ["أوزبكستاني", "أوزبكي"],
    "VE": ["فنزويلي"],
    "VG": [],
    "VI": [],
    "WS": [],
    "YE": [],
    "ZW": [],
}

# --- Exceptions of towns.tsv: as above, with the actions drop, weak, exact and keep (counts by itself whatever its namesakes) ---
TOWN_EXCEPTIONS = """
# Ordinary words
* DZ drop Cherche, Tenez, Mansur, Larba # French "searches", "hold"; a first name
* SN drop Le Plateau, Put, Dar, SanLuis, Karel, Tub # French "the studio"; English; Arabic "house" in names
* BJ drop Come, Comé, Save, Savé, Semi, Ze, Zé, Sami, Cove, Nikki # English words at the head of a sentence; first names
* BF drop To, Pa, PA, Pô, Po, Bingo, Mani, Kaja, Lay, Sien, Unde, Niu # words of English, Hausa ("Gane mani hanya"), Spanish
* CM drop More, Manjo, Tonga's, Chang, Doula # English; surnames
* CI drop Man, Kong, Hire, Tabou, Dab, Goya I # English; Hong Kong; French "taboo"
* GH drop Dome, Wa, Mandela, Ho, Kho, Dom, Mim # English; Hausa "to whom"; Nelson Mandela
* GN drop Lola, Tongue, Magenta, Laba # first names; English; a colour
* TG drop Bad, Badu                  # English; a first name
* NG drop River Atuwara, Cano, Bonny, Ode, Barbo, Benin by, Benin Siti, Marte, Baro # English; names; spellings of other languages
* NG weak Mubi, Saki                 # a film service; Hausa "release"
* TD drop Mondo, Shar, Kel, Lai      # Italian "world"; fragments
* TD accented Béré, Goré             # "Gore": Al Gore, and blood in English
* ML accented Diré                   # "Dire": to say, in French
* NE accented Gouré, Téra            # without accents, names and a prefix
* MR accented Néma                   # NEMA, an agency of Nigeria, and Hausa "nema"
* BF accented Léo                    # a first name
* MR accented Bogué                  # "bogue": a software bug, in French
* MR drop Rosas, Roso, Kiff, Kifah, Hamed, Hamoud, Tanaha, Atara # names of people
* MR weak Arafat, Ksar, عرفات        # Yasser Arafat, the mount; any fortified village
* LY drop Hun, Hūn, Huun, Khun, Al Jadīd # Hun Sen; "the new"
* EH drop Hausa, Marsa, Dora, El Marsa, Zoug, Zug # the people; names
* SD drop Rufā‘a                     # Hausa "to cover"
* DZ drop Sa'ida, ئالجىر, الأصنام    # Hausa "to ease"; Uighur; "idols"
* DZ drop Adrar                      # a region of Mauritania too
* ML weak San                        # a saint; "as" in Hausa
# Ordinary words of Arabic; they are compared without the article
* EH drop دورة, حوزة, المرسى, العيون # "session", "possession", "port", "springs"
* MR weak العيون, لعيون, النعمة      # "springs", "blessing"
* MR exact أطار                      # "framework" is written with another hamza
* TD drop آتيا, أدري, سار, سارة, بالا, فدا, لاي, بول, جوري, دوبا, مساقط # "coming", "I know", "walked", first names
* ML weak كاتي                       # a first name
* BF drop ليو                        # a first name
* DZ drop الحد, الخميس, الصخرة السوداء, القصر, المالح, معسكر, المغير, مقلع, المسيلة, الوادي, البيض, جامعة, فرعون, سعيدة # "limit", "Thursday", "black rock", "palace", "salty", "camp", "raider", "quarry", tear gas, "valley", "eggs", "university", "Pharaoh", "happy"
* DZ drop باسكال, بسكال, سان كلو, سان لو, سوق الثلاثاء, الدار البيضاء, صدوق, الكركرة, كلمار, لورمال, بشار, توكفيل, مالاكف, أدرار, برباشة, العامرية # first names; Casablanca; "honest"; colonial names; a region of Mauritania
* DZ drop بوقادير, بول كازيل, باليسترو, أورليانفيل, فيليبفيل, مونتنياك, ريو سالادو, بوانت بسكاد, رأس ماتيفو # colonial names
* DZ drop اليشير, القالة, القصر      # "points", "said it", "palace"
* DZ weak المدية, ميلة, المنيعة, جماب # "knife", "mile", "impregnable"
* MA drop الجديدة, ربات, رابات, سلطات, بركان, أنفا, سلا, صيلة, تازة, تنجه # "the new", "ladies", "authorities", "volcano", "above"
* MA accented Salé                   # English "sale"; a first name in Hausa
* MA drop Sala                       # a surname
* MA weak المحمدية, فاس, السمارة, سمارا, وجدة # common in other names
* MA keep طنجة, أكادير               # no other word
* LY drop الجديد, الجميل, الخمس, هون, المرقب, النقاط الخمس, شعبية سرت, الزاوية, القبة, المرج, البيضاء, براك, الحرشة # "new", "beautiful", "five", "easy", "observer", "corner", "dome", "meadow", "white", Barack
* LY keep درنة, طبرق, سبها, زوارة, غريان # in the news often, and no ordinary words
* LY weak سرت                        # "I was pleased"
* SD drop الأبي, الابيض, بحري, ربك, النهود, كسل, ااالخرطوم, الرهد, خارطوم # "white" (the White House), "maritime", "your Lord", "laziness"
* SD exact الجنينة                   # "garden", without the article
* SD keep كسلا, سنار, أبيي, دنقلا, شندى # no other words of the news
* NG drop منا, مينا, جاس, آبا, أوكا, واري, يولا # "from us", first names
* NG keep كانو, جوس                  # no other words
* CM drop جان, قصور                  # first names, "immediately", "palaces"
* TG drop لوم, لومه, كارا            # "blame"; a first name
* GH drop تما, تيما                  # "were completed"; a first name
* SN weak سانت لويس                  # a town of the USA
# Names of people
* BF drop Mané, Mane                 # Sadio Mané
* NE drop Keita, Keïta               # a surname in all of the region
* CF drop Abba                       # a first name; a band
* CF weak Carnot                     # a French president
* TD weak Mongo                      # Mongo Béti
* TD weak Fada                       # Fada N'Gourma of Burkina Faso
* BF weak Fara                       # a first name
* BF weak Manga, Saba, Tita, Kouka   # a region of Niger, Japanese comics; first names
* ML weak Kaba                       # a surname
* TG weak Kara                       # a first name
# Towns that their namesakes do not outweigh in the news
* ML keep Gao, Kati, غاو, Ménaka     # in the news more often than any namesake
* NE keep Diffa, ديفا, زندر, زيندر, أرليت, Mirria, Bilma, Ingal, Illéla # the same
* TD keep أبشي, سارح, مندو, Moussoro, Bardaï, Abéché, Zouar, Biltine # the same
* MR keep ألاك, شنقيط, روصو, Akjoujt # the same
* BF keep جيبو, Koubri, Titao        # the same
* SN keep Touba, Pikine              # the same
* NG keep Jos, Gwoza, Bama, Dikwa, Damboa, Gombe, Lokoja, Biu # the same
* BJ keep Ouidah                     # the same
* GN keep Boké, Mamou                # the same
* CM keep Kribi, Mokolo, Garoua, Bertoua # the same
* LY keep Zintan, Tobruk             # the same
* SD keep Abyei, Singa               # the same
* DZ keep Tindouf, Bouira            # the same
"""

# --- Additions of towns.tsv: COUNTRIES KIND LANGUAGE TERM, TERM, … [! weak], where GeoNames has no Arabic or English name ---
TOWN_ADDITIONS = """
ML place ar كيدال, تمبكتو, تنبكتو, تومبوكتو, ميناكا, تيساليت, باندياغارا, كايس
ML place * Timbuktu, Tombouctou, Tinzaouatène, Tinzaouaten, Tin Zaouatine
NE place ar تيلابيري, أغاديز, أجاديز, أكاديز, دوسو, ديفا
# Not Dori: its Arabic spelling is also "league" and "periodic".
BF place ar جيبو, بوبو ديولاسو
TD place ar أم التيمان, فايا, أبشه
MR place ar بوتلميت, بتلميت, أبي تلميت, وادان, ولاتة, تيشيت, باسكنو, كوبني, لكصر
# Without the accent, or in Italian, another word.
MR place * ="Nema" ! weak
MR place fr ="Rosso", ="ROSSO"
LY place * Derna, Misurata, Sebha, Zawiyah
"""
