//! Error messages: each file of `tests/messages/` is a list of commands with their output. `TRYCMD=overwrite cargo test
//! --release -p chainrule --test messages` updates them; read the diff.

#[test]
fn messages() {
    trycmd::TestCases::new()
        .case("../../tests/messages/*.trycmd")
        .env("COLUMNS", "100")
        .env("CHAINRULE_DATA", "data");
}
