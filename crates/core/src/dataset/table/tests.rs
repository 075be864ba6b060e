//! Whole tables: their samples, and the messages about them.

use super::*;
use crate::dataset::Targets;
use ndarray::{Array2, array};
use std::collections::BTreeMap;

/// Keys that a test changes.
#[derive(Clone)]
struct Given {
    target: Names,
    task: &'static str,
    delimiter: &'static str,
    quote: &'static str,
    header: Header,
    missing: &'static str,
    ignore: Vec<String>,
    keep: Vec<String>,
    columns: BTreeMap<String, String>,
    group: Option<&'static str>,
}

impl Given {
    fn keys(&self) -> Keys<'_> {
        Keys {
            target: &self.target,
            task: self.task,
            delimiter: self.delimiter,
            quote: self.quote,
            encoding: "auto",
            header: &self.header,
            missing: self.missing,
            ignore: &self.ignore,
            keep: &self.keep,
            columns: &self.columns,
            group: self.group,
        }
    }

    fn read(&self, text: impl AsRef<[u8]>) -> Result<(Samples, Reading), String> {
        read(text.as_ref(), &self.keys()).map_err(|problems| problems.all().join("\n"))
    }

    fn columns(self, columns: &[(&str, &str)]) -> Self {
        let columns = columns.iter().map(|(name, word)| ((*name).to_owned(), (*word).to_owned()));
        Self { columns: columns.collect(), ..self }
    }
}

fn given() -> Given {
    Given {
        target: Names::One("last".to_owned()),
        task: "auto",
        delimiter: "auto",
        quote: "auto",
        header: Header::Word("auto".to_owned()),
        missing: "median",
        ignore: Vec::new(),
        keep: Vec::new(),
        columns: BTreeMap::new(),
        group: None,
    }
}

fn target(name: &str) -> Given {
    Given { target: Names::One(name.to_owned()), ..given() }
}

fn both(text: &str) -> (Samples, Reading) {
    given().read(text).unwrap()
}

fn refused(given: &Given, text: &str) -> String {
    given.read(text).unwrap_err()
}

fn inputs(samples: &Samples) -> Vec<&str> {
    samples.inputs.iter().map(|input| input.name.as_str()).collect()
}

fn features(samples: &Samples) -> Array2<f64> {
    samples.features.to_array()
}

fn labels(samples: &Samples) -> Vec<u32> {
    match &samples.targets {
        Targets::Classes { labels, .. } => labels.clone(),
        Targets::Values(_) => panic!("classes"),
    }
}

fn values(samples: &Samples) -> Vec<f64> {
    match &samples.targets {
        Targets::Values(values) => values.iter().copied().collect(),
        Targets::Classes { .. } => panic!("numbers"),
    }
}

fn kind(reading: &Reading, name: &str) -> ColumnKind {
    reading.columns.iter().find(|column| column.name == name).unwrap().kind
}

#[test]
fn numbers_categories_and_flags_become_inputs() {
    let text = "size,island,is_big,left,k\n1.5,b,0,TRUE,x\n2,a,1,false,y\n4,b,1,True,x\n";
    let (samples, reading) = both(text);
    assert_eq!(inputs(&samples), ["size", "island = a", "island = b", "is_big", "left"]);
    let rows = array![[1.5, 0.0, 1.0, 0.0, 1.0], [2.0, 1.0, 0.0, 1.0, 0.0], [4.0, 0.0, 1.0, 1.0, 1.0]];
    assert_eq!(features(&samples), rows);
    let indicators: Vec<bool> = samples.inputs.iter().map(|input| input.is_indicator).collect();
    assert_eq!(indicators, [false, true, true, true, true]);
    assert_eq!(
        (labels(&samples), samples.target_names),
        (vec![0, 1, 0], vec!["x".to_owned(), "y".to_owned()])
    );
    assert_eq!((reading.rows, reading.used, reading.has_header), (3, 3, true));
    assert_eq!(kind(&reading, "is_big"), ColumnKind::Indicator);
    assert_eq!(
        reading.target.classes,
        [("x", 2), ("y", 1)].map(|(name, samples)| { ClassCount { name: name.to_owned(), samples } })
    );
    assert_eq!(reading.target.guessing, [2.0 / 3.0]);
}

