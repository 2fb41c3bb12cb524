//! Tells from a rule alone which countries an entry has to be about to match it, so that the others need not be read when a rule changes.

use super::concept::Concepts;
use super::expression::{Expression, Predicate};
use super::position::Zones;
use crate::model::Country;
use std::collections::BTreeSet;

/// Returns countries of which every entry that matches is about one; `None` when an entry may match whatever it is about.
pub(super) fn required_countries(expression: &Expression, concepts: &Concepts) -> Option<BTreeSet<Country>> {
    match expression {
        Expression::All(parts) => {
            let required = parts.iter().filter_map(|part| required_countries(part, concepts));
            required.min_by_key(BTreeSet::len)
        }
        Expression::Any(parts) => {
            let required: Option<Vec<_>> = parts.iter().map(|part| required_countries(part, concepts)).collect();
            Some(required?.into_iter().flatten().collect())
        }
        Expression::Not(_) => None,
        Expression::Clause(clause) => match &clause.predicate {
            Predicate::About(areas) => Some(areas.iter().map(|area| area.country()).collect()),
            // In a part of the text a concept is met by a country's name.
            Predicate::Concept(name, zones) if *zones == Zones::TEXT => concepts.countries_only(name),
            Predicate::Topic(topics) => required_countries(&topics.rules, concepts),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{Place, Placed, Rule};
    use crate::curate::{PatternTable, RuleContext, compile, compile_concepts};
    use std::collections::BTreeMap;

    fn required(query: &str) -> Option<String> {
        let placed = |text: &str| Placed {
            text: text.to_owned(),
            place: Place::default(),
        };
        let concept = |r#use: &[&str], any: &[&str]| crate::config::Concept {
            any: any.iter().map(|term| placed(term)).collect(),
            r#use: r#use.iter().map(|term| placed(term)).collect(),
            ..crate::config::Concept::default()
        };
        let concepts = BTreeMap::from([
            ("both".to_owned(), concept(&["@mali", "@niger"], &[])),
            ("wider".to_owned(), concept(&["@mali"], &["Azawad"])),
        ]);
        let concepts = compile_concepts(&concepts).expect("concepts");
        let other = Rule {
            about: vec![placed("@chad")],
            ..Rule::default()
        };
        let topics = BTreeMap::from([("chad".to_owned(), &other)]);
        let context = RuleContext::new(&concepts, None, &topics);
        let rule = Rule {
            query: Some(placed(query)),
            ..Rule::default()
        };
        let rule = compile(&rule, &context, &mut PatternTable::default()).expect("a rule");
        let countries = rule.required_countries()?;
        Some(countries.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))
    }

    #[test]
    fn what_an_entry_has_to_be_about_follows_from_the_rule() {
        for (query, expected) in [
            ("@mali coup", Some("ML")),
            ("about:ML,NE (coup OR @politics)", Some("ML NE")),
            ("@both", Some("ML NE")),
            ("(@mali coup) OR (about:TD junte)", Some("ML TD")),
            ("@sahel @mali", Some("ML")),
            ("topic:chad -football", Some("TD")),
            ("coup", None),
            ("@mali OR coup", None),
            ("-@mali coup", None),
            ("@wider", None),
            ("title:@mali", None),
            ("*", None),
        ] {
            assert_eq!(required(query).as_deref(), expected, "{query}");
        }
    }
}
