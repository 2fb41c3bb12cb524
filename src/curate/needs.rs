//! What an entry lacks to meet a rule: the smallest set of changes, and how near it is to the other verdict. Works on the explained tree.

use super::explained::{ExplainedClause, ExplainedPart, Lack, Need, PartKind};

/// The cost of a clause of words that would have to match, or not to. A concept costs what it lacks.
const WORDS_COST: f64 = 1.0;
/// The cost of a clause on what an entry is, such as its source or language: no other wording of the entry would meet it.
const FACT_COST: f64 = 3.0;

/// Returns the smallest changes after which `part` would match; none when it does.
pub(super) fn needs(part: &ExplainedPart) -> Vec<Need> {
    to_match(part).needs
}

/// Changes, with their cost.
struct Changes {
    cost: f64,
    needs: Vec<Need>,
}

impl Changes {
    const NONE: Self = Self {
        cost: 0.0,
        needs: Vec::new(),
    };

    fn one(clause: &str, lack: Lack, cost: f64) -> Self {
        let need = Need {
            clause: clause.to_owned(),
            lack,
        };
        Self { cost, needs: vec![need] }
    }

    /// Returns all of `changes` together.
    fn all(changes: impl Iterator<Item = Self>) -> Self {
        changes.fold(Self::NONE, |mut sum, one| {
            sum.cost += one.cost;
            let new: Vec<Need> = one.needs.into_iter().filter(|need| !sum.needs.contains(need)).collect();
            sum.needs.extend(new);
            sum
        })
    }

    /// Returns the cheapest of `changes`, the first of equal ones.
    fn cheapest(changes: impl Iterator<Item = Self>) -> Option<Self> {
        changes.min_by(|one, other| one.cost.total_cmp(&other.cost))
    }
}

fn to_match(part: &ExplainedPart) -> Changes {
    if part.matches {
        return Changes::NONE;
    }
    match (part.kind, &part.clause) {
        (PartKind::All, _) => Changes::all(part.parts.iter().map(to_match)),
        (PartKind::Any, _) => Changes::cheapest(part.parts.iter().map(to_match)).unwrap_or_else(|| Changes::one("", Lack::Pin, FACT_COST)),
        (PartKind::Not, _) => Changes::all(part.parts.iter().map(to_fail)),
        (PartKind::Clause, Some(clause)) => clause_to_match(part, clause),
        (PartKind::Clause, None) => Changes::NONE,
    }
}

fn clause_to_match(part: &ExplainedPart, clause: &ExplainedClause) -> Changes {
    if let Some(concept) = &clause.concept {
        let missing = 1.0 - concept.score;
        if concept.countries.is_empty() {
            return Changes::one(&clause.written, Lack::Score(missing), missing.max(0.0));
        }
        let missing_country = (concept.needed_country_score - concept.country_score).max(0.0);
        let lack = if concept.terms.is_empty() || missing_country < missing {
            Lack::CountryScore(missing_country)
        } else {
            Lack::Score(missing)
        };
        return Changes::one(&clause.written, lack, WORDS_COST);
    }
    let inner = Changes::all(part.parts.iter().map(to_match));
    if inner.needs.is_empty() {
        let cost = if clause.value.is_some() { FACT_COST } else { WORDS_COST };
        return Changes::one(&clause.written, Lack::Match, cost);
    }
    inner
}

fn to_fail(part: &ExplainedPart) -> Changes {
    if !part.matches {
        return Changes::NONE;
    }
    match (part.kind, &part.clause) {
        (PartKind::All, _) => Changes::cheapest(part.parts.iter().map(to_fail)).unwrap_or(Changes::NONE),
        (PartKind::Any, _) => Changes::all(part.parts.iter().map(to_fail)),
        (PartKind::Not, _) => Changes::all(part.parts.iter().map(to_match)),
        (PartKind::Clause, Some(clause)) => {
            let cost = if clause.value.is_some() { FACT_COST } else { WORDS_COST };
            Changes::one(&clause.written, Lack::NoMatch, cost)
        }
        (PartKind::Clause, None) => Changes::NONE,
    }
}

/// Returns how far a part is from the other verdict: positive when it matches, at most 1; a concept's distance is its score minus 1.
pub(super) fn margin(part: &ExplainedPart) -> f64 {
    let of_words = if part.matches { 1.0 } else { -1.0 };
    let inner = || part.parts.iter().map(margin);
    match part.kind {
        PartKind::All => inner().fold(1.0, f64::min),
        PartKind::Any => inner().fold(-1.0, f64::max),
        PartKind::Not => -inner().fold(-1.0, f64::max),
        PartKind::Clause => {
            let concept = part.clause.as_ref().and_then(|clause| clause.concept.as_ref());
            let by_score = concept
                .filter(|concept| concept.countries.is_empty() && !concept.terms.iter().any(|term| term.is_sufficient))
                .map(|concept| (concept.score - 1.0).clamp(-1.0, 1.0));
            by_score.unwrap_or(of_words)
        }
    }
}