#[test]
fn the_header_is_detected() {
    for (text, has_header, columns) in [
        ("5.1,3.5,0\n4.9,3.0,0\n7,3.2,1\n6.4,3.2,1\n", false, ["column 1", "column 2", "column 3"]),
        ("a,b,k\n1,2,x\n3,5,y\n0,5,y\n", true, ["a", "b", "k"]),
        ("a,b,k\nu,v,x\nw,v,y\nu,w,y\n", true, ["a", "b", "k"]),
        // In a table of texts, a first row whose texts recur is not a header.
        ("u,v,x\nu,v,x\nw,v,y\nu,w,y\n", false, ["column 1", "column 2", "column 3"]),
        (
            "A11, 6, A34\nA12, 48, A32\nA11, 12, A34\nA12, 5, A34\n",
            false,
            ["column 1", "column 2", "column 3"],
        ),
        // Numbers that count the columns are names.
        ("0,1,2,k\n5.5,3,2,x\n1.5,4,1,y\n2.5,4,2,x\n", true, ["0", "1", "2"]),
        // A header without a name for the row names.
        ("b k\nr1 2 x\nr2 3 y\nr1 5 x\n", true, ["column 1", "b", "k"]),
    ] {
        let (_, reading) = both(text);
        let names: Vec<&str> = reading.columns.iter().map(|column| column.name.as_str()).collect();
        assert_eq!((reading.has_header, &names[..3]), (has_header, &columns[..]), "{text}");
    }
    let named = Given { header: Header::Names(["p", "q", "r"].map(str::to_owned).to_vec()), ..target("q") };
    let (samples, _) = named.read("1.5,x,3\n2.5,y,3\n4,x,1\n").unwrap();
    assert_eq!(inputs(&samples), ["p", "r"]);
    let forced = Given { header: Header::Known(false), ..given() };
    assert_eq!(forced.read("a,x\nb,y\na,x\nb,x\na,y\n").unwrap().1.rows, 5);
    assert!(refused(&named, "1,x\n2,y\n").contains("3 names for 2 columns"));
}

#[test]
fn delimiters_and_quotation_marks_are_detected() {
    for (text, delimiter, quote) in [
        ("a;b;k\n1,5;2,25;x\n0,5;3,5;y\n2,5;7,5;y\n", "semicolon", "double"),
        ("a\tb\tk\n1.5\t2\tx, y\n2.5\t3\tz, y\n", "tab", "double"),
        ("a|b|k\n1.5|2|x\n2.5|3|y\n", "pipe", "double"),
        ("  a   b  k\n1.5   2 x\n 2.5  3\ty\n", "blanks", "double"),
        ("a,b,k\n1.5,2,'x, y'\n2.5,3,'z'\n", "comma", "single"),
        ("a,b,k\n1.5,2,it's\n2.5,3,that's\n", "comma", "double"),
        ("a, b, k\n1.5, 2, \"x, y\"\n2.5, 3, \"z\"\n", "comma", "double"),
    ] {
        let commas = given().columns(&[("a", "decimal_comma"), ("b", "decimal_comma")]);
        let given = if delimiter == "semicolon" { commas } else { given() };
        let (samples, reading) = given.read(text).unwrap();
        assert_eq!((reading.delimiter.as_str(), reading.quote.as_str()), (delimiter, quote), "{text}");
        assert_eq!((features(&samples)[[0, 0]], samples.features.ncols()), (1.5, 2), "{text}");
    }
}

