"""English."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from corpus.languages.pack import (
    Days,
    Editions,
    Extremes,
    Initials,
    LanguagePack,
    Scale,
    Years,
    fold,
    roles,
    word_set,
)

_STOP_WORDS: Final = word_set("""
a about above after again against all also am an and any are as at be because been before being below between
both but by can could did do does doing down during each few for from further had has have having he her here
hers him his how i if in into is it its itself just me more most my no nor not of off on once only or other our
out over own same she should so some such than that the their them then there these they this those through to
too under until up upon very was we were what when where which while who whom whose why will with would you your
""")


def _stem(folded: str, snowball: Callable[[str], str]) -> str:
    return fold(snowball(folded))


def _cardinals() -> dict[str, int]:
    words = (
        "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
        "nineteen"
    )
    found = {word: n for n, word in enumerate(words.split(), 1)}
    tens = "twenty thirty forty fifty sixty seventy eighty ninety".split()
    found |= {word: 10 * n for n, word in enumerate(tens, 2)}
    return found | {"hundred": 100, "thousand": 1000, "million": 10**6, "millions": 10**6}


def _ordinals() -> dict[str, int]:
    """The ordinal words up to thirty-ninth."""
    words = (
        "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth "
        "sixteenth seventeenth eighteenth nineteenth twentieth"
    ).split()
    found = {word: number for number, word in enumerate(words, 1)} | {"thirtieth": 30}
    for ten, stem in ((20, "twenty"), (30, "thirty")):
        for number, word in enumerate(words[:9], 1):
            found |= dict.fromkeys((f"{stem}-{word}", f"{stem} {word}"), ten + number)
    return found


_EXTREMES: Final = Extremes(
    greatest=r"highest|largest|biggest|greatest|(?:\A\W*|(?:the|has|have|had|with|holds?|takes?|needs?|seats?|gets?|gives?|uses?) )most",
    least=r"lowest|smallest|fewest|(?:\A\W*|(?:the|has|have|had|with|holds?|takes?|needs?|seats?|gets?|gives?|uses?) )least",
    counted=r"(?:\A\W*|\w+ )(?:most|least)",
    scales={
        "money": Scale(
            r"(?:most |least in)expensive|dearest|priciest|costliest|most (?:costly|money)|(?:costs?|charges?|pays?) (?:the |you the |me the )?most",
            r"cheapest|(?:least |most in)expensive|least (?:costly|money)|most affordable|(?:costs?|charges?|pays?) (?:the |you the |me the )?least",
            r"prices?|fees?|costs?|charges?|rates?|amounts?|rent|dues|fares?|tuition|hire|subscriptions?|dollars?|pounds?",
        ),
        "length": Scale(
            r"longest|farthest|furthest",
            r"shortest|nearest|closest",
            r"distances?|lengths?|miles|kilomet(?:er|re)s|km",
        ),
        "time": Scale(
            r"longest|slowest|(?:takes?|lasts?|runs?|needs?) (?:the )?(?:longest|most time)|lasts? (?:the )?most",
            r"shortest|fastest|quickest|(?:takes?|lasts?|runs?|needs?) (?:the )?(?:shortest|least time|least)",
            r"durations?|lengths?|times?|hours?|minutes?|days?|weeks?|months?|years?",
        ),
        "size": Scale(
            r"biggest|largest|greatest|most spacious|roomiest|widest",
            r"smallest|tiniest",
            r"size|diameters?|widths?|areas?|surface|floor space|dimensions?|capacit(?:y|ies)|population|inhabitants|m2|m²",
        ),
        "capacity": Scale(
            called=r"seats?|places?|spaces?|capacit(?:y|ies)|sleeps|berths?|beds?|people|persons"
        ),
        "height": Scale(r"tallest|highest", r"shortest|lowest", r"heights?|altitudes?|elevation"),
        "weight": Scale(
            r"heaviest|weighs? (?:the )?most",
            r"lightest|weighs? (?:the )?least",
            r"weights?|kilos?|kg",
        ),
        "speed": Scale(r"fastest|quickest", r"slowest", r"(?:top |maximum )?speeds?"),
        "age": Scale(
            r"oldest", r"youngest|newest", r"ages?|years?|built|founded|established|born|opened"
        ),
    },
    never=r"(?:at|for) (?:the )?(?:very )?(?:least|most|highest|lowest)|most of|not (?:the )?least|in the least|for the most part|most (?:people|days|likely|recent)|highest-ranking|(?:\w+est|most|least) (?:i|you|we|they|one|it|the|an?)",
    before=r"not|n't|never|second|third|fourth|fifth|next|one of the|among the",
    than=r"\bthan\b",
    elsewhere=r"why|how(?! (?:much|many|long|tall|high|big|large|heavy|old|far|fast|expensive)\b)|if|what (?:if|happens)|when (?:must|should|do|can)",
    totals=r"(?:grand |sub-?)?totals?|sum|averages?|mean|median",
    free=r"free(?: of charge)?|no (?:charge|cost|fee)|complimentary|nothing",
    units={
        "s": "second seconds sec secs",
        "min": "minute minutes mins",
        "h": "hour hours hr hrs",
        "day": "day days",
        "week": "week weeks wk wks",
        "month": "month months mth mths",
        "year": "year years yr yrs",
        "mm": "millimetre millimetres millimeter millimeters",
        "cm": "centimetre centimetres centimeter centimeters",
        "m": "metre metres meter meters",
        "km": "kilometre kilometres kilometer kilometers kms",
        "mi": "mile miles",
        "ft": "foot feet",
        "in": "inch inches",
        "g": "gram grams gramme grammes gr",
        "kg": "kilo kilos kilogram kilograms kgs",
        "lb": "lbs",
        "t": "tonne tonnes ton tons",
        "ml": "millilitre millilitres milliliter milliliters",
        "l": "litre litres liter liters",
        "ha": "hectare hectares",
        "acre": "acre acres",
        "€": "euro euros",
        "$": "dollar dollars",
        "£": "pound pounds",
    },
)

PACK: Final = LanguagePack(
    lang="en",
    stop_words=_STOP_WORDS,
    stemmer="english",
    stem=_stem,
    abbreviations=word_set("""
