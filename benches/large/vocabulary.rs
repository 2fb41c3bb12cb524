//! Invented words of four languages with the frequencies of natural text, and pseudo-random numbers; the same on every machine.

/// Words of each language; a power of two, see [`Vocabulary::word`].
const WORDS_BITS: u32 = 14;

/// Frequent words and syllables of a language. Its frequent words are real, since languages are told by them; all others are invented.
struct Alphabet {
    code: &'static str,
    frequent: &'static str,
    syllables: &'static str,
}

const ALPHABETS: [Alphabet; 4] = [
    Alphabet {
        code: "fr",
        frequent: "de la le et les des en un du une que dans pour qui sur par au plus avec ce il sont est aux ont cette mais leur été entre",
        syllables: "ma ri ton ber ché lo vi que pra nou ter gie ment ful dar pel rin ta bou co lai sé man dou fra gui nel por sa tré vau zon",
    },
    Alphabet {
        code: "en",
        frequent: "the of and to in a is that for it was on with as by at from are have been this their were which has but not they after who",
        syllables: "ber ton ling wick mar den ford ster hall per con tri ven dal mon rid sel gar pol ket bra wen fol der ham lin tor bec nur vil sha",
    },
    Alphabet {
        code: "ar",
        frequent: "في من على أن إلى عن التي الذي مع هذا هذه كان بين بعد قبل كما لم قد ما أو كل حول خلال عند لا ثم أكثر منذ وقال غير",
        syllables: "مر دن كت سل بر قم نش حل عد طر فل جم رس تب وق لم سر شد هن غر خط صف زر ثب ضم ظل يم نب كر دل عب",
    },
    Alphabet {
        code: "ha",
        frequent: "da na a ya ta cikin ga mai wannan ne ba sun an kuma don shi su zuwa ce daga yi wani amma bayan shine suka zai tare kan kasa",
        syllables: "ka wa ru ma tsa ki go da ba yi ƙa san ɗan gwa ri fa ta ko nu bi sha za hu du ce lo mi ja ke tu wo ra",
    },
];

/// Pseudo-random numbers by a fixed rule (`SplitMix64`).
pub struct Dice(u64);

impl Dice {
    /// Returns the numbers of one `place` in the series `seed`.
    pub fn new(seed: u64, place: u64) -> Self {
        let mut dice = Self(seed.wrapping_mul(0xD6E8_FEB8_6659_FD93) ^ place);
        dice.next();
        dice
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number from 0 to `sides` − 1.
    pub fn roll(&mut self, sides: usize) -> usize {
        usize::try_from(self.next() >> 33).expect("31 bits fit") % sides
    }

    /// Returns whether an event with `percent` % of probability occurs.
    pub fn happens(&mut self, percent: usize) -> bool {
        self.roll(100) < percent
    }

    pub fn choose<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.roll(all.len())]
    }
}

/// The words of one language, the most frequent first.
pub struct Vocabulary {
    /// Its BCP 47 tag.
    pub language: &'static str,
    words: Vec<String>,
    syllables: Vec<&'static str>,
}

impl Vocabulary {
    /// Returns the vocabularies of all languages.
    pub fn all() -> Vec<Self> {
        ALPHABETS.iter().map(Self::new).collect()
    }

    fn new(alphabet: &Alphabet) -> Self {
        let syllables: Vec<&str> = alphabet.syllables.split(' ').collect();
        let mut words: Vec<String> = alphabet.frequent.split(' ').map(str::to_owned).collect();
        // An odd factor maps the numbers of so many bits one to one, so that neighbours in frequency have nothing in common.
        let invented = (words.len()..1 << WORDS_BITS).map(|number| spell(&syllables, number * 9973 % (1 << WORDS_BITS) + 40));
        words.extend(invented);
        Self {
            language: alphabet.code,
            words,
            syllables,
        }
    }

    /// Returns a word by Zipf's law: each doubling of the rank is as likely as the others. Integers only, so that all machines agree.
    pub fn word(&self, dice: &mut Dice) -> &str {
        let first = 1 << dice.roll(WORDS_BITS as usize);
        &self.words[first + dice.roll(first) - 1]
    }

    /// Returns the rare word with a number.
    pub fn rare_word(&self, number: usize) -> &str {
        &self.words[self.words.len() - 1 - number % (self.words.len() / 2)]
    }

    /// Returns an invented name of a person or a place.
    pub fn name(&self, dice: &mut Dice) -> String {
        let word = spell(&self.syllables, 1024 + dice.roll(1 << 20));
        let mut letters = word.chars();
        let first = letters.next().map(|letter| letter.to_uppercase().collect::<String>());
        first.unwrap_or_default() + letters.as_str()
    }
}

/// Writes `number` in syllables.
fn spell(syllables: &[&str], mut number: usize) -> String {
    let mut word = String::new();
    while number > 0 {
        word.push_str(syllables[number % syllables.len()]);
        number /= syllables.len();
    }
    word
}
