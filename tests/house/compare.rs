//! Two results folders set against each other.

use crate::program::House;

const XOR: &str = "question = \"?\"\nseeds = 6\ndata = { dataset = \"xor\", validation = 0, test = 0 }\n\
    train = { batch_size = \"full\", epochs = 40 }\n[model]\narchitecture = [4]\n[grid]\nactivation = [\"tanh\", \"relu\"]\n\
    [analysis]\nmetric = \"train_loss\"\n";

/// A folder with the results of two learning rates under `slow/xor` and `fast/xor`.
fn two_results() -> House {
    let house = House::new();
    house.file("xor.toml", XOR);
    for (results, rate) in [("slow", "learning_rate=0.001"), ("fast", "learning_rate=0.5")] {
        house.run(&["run", "xor.toml", "--results", results, "--set", rate, "--quiet"]).well();
    }
    house
}

#[test]
fn a_comparison_tells_which_folder_is_better_and_leaves_both_as_they_were() {
    let house = two_results();
    let before = std::fs::read(house.path("slow/xor/runs.csv")).unwrap();
    let ended = house.run(&["compare", "slow/xor", "fast/xor", "--output", "both"]).well();
    assert!(ended.stdout.contains("fast"), "{}", ended.stdout);
    let report = std::fs::read_to_string(house.path("both/report.md")).unwrap();
    // The rate is an axis now, and provenance and commands are those of both.
    let commands = ["--results slow", "--results fast", "chainrule compare slow/xor fast/xor"];
    for words in ["slow against fast", "learning_rate", "| slow | fast |"].iter().chain(&commands) {
        assert!(report.contains(words), "`{words}` is not in {report}");
    }
    let mut runs = csv::Reader::from_path(house.path("both/runs.csv")).unwrap();
    let folder = runs.headers().unwrap().iter().position(|title| title == "results").unwrap();
    let folders: Vec<String> = runs.records().map(|row| row.unwrap()[folder].to_owned()).collect();
    let count = |name: &str| folders.iter().filter(|folder| *folder == name).count();
    assert_eq!((count("slow"), count("fast"), folders.len()), (12, 12, 24));
    assert_eq!(before, std::fs::read(house.path("slow/xor/runs.csv")).unwrap());
    // Without a folder for it, the report lies beside the first.
    house.run(&["compare", "slow/xor", "fast/xor"]).well();
    assert!(house.path("slow/slow-against-fast/report.md").is_file());
}

#[test]
fn what_cannot_be_compared_is_refused() {
    let house = two_results();
    house.run(&["compare", "slow/xor", "slow/xor"]).error(2, &["slow/xor", "two different folders"]);
    house.run(&["compare", "slow/xor", "nowhere"]).error(2, &["there are no results in nowhere"]);
    house.file(
        "curve.toml",
        "question = \"?\"\nkind = \"function\"\n[function]\n[grid]\nactivation = [\"tanh\", \"relu\"]\n",
    );
    house.run(&["run", "curve.toml", "--quiet"]).well();
    house.run(&["compare", "slow/xor", "results/curve"]).error(2, &["\"train\"", "\"function\""]);
}
