//! The consonants of a name, by which its spellings in the Latin and Arabic alphabets meet: `Ghazouani`, `Ghazwani` and `الغزواني`.

/// Letters that are written for one sound, longer ones first.
const SOUNDS: [(&str, &str); 12] = [
    ("tsch", "x"),
    ("tch", "t"),
    ("sch", "x"),
    ("sh", "x"),
    ("ch", "x"),
    ("kh", "k"),
    ("gh", "g"),
    ("dh", "d"),
    ("th", "t"),
    ("ph", "f"),
    ("ck", "k"),
    ("qu", "k"),
];
/// A skeleton of fewer letters says nothing.
const MIN_LETTERS: usize = 3;

/// Returns the classes of the consonants of a folded name, each once where it is doubled; `None` when they are too few.
pub(super) fn skeleton(name: &str) -> Option<String> {
    let mut classes = String::with_capacity(name.len());
    if name.is_ascii() {
        let mut word = name.to_owned();
        for (letters, sound) in SOUNDS {
            word = word.replace(letters, sound);
        }
        let letters: Vec<char> = word.replace("dj", "j").chars().collect();
        for (at, letter) in letters.iter().enumerate() {
            let is_soft = || matches!(letters.get(at + 1), Some('e' | 'i' | 'y'));
            match letter {
                'a' | 'e' | 'i' | 'o' | 'u' | 'w' | 'y' | 'h' => {}
                'c' if is_soft() => classes.push('s'),
                'c' | 'q' => classes.push('k'),
                'z' => classes.push('s'),
                'v' => classes.push('f'),
                'p' => classes.push('b'),
                other => classes.push(*other),
            }
        }
    } else {
        classes.extend(name.chars().filter_map(arabic_class));
    }
    let mut before = None;
    classes.retain(|class| before.replace(class) != Some(class));
    (classes.chars().count() >= MIN_LETTERS).then_some(classes)
}

const fn arabic_class(letter: char) -> Option<char> {
    Some(match letter {
        'ب' | 'پ' => 'b',
        'ت' | 'ث' | 'ط' => 't',
        'ج' => 'j',
        'خ' | 'ق' | 'ك' => 'k',
        'د' | 'ذ' | 'ض' | 'ظ' => 'd',
        'ر' => 'r',
        'ز' | 'س' | 'ص' => 's',
        'ش' | 'چ' => 'x',
        'غ' | 'گ' => 'g',
        'ف' | 'ڤ' => 'f',
        'ل' => 'l',
        'م' => 'm',
        'ن' => 'n',
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_name_meet() {
        for (one, other) in [
            ("ghazouani", "ghazwani"),
            ("ghazouani", "غزواني"),
            ("tiani", "tchiani"),
            ("bazoum", "بازوم"),
            ("sissoko", "cissoko"),
        ] {
            assert_eq!(skeleton(one), skeleton(other), "{one} {other}");
        }
        assert_ne!(skeleton("bamako"), skeleton("niamey"));
        assert_eq!(skeleton("goita"), None, "too few consonants");
        assert_eq!(skeleton("diallo"), None);
    }
}