mr mrs ms messrs dr prof st mt jr sr gen col capt lt sgt maj cmdr adm gov sen rep hon rev pres univ dept est approx
fig vol vols p pp ed eds al e.g i.e viz cf vs etc jan feb apr jun jul aug sep sept oct nov dec a.m p.m
u.s u.k u.n ph ave blvd rd inc ltd corp co bros
misc assoc asst supt supvr bldg ste terr twp attn encl incl excl regd avg yr yrs oz yd tsp tbsp ft hr hrs lb lbs sq chap para subsec
subpara sched regs ch div dist cert circ repr ph.d tue tues thu thur thurs fri calif conn lieut det abp revd atty secy treas chmn cllr
ald publ illus repl eqs dict encyc amt acct bal inv qty doz elev
drs assn inst intl govt comm eq chs appx orig suppl
"""),
    maybe_final=word_set(
        "etc a.m p.m u.s u.k u.n al inc co corp ltd jr ph.d ft hr hrs yr yrs lb lbs oz yd tsp tbsp tue tues thu thur thurs fri calif conn"
    ),
    numbered=word_set("no nos mar cl pt fl rm temp mon wed sect c ca b r n bk"),
    openers=word_set("""
the a an in on at by for from with without of to after before during while when as if it its this that these
those he she they we i there here then but and or so both all many some most such his her their
"""),
    telling=word_set("year years day its many much long"),
    shared=word_set("a me he no has an son once"),
    asking=word_set("who whom whose what when where which why how did does is are was were"),
    spelling=(r"\b[a-z]{2,}(?:ing|tion|ness|ly|ght|th)\b|\b(?:wh|th|sh|kn)[a-z]+|n't\b|[a-z]'s\b",),
    letters={},
    signs={},
    joiners=word_set("and or nor"),
    naming=r"(?<!\bin the )names?|surnames?|named|called",
    named=r"named|called|known as|dubbed|nicknamed|entitled",
    months=(
        "january", "february", "march", "april", "may", "june",
        "july", "august", "september", "october", "november", "december",
    ),
    negative=r"not|no(?!\.)|non|never|none|nobody|forbid\w*|prohibit\w*|exclu\w+|banned|cannot|\w+n['’]ts?",
    limiting="only|solely|exclusively|alone|except|until|till|up to",
    supposing=word_set("for if when with without"),
    bounding=word_set("before after until till next previous following preceding beyond"),
    turning=word_set(
        "no not non with without before after until from since between above below over under up down off out against during more most few only each all any "
        "both other some can could should will would"
    ),
    ruling=r"not|never|none|without|except\w*|forbid\w*|prohibit\w*|permit\w+|exclu\w+|inclu\w+|banned|allowed|don['’]?ts?|mandatory|optional",
    ordinals=_ordinals(),
    cardinals=_cardinals(),
    clock=(
        r"(?:(?:(?P<past>half|(?:a )?quarter|five|ten|twenty|twenty-five)(?: minutes)? past"
        r"|(?P<to>(?:a )?quarter|five|ten|twenty|twenty-five)(?: minutes)? to) )?"
        r"(?P<hour>\d{1,2}|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)"
        r"(?:[:.](?P<figures>[0-5]\d)|(?P<sharp> o['’]clock))?"
        r"(?: ?(?P<am>a\. ?m\.|am\b)| (?P<morning>in the morning\b)"
        r"| ?(?P<pm>p\. ?m\.|pm\b)| (?P<evening>in the (?:afternoon|evening)\b|at night\b))?"
    ),
    before_clock=r"\b(?:at|by|from|until|till|since|before|after|about|around) \Z",
    minutes={"quarter": 15, "a quarter": 15, "half": 30, "five": 5, "ten": 10, "twenty": 20, "twenty-five": 25},
    point=" point ",
    to_month=r"(?: day)?(?: (?:(?:of|in) the month of|of))? ",
    to_day=r" (?:the )?",
    to_year=r",?(?: (?:(?:in|of) the year(?: of our lord)?|in|of))?,? ",
    initials=Initials(
        words=word_set("a i o"),
        mostly=word_set("a"),
        longer=word_set("""
