//! The topic language: every text compiles, or gives at least one problem.
#![no_main]

use griot::fuzzing::{Concepts, PatternTable, compile};
use griot::fuzzing::{Place, Placed, Rule};
use std::sync::LazyLock;

static CONCEPTS: LazyLock<Concepts> = LazyLock::new(|| Concepts::builtin(&mut PatternTable::default()));

libfuzzer_sys::fuzz_target!(|text: &str| {
    let rule = Rule {
        query: Some(Placed {
            text: text.to_owned(),
            place: Place::default(),
        }),
        ..Rule::default()
    };
    if let Err(problems) = compile(&rule, &CONCEPTS, &mut PatternTable::default()) {
        assert!(!problems.is_empty(), "refused without a problem");
    }
});
