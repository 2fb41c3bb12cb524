//! Tells which administrative regions an entry is about: the places that count for its countries, weighed by where they stand.
//!
//! A region that is told wrongly is worse than none. So an entry that names many regions is about none of them, and the name of a capital counts
//! only beside something of the city: it mostly stands for a government, or for the room in which one met.

use super::admin_table::AdminPlace;
use super::entry_text::ScannedEntry;
use super::places::{Condition, PlaceKind, PlaceTerm};
use super::position::{Hit, Part, WordPosition};
use crate::model::{About, AboutRegion, AdminRegion, Coordinates};
use crate::text::word_list::{Case, Gap};
use std::collections::{BTreeMap, BTreeSet};

/// The weight of a region named in the headline, in the lead, and in the rest.
const PART_WEIGHTS: [f64; 3] = [3.0, 1.0, 0.5];
/// How many words of the text are the lead here: where something happened stands at once.
const LEAD_WORDS: usize = 40;
/// The number of the part behind the lead.
const REST: usize = 2;
/// How much each further occurrence in a part adds, times the logarithm of their number.
const REPETITION: f64 = 0.5;
/// The least score of a region that an entry is about.
const MIN_SCORE: f64 = 1.0;
/// It has more than this share of the highest score.
const MIN_RATIO: f64 = 0.5;
/// An entry that is about more regions tells of the whole country.
const MAX_REGIONS: usize = 3;
/// How far a word of the city stands from the name of the capital, in words.
const CITY_WORD_DISTANCE: usize = 5;
/// How far a word for regions does: three words reach over "de la".
const REGION_WORD_DISTANCE: usize = 3;

/// Words of a city, of its inhabitants, and of what befalls them, folded.
const CITY_WORDS: &str = "quartier quartiers arrondissement arrondissements mairie mairies maire municipalite municipal municipale commune communes ville \
    marche marches commissariat voirie voiries aeroport boulevard carrefour echangeur banlieue riverains habitants accident incendie \
    inondation inondations city mayor neighbourhood neighborhood neighbourhoods neighborhoods street streets market airport suburb \
    suburbs outskirts fire flood floods مدينة بمدينة بلدية بلديات عمدة حي احياء مقاطعة بمقاطعة مقاطعات شوارع سوق مطار سكان حادث حريق \
    سيول";
/// Words that stand before or behind the name of a region, not of its town, folded.
const REGION_WORDS: &str = "region regions province provinces wilaya jihar jahar departement ولاية منطقة اقليم جهة محافظة";

/// A place of a country that the entry is about.
struct Named {
    hit: Hit,
    /// When the name counts at all: with a condition it is a word or a person's name too.
    condition: Condition,
    is_capital: bool,
    admin: AdminPlace,
}

/// Where something is named, in headline, lead and rest.
type Positions = [BTreeSet<WordPosition>; 3];

/// The evidence for a region.
#[derive(Default)]
struct Evidence {
    /// Whether one of the names surely is a place's.
    is_certain: bool,
    /// Where it is named.
    positions: Positions,
    /// The same by town.
    towns: BTreeMap<Coordinates, Positions>,
}

/// Returns the regions that an entry about `about` is about, the most prominent first, by the places that count in it.
pub(super) fn regions(entry: &ScannedEntry<'_>, places: &[(Hit, &PlaceTerm)], about: &About) -> Vec<AboutRegion> {
    let named = named_places(entry, places, about);
    let quarters: BTreeSet<AdminRegion> = (named.iter())
        .filter(|one| !one.is_capital && part_number(&one.hit) < REST)
        .map(|one| one.admin.region)
        .collect();
    let mut found: BTreeMap<AdminRegion, Evidence> = BTreeMap::new();
    for one in &named {
        if !one.is_capital || quarters.contains(&one.admin.region) || is_near(entry, &one.hit, CITY_WORD_DISTANCE, CITY_WORDS) {
            found.entry(one.admin.region).or_default().add(entry, one);
        }
    }
    let scored = found
        .iter()
        .map(|(region, evidence)| (score(&evidence.positions), *region, evidence));
    let mut scored: Vec<(f64, AdminRegion, &Evidence)> = scored.collect();
    scored.sort_by(|one, other| other.0.total_cmp(&one.0).then(one.1.cmp(&other.1)));
    let most = scored.first().map_or(0.0, |(score, ..)| *score);
    scored.retain(|(score, ..)| *score >= MIN_SCORE && *score > MIN_RATIO * most);
    // Without a doubtful one the others would be told as if they were all.
    if scored.len() > MAX_REGIONS || scored.iter().any(|(.., evidence)| !evidence.is_certain) {
        return Vec::new();
    }
    let of = |(_, region, evidence): (f64, AdminRegion, &Evidence)| AboutRegion {
        region,
        town: evidence.town(),
    };
    scored.into_iter().map(of).collect()
}