#[test]
fn missing_cells_are_filled_dropped_marked_or_refused() {
    let text = "age,sex,k\n20,f,x\nNA,m,y\n30,,x\n25,f,\n?,m,y\n";
    let (samples, reading) = both(text);
    assert_eq!(inputs(&samples), ["age", "sex = f", "sex = m", "sex is missing"]);
    let rows = features(&samples);
    assert_eq!(rows.rows().into_iter().map(|row| row.to_vec()).collect::<Vec<_>>()[2], [30.0, 0.0, 0.0, 1.0]);
    assert!(rows[[1, 0]].is_nan() && rows[[3, 0]].is_nan());
    assert_eq!((reading.rows, reading.used), (5, 4));
    assert_eq!(reading.left_out, [LeftOut { reason: "the target is missing".to_owned(), rows: 1 }]);
    assert_eq!(reading.columns.iter().map(|column| column.missing).collect::<Vec<_>>(), [2, 1, 1]);

    let (samples, reading) = Given { missing: "drop", ..given() }.read(text).unwrap();
    assert_eq!((samples.features.nrows(), labels(&samples)), (1, vec![0]));
    assert_eq!(reading.left_out.iter().map(|left| left.rows).collect::<Vec<_>>(), [1, 3]);

    let (samples, _) = Given { missing: "indicator", ..given() }.read(text).unwrap();
    assert_eq!(inputs(&samples)[..2], ["age", "age is missing"]);
    assert_eq!(features(&samples).column(1).to_vec(), [0.0, 1.0, 0.0, 1.0]);

    let message = refused(&Given { missing: "error", ..given() }, text);
    assert!(message.contains("`age` has 2 missing cells, the first on line 3"), "{message}");
    assert!(message.contains("`sex` has 1 missing cells, the first on line 4"), "{message}");
}

/// Words such as `none` are levels of texts; a dash is missing, but not as the opposite of a plus.
#[test]
fn weak_words_depend_on_their_column() {
    let (samples, _) = both("roof,size,k\nnone,1.5,+\nflat,none,-\nnone,2.5,+\nflat,.,-\n");
    assert_eq!(inputs(&samples), ["roof = flat", "roof = none", "size"]);
    assert_eq!(samples.target_names, ["+", "-"]);
    assert!(features(&samples)[[1, 2]].is_nan() && features(&samples)[[3, 2]].is_nan());
    let (samples, _) = both("wind,k\n-,x\nN,y\nS,x\nN,y\nS,y\n");
    assert_eq!(inputs(&samples), ["wind = N", "wind = S", "wind is missing"]);
}

#[test]
fn the_task_follows_from_the_target() {
    let rows = |targets: &[&str]| {
        let rows: String =
            targets.iter().enumerate().map(|(i, y)| format!("{},{y}\n", (i * 7) % 5)).collect();
        format!("a,k\n{rows}")
    };
    let task = |targets: &[&str]| both(&rows(targets)).1.target.task;
    assert_eq!(task(&["x", "y", "x"]), "classes");
    assert_eq!(task(&["TRUE", "FALSE", "TRUE"]), "classes");
    assert_eq!(task(&["0", "1", "1", "0"]), "classes");
    assert_eq!(task(&["3", "5", "4", "3", "5", "4"]), "classes");
    assert_eq!(task(&["3", "5", "4", "6", "7"]), "regression");
    assert_eq!(task(&["0.5", "1", "0.5", "1"]), "regression");
    let many: Vec<String> = (0..60).map(|i| (i % 21).to_string()).collect();
    assert_eq!(task(&many.iter().map(String::as_str).collect::<Vec<_>>()), "regression");
    let counts = rows(&["3", "5", "4", "3", "5", "4"]);
    assert_eq!(values(&Given { task: "regression", ..given() }.read(&counts).unwrap().0)[1], 5.0);

    let classes = Given { task: "classes", ..given() };
    let message = refused(&classes, &rows(&["0.5", "1", "0.5", "1"]));
    assert!(
        message.contains("line 2, column 2 (`k`): `0.5` has a fraction") && message.contains("continuous")
    );
    let message = refused(&Given { task: "regression", ..given() }, &rows(&["1", "2", "x"]));
    assert!(message.contains("line 4, column 2 (`k`): `x` is not a number"), "{message}");
    assert!(refused(&given(), &rows(&["x", "x"])).contains("the same class"));
    let names: Vec<String> = (0..30).map(|i| format!("name{i}")).collect();
    let message = refused(&given(), &rows(&names.iter().map(String::as_str).collect::<Vec<_>>()));
    assert!(message.contains("30 different values in 30 rows"), "{message}");
}

