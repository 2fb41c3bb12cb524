//! The lexer of feeds and of their markup: it ends, and its tokens cover the text in order.
#![no_main]

libfuzzer_sys::fuzz_target!(|text: &str| {
    // The name of the open element matters only to a CDATA section without an end.
    for within in ["", "item", "description"] {
        griot::fuzzing::walk(text, within);
    }
});