/// Returns the places in regions of the countries of `about`, without names of persons. A name that is a person's in one place is a person's in the others,
/// when it is known to be one of persons.
fn named_places(entry: &ScannedEntry<'_>, places: &[(Hit, &PlaceTerm)], about: &About) -> Vec<Named> {
    let of_country = |(hit, term): &(Hit, &PlaceTerm)| {
        let admin = term.admin.filter(|admin| about.is_one_of(&[admin.region.country()]))?;
        Some(Named {
            hit: *hit,
            condition: term.condition,
            is_capital: term.kind == PlaceKind::Capital,
            admin,
        })
    };
    let mut named: Vec<Named> = places.iter().filter_map(of_country).collect();
    let is_person = |one: &Named| follows_name(entry, &one.hit) && !places.iter().any(|(other, _)| ends_before(other, &one.hit));
    let persons: BTreeSet<String> = (named.iter())
        .filter(|one| one.condition != Condition::None && is_person(one))
        .map(|one| entry.words.text(&one.hit))
        .collect();
    named.retain(|one| !is_person(one) && !persons.contains(&entry.words.text(&one.hit)));
    named
}

impl Evidence {
    fn add(&mut self, entry: &ScannedEntry<'_>, named: &Named) {
        let (hit, part) = (&named.hit, part_number(&named.hit));
        self.is_certain |= !has_empty_capital(entry, named);
        self.positions[part].insert(hit.start);
        let is_of_region = || is_near(entry, hit, REGION_WORD_DISTANCE, REGION_WORDS);
        if let Some(town) = named.admin.town.filter(|_| !is_of_region()) {
            self.towns.entry(town).or_default()[part].insert(hit.start);
        }
    }

    /// Returns the town that is named most; none when two are named alike.
    fn town(&self) -> Option<Coordinates> {
        let mut scored: Vec<(f64, Coordinates)> = self.towns.iter().map(|(town, positions)| (score(positions), *town)).collect();
        scored.sort_by(|one, other| other.0.total_cmp(&one.0));
        match *scored {
            [(first, _), (second, _), ..] if second >= first => None,
            [(_, town), ..] => Some(town),
            [] => None,
        }
    }
}

fn score(positions: &Positions) -> f64 {
    let parts = positions.iter().zip(PART_WEIGHTS).filter(|(positions, _)| !positions.is_empty());
    let of_part = |(positions, weight): (&BTreeSet<WordPosition>, f64)| {
        let count = f64::from(u32::try_from(positions.len()).unwrap_or(u32::MAX));
        weight * (1.0 + REPETITION * count.ln())
    };
    parts.map(of_part).sum()
}

/// Returns whether one of the words stands at most `distance` words before or behind an occurrence, or is a word of it.
fn is_near(entry: &ScannedEntry<'_>, hit: &Hit, distance: usize, words: &str) -> bool {
    let zone = entry.words.zone(hit.start.zone);
    let from = hit.start.word.saturating_sub(distance);
    let until = (hit.start.word + hit.word_count + distance).min(zone.len());
    let near = zone.get(from..until).unwrap_or_default();
    near.iter().flatten().any(|word| words.split(' ').any(|listed| listed == word.text))
}

/// Returns the number of the part in which an occurrence stands: headline, lead, rest.
fn part_number(hit: &Hit) -> usize {
    match hit.start.part() {
        Part::Title => 0,
        Part::Lead if hit.start.word < LEAD_WORDS => 1,
        Part::Lead | Part::Rest => REST,
    }
}

/// Returns whether the last word of `first` stands directly before `second`.
fn ends_before(first: &Hit, second: &Hit) -> bool {
    first.start.zone == second.start.zone && first.start.word + first.word_count == second.start.word
}

/// Returns whether a capitalised word stands directly before an occurrence, as a first name before a person's name that is a town's as well.
fn follows_name(entry: &ScannedEntry<'_>, hit: &Hit) -> bool {
    let word = |number: Option<usize>| entry.words.zone(hit.start.zone).get(number?).copied().flatten();
    let (Some(own), Some(before)) = (word(Some(hit.start.word)), word(hit.start.word.checked_sub(1))) else {
        return false;
    };
    let is_name = before.case == Case::Capitalized && before.text.chars().count() > 3 && before.gap != Gap::Sentence;
    hit.word_count == 1 && own.case == Case::Capitalized && own.gap == Gap::Joined && is_name
}

/// Returns whether the capital of a name that is a word or a person's too says nothing: with it a sentence begins that goes on behind it without a mark.
/// A word may as well begin the sentence of a quotation.
fn has_empty_capital(entry: &ScannedEntry<'_>, named: &Named) -> bool {
    let word = |number: usize| entry.words.zone(named.hit.start.zone).get(number).copied().flatten();
    let begins = |gap: Gap| match named.condition {
        Condition::None => false,
        Condition::Name => gap == Gap::Sentence,
        Condition::Weak | Condition::WeakIn(_) => gap != Gap::Joined,
    };
    let goes_on = || word(named.hit.start.word + named.hit.word_count).is_some_and(|behind| behind.gap == Gap::Joined);
    word(named.hit.start.word).is_some_and(|own| own.case == Case::Capitalized && begins(own.gap)) && goes_on()
}
