//! The whole program from outside: the built `griot`, a fake web on loopback, a clock that stands still.

mod news;
mod source_code;
mod web;
mod world;

mod architecture;
mod changes;
mod conditions;
mod doctor;
mod editing;
mod exits;
mod guarded;
mod killed;
mod manners;
mod merging;
mod mistakes;
mod repeats;
mod replay;
mod robots;
mod rules;
mod said;
mod serving;
mod trouble;
mod views;
mod walls;
