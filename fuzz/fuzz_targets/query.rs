//! The topic language: every text compiles, or gives at least one problem.
#![no_main]

use griot::fuzzing::{Concepts, PatternTable, RuleContext, compile};
use griot::fuzzing::{Place, Placed, Rule};
use std::collections::BTreeMap;

libfuzzer_sys::fuzz_target!(|text: &str| {
    let rule = Rule {
        query: Some(Placed {
            text: text.to_owned(),
            place: Place::default(),
        }),
        ..Rule::default()
    };
    let (concepts, topics) = (Concepts::default(), BTreeMap::new());
    let context = RuleContext::new(&concepts, None, &topics);
    if let Err(problems) = compile(&rule, &context, &mut PatternTable::default()) {
        assert!(!problems.is_empty(), "refused without a problem");
    }
});