about above abroad again against agenda agent agents agency ages ago agree agreed able ability amazing amid amidst among
amongst amount animal animals another any anybody anyone anything anyway anywhere april area areas arise arose ate average
avoid avoiding available awake award aware america american americans africa african asia asian alice adam arizona adult
adults academic academics academy acid acids alike alive alone aloud amen amend amends apologies apologise arena arrange arrest
are adobe adopt adopted ahoy
"""),
        either=word_set("along around across apart ahead aside away abed"),
    ),
    roles=roles(
        {
            "ask": "who whom whose what which when where why how",
            "auxiliary": "is are was were do does did has have had can could will would should may might must",
            "preposition": "about after against among around at before below between by during for from in into near on over "
            "through to under until with within without",
            "of": "of",
            "article": "a an the this these those that each every all another other",
            "possessive": "his her its their hers theirs",
            "subject": "he she it they",
            "object": "him them",
            "there": "there then next afterwards",
            "break": "and or but while if because",
            "person": "i me my mine we us our you your",
            "time": "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays fridays "
            "saturdays sundays january february march april june july august september october november december summer "
            "winter autumn spring morning mornings afternoon evening evenings night weekend weekends weekdays",
        }
    ),
    idle=_STOP_WORDS,
    writing=r"(?:wr[io]t|sen[dt]|mail|e-?mail|messag|letter|subject|from\b|signed|repl|answer|respon|contact|reach|tell|told|say|said|inform|announc|"
    r"confirm|notif|forward|attach|report|mention|warn|invit|ask|order|date|address|newslett|who is\b)",
    sender=r"(?<!\bto )(?<!\bwith )(?<!\babout )(?<!\bfor )\bwho (?:(?:has|had|have|was|it|that|first|just) )*(?:wrote|written|writes|sent|e-?mailed|mailed|messaged|said|says|told|replied|answered|responded"
    r"|announced|informed|reported|mentioned|forwarded|attached|asked|warned)\b|\bwho (?:is|was|are|were) (?:the|that|this) (?:e-?mail|mail|message)s?\b(?=.*\bfrom\b)|\bwho (?:is|was) the (?:sender|author) of the (?:e-?mail|mail|message)\b",
    told=r"\bwhat (?:did|does|do|has|have|had) (?:[\w-]+ ){1,4}?(?:wr[io]t|sa(?:y|id)\b|tell|told|repl[yi]|answer|respond|announce|report|mention|ask)",
    replying=r"(?:repl|answer|respond)",
    corrections=(
        r"where (?:it|the text) (?:says|reads),? (?:{wrong}|{said}),? it should (?:say|read|be):? {right}",
        r"(?:for|instead of) {wrong},? (?:please )?read {right}",
        r"{wrong} should (?:say|read|be|have (?:said|read|been)) {right}",
        r"replace {wrong} (?:with|by) {right}",
    ),
    means=r"(?:shall |will )?means?|has the meaning|is defined as|refers to",
    to_places=r"to|at|in|from|into",
    who_called=r"what(?:['’]s| is| was) the (?:full )?name of",
    offices={
        "head": r"president|chair(?:man|woman|person)?|director|manager|head|principal|head ?(?:master|mistress|teacher)|leader|coordinator|boss|chief|captain",
        "secretary": r"secretary|clerk",
        "treasurer": r"treasurer|bursar",
        "teacher": r"teacher|professor|lecturer|instructor|coach|trainer",
        "tutor": r"tutor",
        "dean": r"dean",
        "mayor": r"mayor(?:ess)?",
        "spouse": r"husband|wife|spouse",
        "child": r"son|daughter",
        "parent": r"father|mother|parent",
        "sibling": r"brother|sister",
    },
    who_voted=r"who (?:\w+ )?(?:voted|abstained)",
    votes=r"votes?|in favou?r|against|abstentions?",
    coming_about=word_set(
        "date day release released releases come comes came coming out publish published issued appear appeared launch launched version versions "
        "edition hold held take takes took taking place happen happens happened occur occurred"
    ),
    counterparts={
        "season": "summer: summer | winter: winter | autumn: autumn | spring: spring",
        "leave": "mother: maternity +birth | father: paternity +birth | marriage: marriage | birth: birth +maternity +paternity | moving: moving_house | bereavement: bereavement | illness: sickness sick",
        "exam": "final: final_exam finals final_test | mock: mock practice_exam | mid: midterm mid_term | resit: resit retake | entrance: entrance_exam placement_test",
        "travel": "foot: on_foot walk walking | car: drive driving by_car +road | cycle: cycle cycling by_bike | bus: bus coach +transport | train: train rail +transport | plane: plane flight fly | boat: ferry boat | taxi: taxi cab | tram: tram",
        "animal": "dog: dog puppy bitch +pet +animal | cat: cat kitten +pet +animal | rabbit: rabbit bunny +pet +animal | bird: bird parrot canary budgie | horse: horse pony mare | hen: hen +poultry | fish: fish | sheep: sheep | goat: goat | pig: pig | cow: cow cattle | rodent: hamster guinea_pig rodent +pet | ferret: ferret | tortoise: tortoise turtle | duck: duck +poultry | bee: bee",
        "colour": "white: white | black: black | red: red | blue: blue | green: green | yellow: yellow | orange: orange +amber | purple: purple violet +pink +red | pink: pink +purple | brown: brown | grey: grey gray",
        "arrival": "in: check_in checkin arrival | out: check_out checkout departure",
        "meal": "breakfast: breakfast | lunch: lunch +noon +midday | dinner: dinner supper +evening +dine +dining | snack: snack",
        "getting": "hire: hire rent rental renting hiring +hour +day +week +month | buy: buy buying purchase sell sale +sold +ticket",
        "bound": "most: maximum at_most +up_to +more +over +exceed +limit +only +within +longer +than +fits +capacity +seats +holds | least: minimum at_least +from +under +below +less +fewer +over +more +older +need",
        "sky": "indoor: indoor | outdoor: outdoor open_air",
        "heat": "hot: hot | cold: cold",
        "size": "small: small +s +under +up_to | medium: medium +m +regular | large: large big +l +xl +over",
        "room": "single: single_room single_bed +single | double: double_room twin_room double_bed +double +twin | triple: triple | family: family_room +family | dorm: dorm dormitory bunk",
        "fare": "single: one_way single_ticket single_fare fare_single +single | both: return_ticket return_fare fare_return +return round_trip",
        "workday": "part: part_time | full: full_time",
        "activity": "english: english | french: french | german: german | italian: italian | portuguese: portuguese | chinese: chinese | tennis: tennis | padel: padel | football: football soccer | basketball: basketball | volleyball: volleyball | swimming: swimming | badminton: badminton | yoga: yoga | pilates: pilates | zumba: zumba | judo: judo | karate: karate | boxing: boxing | athletics: athletics | chess: chess | cricket: cricket | rugby: rugby | hockey: hockey | gymnastics: gymnastics | pottery: pottery ceramics | painting: painting | photography: photography | theatre: theatre drama | sewing: sewing | crochet: crochet knitting | bookbinding: bookbinding | piano: piano | guitar: guitar | violin: violin | flute: flute | drums: drums | cello: cello | saxophone: saxophone sax | clarinet: clarinet | trumpet: trumpet | choir: choir",
        "subject": "maths: maths mathematics math | physics: physics | chemistry: chemistry | biology: biology | history: history | geography: geography | philosophy: philosophy | economics: economics | latin: latin | physiology: physiology | statistics: statistics",
        "appliance": "washer: washing_machine washer | dryer: dryer drier | dishwasher: dishwasher | oven: oven | fridge: fridge refrigerator | freezer: freezer | microwave: microwave | boiler: boiler | heater: heater radiator | hob: hob | laser: laser | sewing: sewing_machine | printer: printer | scanner: scanner | projector: projector | television: television tv | aircon: air_conditioning air_con | kettle: kettle | toaster: toaster | vacuum: vacuum_cleaner hoover",
        "part_of_house": "kitchen: kitchen | bathroom: bathroom toilet | bedroom: bedroom | living: living_room lounge | garage: garage | garden: garden | terrace: terrace balcony | basement: basement cellar | attic: attic loft",
        "facility": "gym: gym | pool: pool | library: library | cafe: cafe bar | shop: shop | sauna: sauna spa | carpark: car_park parking | playground: playroom creche | museum: museum | laundry: laundry",
        "papers": "passport: passport | identity: id_card identity_card | driving: driving_licence driving_license",
        "supply": "water: water | power: electricity | gas: gas | net: internet wifi wi_fi broadband",
        "body": "knee: knee | shoulder: shoulder | hip: hip | ankle: ankle | wrist: wrist | elbow: elbow | eye: eye | ear: ear | neck: neck",
        "vehicle": "car: car +vehicle | van: van minibus +vehicle | motorbike: motorbike motorcycle moped +vehicle | bicycle: bike bicycle | caravan: caravan motorhome campervan | lorry: lorry truck | trailer: trailer | kayak: kayak | canoe: canoe | paddleboard: paddleboard paddle_board | surfboard: surfboard | skis: ski | snowboard: snowboard",
        "drink": "coffee: coffee +espresso +latte +cappuccino +americano | tea: tea | beer: beer +lager +ale +pint | wine: wine +red +white +rose | juice: juice +smoothie",
        "dish": "croquette: croquette | doughnut: doughnut donut | sponge: sponge | cheesecake: cheesecake | gazpacho: gazpacho | salmorejo: salmorejo | paella: paella | omelette: omelette | lasagne: lasagne lasagna | pizza: pizza | soup: soup | salad: salad | biscuit: biscuit cookie | lentils: lentils | scone: scone | brownie: brownie | pancake: pancake | muffin: muffin cupcake | flan: custard | stew: stew | curry: curry | jam: jam marmalade | pie: pie",
        "fee": "joining: enrolment_fee enrollment_fee registration_fee joining_fee +join +enrol +registration | monthly: monthly_fee +month +monthly | yearly: annual_fee yearly_fee +year +annum +annual +yearly | deposit: deposit +refundable +returned",
        "rite": "baptism: baptism christening | wedding: wedding | funeral: funeral burial | communion: communion",
        "stage": "nursery: nursery | primary: primary_school | secondary: secondary_school | sixth: sixth_form",
        "waste": "glass: glass +bottle +jar | paper: paper cardboard +newspaper +box | plastic: plastic +packaging +bottle | organic: organic food_waste garden_waste +food +peelings +compost | battery: battery | bulky: furniture bulky | clothes: clothes textile",
        "trade": "plumber: plumber | electrician: electrician | locksmith: locksmith | carpenter: carpenter joiner | painter: painter decorator | gardener: gardener | cleaner: cleaner | bricklayer: bricklayer builder | lift: lift_engineer",
        "care": "doctor: doctor gp +dr | nurse: nurse | dentist: dentist +dr | physio: physiotherapist physio physiotherapy | child: paediatrician | mind: psychologist | pharmacy: pharmacy pharmacist chemist | midwife: midwife | optician: optician | podiatry: podiatrist chiropodist",
        "emergency": "police: police | fire: fire_brigade firefighter | ambulance: ambulance",
        "treatment": "extraction: extraction | filling: filling | rootcanal: root_canal | crown: crown | implant: implant | whitening: whitening",
        "drug": "ibuprofen: ibuprofen | paracetamol: paracetamol acetaminophen | aspirin: aspirin | amoxicillin: amoxicillin | omeprazole: omeprazole | metformin: metformin",
        "remedy": "tablet: tablet pill +capsule | syrup: syrup | drops: drops | ointment: ointment cream | injection: injection",
        "system": "windows: windows | mac: mac macos | linux: linux ubuntu | android: android | apple: iphone ios ipad",
        "browser": "chrome: chrome | firefox: firefox | safari: safari",
        "gender": "men: men gentlemen male +boy | women: women ladies female +girl",
        "weekpart": "weekend: weekend +saturday +sunday +sat +sun +daily +every +always +all | week: weekday monday_to_friday mon_fri +monday +tuesday +wednesday +thursday +friday +mon +tue +wed +thu +fri +daily +every +always +all | holiday: bank_holiday public_holiday +daily +every +all",
        "print": "colour: colour_copy colour_print in_colour colour_copies +colour +color | mono: black_and_white +mono +black",
        "binding": "hard: hardback hardcover | soft: paperback softcover softback | ebook: ebook e_book | audio: audiobook",
        "loan": "magazine: magazine | film: film movie dvd | game: board_game | reader: e_reader ereader | disc: cd",
        "lodging": "cabin: cabin | bungalow: bungalow | tent: tent +pitch +camping | caravan: caravan motorhome campervan | apartment: apartment",
        "cover": "home: home_insurance house_insurance | life: life_insurance | car: car_insurance | travel: travel_insurance | health: health_insurance",
        "garment": "shirt: shirt blouse | trousers: trousers pants | dress: dress | coat: coat | suit: suit | skirt: skirt | jacket: jacket | tie: tie | shoes: shoe +footwear | boots: boot +shoe +footwear | trainers: trainer sneaker +shoe +footwear",
        "bedding": "duvet: duvet | blanket: blanket | sheet: sheet | towel: towel | curtain: curtain | carpet: carpet rug",
        "carpart": "tyre: tyre tire | brake: brake | battery: car_battery battery | filter: filter | belt: belt | clutch: clutch",
        "gardening": "pruning: prune pruning +cut +trim | watering: watering | sowing: sow sowing +plant +planting | harvest: harvest +pick +picked +dig +lift | feeding: fertilise fertilize +feed",
        "laundry": "wash: wash washed washing +30 +40 +60 +hand +machine | iron: ironed ironing | dry: tumble_dry +dry",
        "demand": "high: high_season peak_season | low: low_season off_season off_peak | middle: mid_season shoulder_season",
        "party": "tenant: tenant | landlord: landlord",
        "diet": "vegetarian: vegetarian +vegan +meat_free | vegan: vegan +plant_based | gluten: gluten_free coeliac | lactose: lactose_free dairy_free | sugar: sugar_free",
        "round": "final: final | semi: semi_final semifinal | quarter: quarter_final quarterfinal",
        "feast": "christmas: christmas xmas | easter: easter | carnival: carnival | halloween: halloween",
        "axle": "front: front | rear: rear",
        "storey": "upper: upstairs upper_floor +first_floor +second_floor | ground: ground_floor downstairs | basement: basement",
        "level": "beginner: beginner +novice +starter | middle: intermediate improver | advanced: advanced",
        "team": "cadet: cadet | youth: youth | senior: senior | veteran: veteran",
        "sum": "gross: gross | net: net",
        "posting": "express: express next_day | standard: standard economy +normal +ordinary +regular +second_class",
        "handing": "home: home_delivery +deliver +delivery | pickup: click_and_collect pick_up",
        "mishap": "loss: lose lost loss +replacement | damage: broken damage damaged breakage +replacement | theft: theft stolen +replacement",
        "job": "fitting: installation | repair: repair +mend +fix | inspection: inspection +check",
        "scan": "xray: x_ray | ultrasound: ultrasound | mri: mri | blood: blood_test | urine: urine_test",
        "disease": "flu: flu | tetanus: tetanus | rabies: rabies | typhoid: typhoid | cholera: cholera | hepatitis: hepatitis | measles: measles | covid: covid | chickenpox: chickenpox | yellow: yellow_fever",
        "fuel": "petrol: petrol gasoline unleaded | diesel: diesel",
        "bankcard": "debit: debit | credit: credit_card",
        "meat": "chicken: chicken | beef: beef +steak +sirloin +burger | pork: pork +bacon +ham +sausage | lamb: lamb | turkey: turkey | duck: duck",
        "seafood": "salmon: salmon | cod: cod | tuna: tuna | hake: hake | prawn: prawn shrimp | squid: squid | mussel: mussel | trout: trout",
        "grain": "wheat: wheat | rye: rye | spelt: spelt | maize: maize corn | rice: rice | oat: oat | barley: barley",
        "nut": "almond: almond | walnut: walnut | hazelnut: hazelnut | peanut: peanut | pistachio: pistachio",
        "staple": "sugar: sugar | salt: salt | flour: flour | oil: oil | vinegar: vinegar | yeast: yeast | honey: honey | butter: butter | milk: milk | cream: cream | yoghurt: yoghurt yogurt | cheese: cheese | egg: egg",
        "device": "computer: computer | laptop: laptop | tablet: tablet | screen: screen monitor | keyboard: keyboard | mouse: mouse | headphones: headphone headset",
        "furniture": "sofa: sofa couch settee | wardrobe: wardrobe | shelf: shelf bookcase | mattress: mattress",
        "tool": "rake: rake | spade: spade | hoe: hoe | barrow: wheelbarrow | drill: drill | sander: sander | mixer: cement_mixer | mower: lawn_mower lawnmower mower | trimmer: hedge_trimmer | ladder: ladder | saw: saw | chainsaw: chainsaw | generator: generator | jet: pressure_washer | strimmer: strimmer",
        "paper": "oral: oral +speaking | written: written +writing",
        "driving": "theory: theory | practical: practical +driving_test",
        "presence": "remote: online remote virtual +zoom +video | onsite: in_person face_to_face +classroom +room",
        "tax": "ibi: council_tax property_tax | vat: vat | income: income_tax",
        "span": "day: +day daily day_permit day_pass day_ticket one_day | week: weekly +week | month: monthly +month | quarter: quarterly +quarter | year: annual yearly +year | season: season_permit season_pass season_ticket +season",
        "plant": "apple: apple apple_tree +cox +braeburn | pear: pear | strawberry: strawberry | banana: banana | peach: peach | lemon: lemon lemon_tree | cherry: cherry cherry_tree | plum: plum | raspberry: raspberry | grape: grape | fig: =figs fig_tree | tomato: tomato | potato: potato | carrot: carrot | onion: onion | garlic: garlic | lettuce: lettuce | courgette: courgette zucchini | pepper: pepper | aubergine: aubergine | spinach: spinach | cucumber: cucumber | bean: bean | pea: pea | pumpkin: pumpkin squash | rose: rose | tulip: tulip | lavender: lavender | geranium: geranium | hydrangea: hydrangea | orchid: orchid | cactus: cactus | olive: olive_tree | almond: almond_tree | vine: vine vineyard | oak: oak | pine: pine | orange: orange_tree",
    },
    inflected={"": "s es", "y": "ies"},
    sums={
        "pay": r"salar(?:y|ies)|wages?",
        "deposit": r"deposits?",
        "fine": r"fines?",
        "budget": r"budgets?",
        "grant": r"grants?|scholarships?|bursar(?:y|ies)",
    },
    sums_meant={
        "pay": r"pay|pays|paid|payroll|stipends?|earn\w*|remunerat\w+|compensat\w+|honorari\w+|hourly|an hour|per hour|gross|monthly|annual\w*|weekly|(?:a|per) (?:week|month|year|annum)",
        "deposit": r"refund\w*|bonds?|security|downpayment|down payment|advance|reserv\w+|guarant\w+|return(?:ed|able|s)|(?:get|got|given?) (?:it |this |that |\w+ )?back",
        "fine": r"penalt\w+|fined|surcharges?|sanction\w*|infring\w+|violat\w+|late fees?",
        "budget": r"budgeted|expenditures?|expenses|income|fund\w*|spending|spend|costs?|allocat\w+",
        "grant": r"awards?|awarded|aid|subsid\w+|fund\w*|fellowships?|stipends?|prizes?|receiv\w+",
    },
    who_is=r"who(?:['’]s| is| was| are)",
    determiners=r"our|the|my|his|her|its|their|your|an?",
    titles=r"dr|mrs?|ms|miss|prof|professor|sir|dame|rev",
    mail_words=word_set("e mail mails email emails e-mail e-mails message messages address addresses"),
    ranking=r"(?:most|least|best|worst|first|last|next|only|maximum|minimum|more|less|(?!(?:rest|test|guest|interest|request|forest|west|contest|chest|nest|harvest|priest|invest)\b)\w+est)",
    measures=word_set("much many long old far often time times big tall high deep wide large late early"),
    more=word_set("other others another else"),
    everything=word_set(
        "all every everyone everybody everything any anyone anybody each always daily except nobody none never otherwise"
    ),
    closed=r"is|are|was|were|do|does|did|has|have|had|can|could|will|would|may|must",
    years=Years(
        to=r"to|and|until|through",
        beside=r"the|an?|year|\d{1,2}(?:st|nd|rd|th)",
        of=r"of",
        since=r"since|from|as of|after|starting",
        until=r"until|till|through|before|by|to",
        rules=r"acts?|laws?|decrees?|regulations?|directives?|by-?laws|statutes?|rules?|agreements?|contracts?|manuals?|guides?|handbooks?"
        r"|polic(?:y|ies)|orders?|codes?",
        begun=r"force|effect|founded|created|established|built|made|born|renovated|approved|amended|signed|published|updated|revised|opened"
        r"|written|acquired|bought|begun|(?:expir|establish|end|start|beg[aiu]n)\w*",
        at=r"in|of|on|for",
        within=r"in|years?|the|during",
        beyond=r"for|and",
        counted=r"[^\W\d_]+s|people",
        later=r"later|after|earlier|before|previous\w*|next|following|last|this year|current\w*|each|every",
    ),
    extremes=_EXTREMES,
    adding=word_set("and"),
    announcing=r"(?:\S+ ){0,8}(?:questions|things|doubts|queries)(?: (?:for you|to ask(?: you)?|please|i have|today|at once|in one))*"
    r"|(?:\S+ ){0,4}(?:to know|(?:answer|tell me|know)(?: me)?)(?: the following| this| these)?(?: please)?",
    wishing=r"(?:please,? )?(?:(?:can|could|would) you (?:please )?(?:tell me|let me know|say)|i(?:['’]d| would) like to know|i (?:want|need) to know|(?:please )?tell me"
    r"|do you know)(?: please)?,? ",
    counting=r"(?:question|q) ?\d|(?:and )?(?:first(?:ly)?|second(?:ly)?|third(?:ly)?|fourth(?:ly)?|first of all|also|besides|then|next|finally|lastly|last)",
    inverted=True,
    days=Days(
        week=("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        short={"tues": 1, "thur": 3, "thurs": 3},
        letters={"M": 0, "T": 1, "Tu": 1, "W": 2, "Th": 3, "TH": 3, "R": 3, "F": 4, "Sa": 5, "Su": 6},
        said="{day} {Month}",
        links=word_set("of the st nd rd th"),
        of=word_set("of from on dated"),
        beside=word_set("the day"),
        on=word_set("on the of for"),
        months={"sept": 9},
        dated="of {day} {Month} {year}",
        of_month="of {Month} {year}",
    ),
    editions=Editions(
        replacing=r"supersed(?:es?|ing)|replac(?:es?|ing)|revok(?:es?|ing)|repeal(?:s|ing)|in place of",
        replaced=r"(?:superseded|replaced|revoked|repealed) by",
        void=r"superseded|replaced|revoked|repealed|withdrawn|obsolete|expired|no longer (?:in force|valid)|old version",
        earlier=r"previous|earlier|prior|former|older",
        number=r"v|ver|version|rev|revision|edition",
        current=r"current(?:ly)?|in force|now|nowadays|today|at present",
        latest=r"last|latest|most recent|newest",
        changed=r"(?<!not )(?<!n't )(?:chang(?:e|es|ed|ing)|mov(?:e|es|ed|ing) (?:to|from|back|forward|up)|postponed|put (?:off|back)|brought forward|rearranged|rescheduled|relocated|extended|cancell?ed|now|instead|rather than|back to|in the end|no longer|until further notice"
        r"|from (?:now on|today|{months})|as of|starting (?:on |in |from )?(?:\d{1,2} )?(?:{months})|updated?|corrections?|(?:goes|go|going|went|gone) (?:up|down|back|to)|rais(?:e|es|ed)|cut (?:from|to)|takes? over|took over)",
        notice=r"chang(?:es?|ed)|updated?|correction",
        of_plans=r"change of (?:plan|date|time|venue|place)s?",
        news=r"notices?|circulars?|notes?|news|newsletter|announcements?|board|bulletins?|minutes|meeting|agm|letters?|e-?mails?|mails?|messages?|chat|group|whatsapp|changes?|updates?|memo",
        away=r"away|on leave|off sick|can't|cannot|unable|stand(?:s|ing)? in|fill(?:s|ing)? in|covers? for|so|new|off",
        instead=(
            r"\b(?:instead of|rather than|in place of|no longer|not|used to be|previously|formerly) {old}",
            r"[,(] ?was {old}",
            r"\b(?:goes|going|went|up|down|rais\w+|cut|chang\w+|mov\w+|increas\w+|reduc\w+|extend\w+) (?:up |down )?from {old} to\b",
        ),
        at_last=r"in the end|finally|after all|eventually|definitively|still",
        at_first=r"originally|at first|initially|used to|before the change|first planned",
    ),
    meetings=word_set("meeting session assembly minutes"),
    periods={
        "weekend": r"weekends?",
        "hour": r"hours?|hourly",
        "night": r"nights?|nightly",
        "half day": r"half[ -]days?",
        "day": r"days?|daily",
        "week": r"weeks?|weekly",
        "month": r"months?|monthly",
        "quarter": r"quarterly",
        "year": r"years?|yearly|annual",
    },
    talk={
        "greeting": r"(?:hi|hello|hey|hiya|howdy|greetings|good (?:morning|afternoon|evening|day)|nice to meet you)"
        r"(?: there| again| everyone| all| fuente)?",
        "thanks": r"(?:many |ok |okay )?(?:thanks|thank you|thx|cheers)(?: (?:a lot|so much|very much|for (?:everything|your help|the help|the information)|in advance))?|much appreciated|sent from my \w+",
        "agreed": r"aha|i see|yes|yes please|perfect|great|got it|understood|ok|okay|excellent|very good|very well|awesome|that s (?:great|perfect)",
        "goodbye": r"(?:good ?)?bye(?: bye)?|see you(?: (?:later|soon|tomorrow))?|have a (?:nice|good) day|farewell|good night|take care",
        "identity": r"(?:and )?who are you|what are you|what s your name|what is your name|who am i (?:talking|speaking|chatting) to"
        r"|are you (?:an? )?(?:robot|bot|ai|human|person|machine|real person|chatbot|program)|(?:can i|may i|i want to|i d like to|let me) (?:talk|speak) (?:to|with) (?:a (?:real )?(?:human|person|agent)|someone|somebody)"
        r"|who (?:made|created|built|programmed) you|(?:are you|am i (?:talking|speaking|chatting) (?:to|with)) (?:chat ?gpt|gpt(?: ?\d\w*)?|claude|gemini|copilot|siri|alexa|cortana|bard|llama|deepseek|mistral|grok|google|openai|fuente|(?:an? )?(?:(?:large )?language model|llm|(?:virtual )?assistant))|(?:what|which) (?:language )?model are you",
        "abilities": r"what can you do(?: for me)?|what do you do|how do you work|how do i use (?:you|this)|(?:how )?can you help me"
        r"|(?:please )?help(?: me)?|i need help|what (?:can|may) i ask(?: you)?|what kind of questions can i ask(?: you)?|what are you (?:good )?for",
        "documents": r"(?:what|which|how many) (?:documents|files|texts) (?:do you (?:have|know)|have you read|are (?:there|available)|can i (?:ask about|search))(?: here| in total)?"
        r"|(?:please )?(?:show(?: me)?|list|give me|tell me)(?: all| a list of)?(?: the| your)? (?:documents|files)(?: (?:you have|available|there are))?"
        r"|what (?:are|do|is in) (?:all )?(?:the|your|these) documents(?: about| contain| cover| talk about)?|what(?: s| is) this(?: collection| site)?(?: all)? about"
        r"|(?:do you have|have you got|are there) (?:any )?(?:documents|files)"
        r"|what information do you have|what(?: s| is) in (?:here|this collection)|what topics (?:are there|do you (?:cover|know))"
        r"|summari[sz]e (?:all )?(?:the|your) documents"
        r"|(?:the )?list of (?:the )?documents|available documents|what (?:topics )?(?:can i ask (?:you )?about|do you know(?: about)?)",
        "summary": r"what(?: s| is) (?P<x>.+?) (?:all )?about|what does (?P<x2>.+) talk about"
        r"|(?:please |can you |could you )?summari[sz]e (?P<x3>.+)"
        r"|(?:(?:please )?(?:give me|write|make|i want|i need) )?(?:a |the )?(?:short |brief )?summary (?:of|for) (?P<x4>.+)",
        "topic": r"(?:what|which) (?:documents|files|texts) (?:(?:do you have|are there) )?(?:(?:that )?(?:talk|speak|are) )?(?:about|on|related to) (?P<x>.+)"
        r"|(?:please )?(?:show(?: me)?|list|give me)(?: all)?(?: the)? (?:documents|files) (?:that (?:talk|speak|are) )?(?:about|on|related to) (?P<x2>.+)"
        r"|(?:documents|files) (?:about|related to) (?P<x3>.+)",
        "arithmetic": r"(?:what(?: s| is)|how much is|calculate|compute|what do you get for)",
        "smalltalk": r"how are you(?: doing)?(?: today)?|how s it going|how is it going|what s up|and you|tell me (?:a joke(?: .+)?|something|a story)"
        r"|(?:write|sing|make up)(?: me)? a (?:poem|song|joke|story)(?: .+)?"
        r"|what time is it|what day is (?:it|today)|i love you|how old are you"
        r"|where do you live|i m bored|are you there|is anybody there"
        r"|(?:ha|he){2,}|lol|h+m+|(?:blah?(?: |\Z))+|asdf\w*|qwerty\w*|null|none|undefined|nan",
    },
    matters={
        "weather": r"(?:and )?(?:(?:what|how)(?: s| will| is) the weather(?: going to)?(?: be)?(?: like)?|will it (?:rain|snow)|is it (?:raining|snowing)|is it going to (?:rain|snow)"
        r"|(?:is it|will it be) (?:cold|hot|sunny|warm|windy)(?= \w))(?:(?: (?:today|tomorrow|now|outside|out there|this (?:weekend|week|afternoon|evening)|tonight))+(?: in .+)?)?",
    },
    written_in={"es": r"(?:written )?in spanish|spanish", "en": r"(?:written )?in english|english"},
    again=r"(?:but )?(?:are you |you re )?(?:quite |really |absolutely |so )?(?:sure|certain)(?: (?:of|about) (?:that|this|it))?\?|(?:really|seriously|for real|honestly)\?"
    r"|(?:but )?is (?:that|this|it) (?:really )?(?:so|true|right|correct)\?|(?:and )?(?:how do you know(?: that)?|where does it say (?:so|that)|says who)\?|(?:pardon|sorry|come again|what did you say)\?"
    r"|(?:please )?(?:(?:can|could|would) you (?:please )?)?(?:repeat(?: (?:that|it|the answer))?|say (?:that|it) again)(?: once more)?(?: please)?\??|(?:once more|again)(?: please)?\??",
    lead=r"what |who |whom |whose |which |when |where |why |how |can |could |may |do |does |did |is |are |was |i need |i want |i d like |tell me ",
)  # fmt: skip