#[test]
fn one_number_is_one_class() {
    let (samples, _) = both("a,k\n1.5,0\n2,-0\n3,1\n4,-0.0\n");
    assert_eq!(
        (labels(&samples), samples.target_names),
        (vec![0, 0, 1, 0], vec!["0".to_owned(), "1".to_owned()])
    );
    let text = "a,k\n1.5,1\n2,01\n3,1.0\n4,2\n5,2\n6,1e0\n";
    let message = refused(&given(), text);
    assert!(
        message.contains("written as `01`, `1`, `1.0`, `1e0`: set `columns = { k = \"number\" }`"),
        "{message}"
    );
    let merged = given().columns(&[("k", "number")]).read(text).unwrap().0;
    assert_eq!(
        (labels(&merged), merged.target_names),
        (vec![0, 0, 0, 1, 1, 0], vec!["1".to_owned(), "2".to_owned()])
    );
    let apart = given().columns(&[("k", "category")]).read(text).unwrap().0;
    assert_eq!(apart.target_names, ["01", "1", "1.0", "1e0", "2"]);
    let (samples, _) = both("a,k\n1.5,10\n2,9\n3,10\n0,9\n");
    assert_eq!(samples.target_names, ["9", "10"]);
}

#[test]
fn columns_without_use_are_left_out() {
    let text = "\
        ,id,name,day,same,void,x,k\n\
        1,100,ann,2022-01-01,7,,0.5,a\n\
        2,105,bob,2022-01-02,7,NA,0.25,b\n\
        3,107,cid,2022-01-04,7,,0.75,a\n\
        4,120,dan,2022-02-01,7,,0.25,b\n";
    let (samples, reading) = both(text);
    assert_eq!(inputs(&samples), ["x"]);
    let kinds: Vec<ColumnKind> = reading.columns.iter().map(|column| column.kind).collect();
    use ColumnKind::*;
    assert_eq!(kinds, [Id, Id, Text, Date, Constant, Empty, Number, Target]);
    assert_eq!(reading.columns[0].reason, "it counts the rows");
    let keys: Vec<&str> = reading.columns.iter().map(|column| column.key.as_str()).collect();
    assert_eq!(
        keys[1..4],
        ["keep = [\"id\"]", "columns = { name = \"category\" }", "columns = { day = \"date\" }"]
    );

    let asked = Given { keep: vec!["id".to_owned()], ignore: vec!["x".to_owned()], ..given() };
    let (samples, _) = asked.columns(&[("day", "date"), ("name", "category")]).read(text).unwrap();
    let parts = ["day: year", "day: day of year", "day: weekday"];
    assert_eq!(inputs(&samples)[0], "id");
    assert_eq!(inputs(&samples)[5..8], parts);
    // 2022-02-01 was a Tuesday.
    assert_eq!(features(&samples).row(3).to_vec()[5..8], [2022.0, 32.0, 2.0]);
}

#[test]
fn an_id_by_its_name_need_not_be_sorted() {
    let text = "user_id,salary,k\n52,5200,x\n17,1700,y\n40,4000,x\n";
    let (samples, reading) = both(text);
    assert_eq!((inputs(&samples), kind(&reading, "user_id")), (vec!["salary"], ColumnKind::Id));
}

#[test]
fn the_only_column_stays_even_if_it_counts() {
    let (samples, reading) = both("x,k\n1,0.5\n2,0.25\n3,0.125\n");
    assert_eq!(inputs(&samples), ["x"]);
    assert!(reading.columns[0].reason.contains("no other column"));
    assert!(refused(&given(), "x,k\n7,0.5\n7,0.25\n").contains("no column is left"));
}

