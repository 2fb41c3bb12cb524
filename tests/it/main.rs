//! The whole program from outside: the built `griot`, a fake web on loopback, a clock that stands still.

mod architecture;
mod web;
mod world;
mod news;

#[test]
fn smoke() {
    let mut world = world::World::new();
    world.feed("aube.example", news::rss("aube.example", "L'Aube", &[news::item("bac", "Le bac de Dioro repart", "Sun, 01 Mar 2026 09:00:00 GMT", news::FERRY)]));
    let run = world.good(["fetch"]);
    println!("{}\n{}", run.out, run.err);
    println!("{}", world.published("mali.xml"));
    println!("{}", world.dump());
}
