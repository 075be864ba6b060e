//! What the program says to those who make mistakes: each file of `tests/messages/` is a list of commands with what they
//! print. `TRYCMD=overwrite cargo test --release -p chainrule --test messages` writes them anew; read what it changed.

#[test]
fn messages() {
    trycmd::TestCases::new()
        .case("../../tests/messages/*.trycmd")
        .env("COLUMNS", "100")
        .env("CHAINRULE_DATA", "data");
}