#[test]
fn numbers_in_disguise_are_named_with_their_key() {
    let message = refused(&given(), "a;p;k\n1,5;12%;x\n2,5;13%;y\n3,25;14%;x\n");
    assert!(message.contains("line 2, column 1 (`a`): `1,5` is a number with a decimal comma"), "{message}");
    assert!(message.contains("set `columns = { a = \"decimal_comma\" }`"), "{message}");
    assert!(
        message.contains("line 2, column 2 (`p`): `12%` is a percentage; set `columns = { p = \"number\" }`")
    );
    let message = refused(&given(), "a,b,k\n1.5,2,x\n2.5,3,y\n2.25,5,y\ntwo,6,x\n");
    assert!(
        message.contains("line 5, column 1 (`a`): `two` is not a number, but 3 of 4 cells are"),
        "{message}"
    );
    let lifts = "lift,b,k\n13,2,x\n4,3,y\n7,5,y\n13,5,x\n8,2,y\nC,6,x\n";
    assert_eq!(kind(&both(lifts).1, "lift"), ColumnKind::Category);
    let counted: String = (0..20).map(|i| format!("{},{i}.5,{}\n", 3 * i, i % 2)).collect();
    let message = refused(&given(), &format!("a,b,k\n{counted}oops,1.5,1\n"));
    assert!(message.contains("line 22, column 1 (`a`): `oops` is not a number"), "{message}");
    let read = given().columns(&[("a", "number")]);
    let (samples, reading) = read.read("a,b,k\n1.5,2,x\n\"1,234.5\",3,y\n$9,5,y\ntwo,6,x\n").unwrap();
    let column = features(&samples).column(0).to_vec();
    assert_eq!(column[..3], [1.5, 1234.5, 9.0]);
    assert!(column[3].is_nan() && reading.columns[0].missing == 1);
}

#[test]
fn all_problems_come_together_with_their_lines() {
    let ragged = refused(&given(), "a,b,k\r\n1,2,x\r\n\r\n1,2\r\n1,2,y\r\n1,2,3,4\r\n");
    let lines: Vec<&str> = ragged.lines().collect();
    assert!(lines[0].starts_with("line 4: 2 cells, but the header has 3"), "{ragged}");
    assert!(lines[1].starts_with("line 6: 4 cells"), "{ragged}");
    let open = refused(&given(), "x,k\n1,a\n2,b\n3,a\n4,\"b\n5,a\n6,b\n");
    assert!(open.starts_with("line 5: a quotation mark opens"), "{open}");
    assert!(refused(&given(), "x,k\n1,a\n2,b\n3,\"a").starts_with("line 4: a quotation mark opens"));
    let long = refused(&given(), "x,k\n1,a\n2,\"b\n3,a\n4,\"b\n5,a\n6,b\n");
    assert!(long.contains("line 3") && long.contains("is one missing"), "{long}");
    let twice = refused(&given(), "a,a,k,k\n1,2,0,1\n3,4,1,1\n");
    assert!(twice.contains("columns 1 and 2 are both called `a`") && twice.contains("columns 3 and 4"));
    // A quoted cell may hold line ends.
    let far =
        refused(&Given { task: "regression", ..given() }, "a,k\r\n\"x\r\ny\",1\r\nz,2\r\nz,3\r\nz,oops\r\n");
    assert!(far.starts_with("line 6, column 2 (`k`): `oops`"), "{far}");
    assert!(refused(&given(), "a,k\n").contains("no rows of data"));
    assert!(refused(&given(), "").contains("no rows of data"));
    assert!(refused(&given(), "a\n1\n2\n").contains("one column"));
}

