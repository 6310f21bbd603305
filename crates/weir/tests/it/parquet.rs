//! `weir export --parquet` and `weir import --parquet`, in builds with and without it.

use crate::command::Home;

#[cfg(feature = "parquet")]
const CONFIG: &str = "retention: {raw: 10y}\n";

/// Events of two accounts and three types; one attribute has values of every type.
#[cfg(feature = "parquet")]
fn events() -> String {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    let now = now.as_millis() as i64;
    let lines = [
        (1, "Custom", r#""n":1,"ratio":1.0,"age":1.9000563499999998,"note":"a \"b\"","flag":true"#),
        (1, "Custom", r#""n":"eins","mixed":9223372036854775807"#),
        (7, "Custom", r#""n":2.0,"mixed":false,"note":"""#),
        (1, "KafkaTopicSample", r#""topic":"zahlungen – ü","sizeBytes":-9223372036854775808"#),
        (1, "a:b", ""),
    ];
    let line = |(ago, (account, event_type, attributes)): (i64, &(u64, &str, &str))| {
        let at = now - ago;
        format!(
            r#"{{"account":{account},"eventType":"{event_type}","timestamp":{at},"attributes":{{{attributes}}}}}"#
        ) + "\n"
    };
    (0..).zip(&lines).map(line).collect()
}

/// Lines as a set, their attributes in one order.
#[cfg(feature = "parquet")]
fn exported(home: &Home, data: &str) -> Vec<String> {
    let run = home.run(&["export", "--jsonl", "-", "--data", data]);
    assert_eq!(run.code, 0, "{}", run.stderr);
    let line = |line: &str| {
        let mut event: serde_json::Value = serde_json::from_str(line).unwrap();
        event.sort_all_objects();
        event.to_string()
    };
    let mut lines: Vec<String> = run.stdout.lines().map(line).collect();
    lines.sort();
    lines
}

#[cfg(feature = "parquet")]
#[test]
fn events_go_through_parquet_without_a_difference() {
    let home = Home::new();
    home.write("weir.yaml", CONFIG);
    home.write("events.jsonl", &events());
    assert_eq!(home.run(&["import", "--jsonl", "events.jsonl", "--data", "one"]).code, 0);
    let written = home.run(&["export", "--parquet", "files/", "--data", "one"]);
    assert_eq!(written.code, 0, "{}", written.stderr);
    let mut names: Vec<_> = std::fs::read_dir(home.path().join("files"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["Custom.parquet", "KafkaTopicSample.parquet", "a%3Ab.parquet"]);
    let read = home.run(&["import", "--parquet", "files", "--data", "two"]);
    assert_eq!(read.code, 0, "{}", read.stderr);
    assert!(read.stderr.contains("5 events imported"), "{}", read.stderr);
    let one = exported(&home, "one");
    assert_eq!((one.len(), &exported(&home, "two")), (5, &one));

    let again = home.run(&["export", "--parquet", "files", "--data", "one"]);
    assert_eq!(again.code, 1);
    assert!(again.stderr.contains("files is there already"), "{}", again.stderr);
}

#[cfg(feature = "parquet")]
#[test]
fn one_file_holds_one_type() {
    let home = Home::new();
    home.write("weir.yaml", CONFIG);
    home.write("events.jsonl", &events());
    assert_eq!(home.run(&["import", "--jsonl", "events.jsonl"]).code, 0);
    let several = home.run(&["export", "--parquet", "all.parquet"]);
    assert_eq!(several.code, 2);
    assert!(several.stderr.contains("events of one type, there are 3"), "{}", several.stderr);
    let one = ["export", "--parquet", "one.parquet", "--event-type", "Custom", "--quiet"];
    let written = home.run(&one);
    assert_eq!((written.code, written.stderr.as_str()), (0, ""));
    let read = home.run(&["import", "--parquet", "one.parquet", "--data", "other", "--skip", "1"]);
    assert_eq!(read.code, 0, "{}", read.stderr);
    assert_eq!(exported(&home, "other").len(), 2);
    home.write("empty/readme", "");
    let none = home.run(&["import", "--parquet", "empty"]);
    assert!(none.stderr.contains("has no files that end in .parquet"), "{}", none.stderr);
    home.write("text.parquet", "no Parquet");
    let wrong = home.run(&["import", "--parquet", "text.parquet"]);
    assert_eq!(wrong.code, 2);
    assert!(wrong.stderr.contains("can't read text.parquet"), "{}", wrong.stderr);
}

#[cfg(not(feature = "parquet"))]
#[test]
fn a_build_without_parquet_says_how_to_get_it() {
    let home = Home::new();
    home.write("none.jsonl", "");
    assert_eq!(home.run(&["import", "--jsonl", "none.jsonl"]).code, 0);
    for command in [["export", "--parquet", "files"], ["import", "--parquet", "files"]] {
        let run = home.run(&command);
        assert_eq!(run.code, 1, "{}", run.stderr);
        assert!(run.stderr.contains("--features parquet"), "{}", run.stderr);
    }
}