#[test]
fn columns_are_found_by_name_or_number() {
    let text = "Age,Height,Kind\n2.5,1,x\n3,7,y\n4,5,x\n";
    assert_eq!(inputs(&target("1").read(text).unwrap().0), ["Height", "Kind = x", "Kind = y"]);
    let message = refused(&target("heigth"), text);
    assert!(message.contains("unknown column `heigth`; did you mean `Height`?"), "{message}");
    let wrong = Given { ignore: vec!["Hight".to_owned()], keep: vec!["9".to_owned()], ..target("Knd") };
    assert_eq!(refused(&wrong, text).lines().count(), 3);
    let two = Given { target: Names::Several(vec!["Age".to_owned(), "2".to_owned()]), ..given() };
    let (samples, _) = two.read(text).unwrap();
    assert_eq!(
        (values(&samples), samples.target_names),
        (vec![2.5, 1.0, 3.0, 7.0, 4.0, 5.0], vec!["Age".to_owned(), "Height".to_owned()])
    );
}

#[test]
fn groups_are_numbered_and_no_inputs() {
    let text = "who,x,k\nann,0.5,a\nbob,0.25,b\nann,0.75,b\n";
    let (samples, reading) = Given { group: Some("who"), ..given() }.read(text).unwrap();
    assert_eq!((samples.groups.clone(), inputs(&samples)), (vec![0, 1, 0], vec!["x"]));
    assert_eq!(kind(&reading, "who"), ColumnKind::Group);
    let message = refused(&Given { group: Some("who"), ..given() }, "who,x,k\n,0.5,a\nbob,0.25,b\n");
    assert!(message.contains("`who` is the group, but 1 of its cells are missing"), "{message}");
}

#[test]
fn columns_that_give_the_class_away_are_named() {
    let row = |i: usize| {
        let boat = if i.is_multiple_of(4) { "b7" } else { "" };
        let alive = if i.is_multiple_of(2) { "yes" } else { "no" };
        format!("{},{boat},{alive},{}\n", (i * 7) % 11, ["lived", "died"][i % 2])
    };
    let rows: String = (0..40).map(row).collect();
    let (_, reading) = both(&format!("x,boat,alive,k\n{rows}"));
    assert!(
        reading
            .warnings
            .iter()
            .any(|text| text.starts_with("`boat` is given for 10 of 20 rows of class `lived`"))
    );
    assert!(
        reading.warnings.iter().any(|text| text.starts_with("each level of `alive`")),
        "{:?}",
        reading.warnings
    );
    assert!(reading.warnings.iter().any(|text| text == "`boat` is missing in 30 of 40 rows"));
    assert_eq!(reading.warnings.len(), 3);
}

#[test]
fn arff_files_are_read() {
    let text = "% a comment\n@RELATION iris\n@attribute 'petal width' numeric\n@attribute code {1,2,3}\n\
        @attribute is_big {0,1}\n@attribute class {a, 'b c'}\n@DATA\n% rows\n0.5,1,0,a\n?,3,1,'b c'\n1.5,1,1,a\n";
    let (samples, reading) = both(text);
    assert_eq!(reading.format, "ARFF");
    assert_eq!(inputs(&samples), ["petal width", "code = 1", "code = 3", "is_big"]);
    assert_eq!(
        (labels(&samples), samples.target_names.clone()),
        (vec![0, 1, 0], vec!["a".to_owned(), "b c".to_owned()])
    );
    assert!(features(&samples)[[1, 0]].is_nan());
    let sparse = "@relation x\n@attribute a numeric\n@attribute k {x,y}\n@data\n{0 1.5, 1 y}\n";
    assert!(refused(&given(), sparse).contains("sparse"));
    assert!(refused(&given(), "@relation x\n@attribute a numeric\n").contains("@data"));
}

#[test]
fn latin_1_is_read_with_a_warning() {
    let (samples, reading) = given().read(b"stadt,k\nK\xf6ln,x\nBonn,y\nK\xf6ln,y\n").unwrap();
    assert_eq!(inputs(&samples), ["stadt = Bonn", "stadt = Köln"]);
    assert!(reading.warnings[0].contains("latin-1"));
}
